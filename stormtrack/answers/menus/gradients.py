"""Menu 13: gradients and frontal parameters.

References
----------
Specification 05, section 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ...errors import NotSupportedError
from ...settings.gradients import GradientSettings, GradientsRequest
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Answers, Row, Scene, Section, both, equals, no, one_of, yes, yes_no
from ..stream import Value
from .fields import choice_rows, field_series, file_row, first_frames_exist, frames_rows, tell_series
from .surfaces import fit_rows, kind_rows, surface, tell_surface

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

_QUANTITIES = ("geopotential", "height", "pressure")
_OUTPUTS = ("grad.output", "grad.front_output", "grad.clarke_renard_output", "grad.locator_output")
_FRONT = yes("grad.front?")
_LOCATOR = equals("grad.locator", 1)
_CLARKE_RENARD = equals("grad.clarke_renard", 1)


def _on_sphere(a: Answers) -> bool:
    return a.startup is not None and a.startup.norm == "g"


def _fields(a: Answers) -> tuple[str, ...]:
    return ("grad.field", "grad.u", "grad.v") if _LOCATOR(a) else ("grad.field",)


def _begins(a: Answers) -> bool:
    return first_frames_exist(a, *_fields(a))


GRADIENTS: Section = (
    Row("grad.here?", "c", "y: the field is in the input"),
    file_row("grad.field", "file of the field", no("grad.here?")),
    *choice_rows("grad.field"),
    Row("grad.front?", "c", "compute the thermal front parameter"),
    Row("grad.clarke_renard", "d", "1: compute the parameter of Clarke and Renard", _FRONT, "0 or 1", one_of(0, 1)),
    Row("grad.locator", "d", "1: locate fronts by advection (McCann and Whistler)", _FRONT, "0 or 1", one_of(0, 1)),
    Row("grad.components?", "c", "write the components of the gradient"),
    Row("grad.stub", "s", "name of their files without _X.dat, _Y.dat", yes("grad.components?")),
    Row("grad.geostrophic?", "c", "turn them into geostrophic winds", both(yes("grad.components?"), _on_sphere)),
    Row(
        "grad.quantity",
        "d",
        "the field is 0 geopotential, 1 height, 2 pressure",
        yes("grad.geostrophic?"),
        "0, 1 or 2",
        one_of(0, 1, 2),
    ),
    *frames_rows("grad.field"),
    Row("grad.winds_here?", "c", "y: U and V are in the input", _LOCATOR),
    file_row("grad.u", "file of U", both(_LOCATOR, no("grad.winds_here?"))),
    file_row("grad.v", "file of V", both(_LOCATOR, no("grad.winds_here?"))),
    *choice_rows("grad.u", _LOCATOR),
    *choice_rows("grad.v", _LOCATOR),
    *frames_rows("grad.u", _LOCATOR),
    *frames_rows("grad.v", _LOCATOR),
    Row("grad.output", "s", "file of the gradient's magnitude"),
    Row("grad.front_output", "s", "file of the thermal front parameter", _FRONT),
    Row("grad.clarke_renard_output", "s", "file of Clarke and Renard's parameter", _CLARKE_RENARD),
    Row("grad.locator_output", "s", "file of the locator", _LOCATOR),
    *kind_rows(),
    *fit_rows("grad.field", _begins),
)


def ask(asker: Asker, tables: Tables) -> GradientsRequest:
    """Ask what is computed, and from which fields."""
    start = asker.answers.startup
    if start is not None and start.projection is not None and start.projection.group != 0:
        raise NotSupportedError("menu 13 on a map projection: TRACK does not compute gradients there either")
    a = asker.section(GRADIENTS)
    return GradientsRequest(
        fields=tuple(field_series(a, prefix) for prefix in _fields(a)), settings=_settings(a), outputs=_outputs(a)
    )


def _settings(a: Answers) -> GradientSettings:
    components: Literal["none", "gradient", "geostrophic"] = "none"
    if a.yes("grad.components?"):
        components = "geostrophic" if a.yes("grad.geostrophic?") else "gradient"
    quantity = cast(Literal["geopotential", "height", "pressure"], _QUANTITIES[a.integer("grad.quantity")])
    return GradientSettings(
        surface=surface(a, "grad.field"),
        wrap=a.integer("surface.wrap"),
        on_plane=not _on_sphere(a),
        components=components,
        quantity=quantity,
        front=_FRONT(a),
        clarke_renard=_CLARKE_RENARD(a),
        locator=_LOCATOR(a),
    )


def _outputs(a: Answers) -> tuple[str, ...]:
    names = [a.text(key) for key in _OUTPUTS if key in a.given]
    if a.yes("grad.components?"):
        names += [f"{a.text('grad.stub')}_{axis}.dat" for axis in "XY"]
    return tuple(names)


def tell(request: GradientsRequest, tables: TableFiles) -> list[Scene]:
    """What gradients answer."""
    settings, names = request.settings, list(request.outputs)
    told: dict[str, Value] = {
        "grad.here?": yes_no(request.fields[0].path is None),
        "grad.front?": yes_no(settings.front),
        "grad.clarke_renard": int(settings.clarke_renard),
        "grad.locator": int(settings.locator),
        "grad.components?": yes_no(settings.components != "none"),
        "grad.geostrophic?": yes_no(settings.components == "geostrophic"),
        "grad.quantity": _QUANTITIES.index(settings.quantity),
        "grad.winds_here?": yes_no(all(one.path is None for one in request.fields[1:])),
        **tell_surface("grad.field", settings.surface, settings.wrap),
    }
    for prefix, series in zip(("grad.field", "grad.u", "grad.v"), request.fields, strict=False):
        told |= tell_series(prefix, series)
    if settings.components != "none":
        told["grad.stub"] = names.pop().removesuffix("_Y.dat")
    wanted = (True, settings.front, settings.clarke_renard, settings.locator)
    asked = [key for key, is_asked in zip(_OUTPUTS, wanted, strict=True) if is_asked]
    return [told | dict(zip(asked, names, strict=False))]
