"""Trackers and linkers by name: those of the package, those that were registered, those of installed packages."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar, cast

from ..errors import UserInputError, did_you_mean
from .protocols import Linker, Tracker

T = TypeVar("T")


class Registry(Generic[T]):
    """What can be made by name.

    Parameters
    ----------
    what : str
        For messages.
    group : str
        Entry points of installed packages.
    method : str
        That each of them has, beside a name.
    own : dict
        Name -> (module of this folder, class) of the package's own.
    """

    def __init__(self, what: str, group: str, method: str, own: dict[str, tuple[str, str]]) -> None:
        self._what, self._group, self._method, self._own = what, group, method, own
        self._registered: dict[str, Callable[..., T]] = {}

    def names(self) -> list[str]:
        """All names."""
        return list(dict.fromkeys([*self._own, *self._registered, *(one.name for one in self._installed())]))

    def register(self, name: str, factory: Callable[..., T]) -> None:
        """Make something known by a name."""
        if name in self._own or name in self._registered:
            raise UserInputError(f"there is a {self._what} '{name}' already; take another name")
        if not callable(factory):
            raise UserInputError(f"'{name}' needs a class or function that makes a {self._what}")
        self._registered[name] = factory

    def deregister(self, name: str) -> None:
        """Forget what was registered."""
        if name not in self._registered:
            raise UserInputError(f"no {self._what} '{name}' was registered{_hint(name, list(self._registered))}")
        del self._registered[name]

    def make(self, name: str, options: dict[str, Any]) -> T:
        """Make one by its name."""
        factory = self._factory(name)
        self._check_options(name, factory, options)
        made = factory(**options)
        if not (isinstance(getattr(made, "name", None), str) and callable(getattr(made, self._method, None))):
            raise UserInputError(
                f"what '{name}' makes ({type(made).__name__}) is no {self._what}: it needs a name (a text) and a "
                f"method {self._method}"
            )
        return made

    def _factory(self, name: str) -> Callable[..., T]:
        if name in self._own:
            module, attribute = self._own[name]
            return cast(Callable[..., T], getattr(import_module(f".{module}", __package__), attribute))
        if name in self._registered:
            return self._registered[name]
        for one in self._installed():
            if one.name == name:
                return cast(Callable[..., T], one.load())
        raise UserInputError(f"there is no {self._what} '{name}'{_hint(name, self.names())}")

    def _installed(self) -> tuple[EntryPoint, ...]:
        return tuple(entry_points(group=self._group))

    def _check_options(self, name: str, factory: Callable[..., T], options: dict[str, Any]) -> None:
        parameters = inspect.signature(factory).parameters.values()
        if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters):
            return
        allowed = [one.name for one in parameters]
        for option in options:
            if option not in allowed:
                raise UserInputError(f"the {self._what} '{name}' has no setting '{option}'{_hint(option, allowed)}")
        for one in parameters:
            needed = one.default is inspect.Parameter.empty and one.kind is not inspect.Parameter.VAR_POSITIONAL
            if needed and one.name not in options:
                raise UserInputError(f"the {self._what} '{name}' needs the setting '{one.name}'")


def _hint(name: str, allowed: list[str]) -> str:
    return f"{did_you_mean(name, allowed)}; there are {', '.join(allowed)}" if allowed else "; there are none"


_TRACKERS: Registry[Tracker] = Registry(
    "tracker",
    "stormtrack.trackers",
    "track",
    {"hodges": ("hodges", "HodgesTracker"), "simple": ("simple", "SimpleTracker")},
)
_LINKERS: Registry[Linker] = Registry(
    "linker",
    "stormtrack.linkers",
    "link",
    {"hodges": ("hodges", "HodgesLinker"), "nearest": ("simple", "NearestLinker")},
)


def tracker(name: str, **settings: Any) -> Tracker:
    """A tracker by its name.

    Parameters
    ----------
    name : str
        ``hodges``, ``simple``, one that was registered, or one of an installed package (entry point of the group
        ``stormtrack.trackers``).
    **settings
        Of that tracker.

    Raises
    ------
    UserInputError
        If there is none of that name, or it has no such setting; names the nearest one.

    Examples
    --------
    >>> from stormtrack.trackers import tracker
    >>> tracker("simple", sign="min").name
    'simple'
    """
    return _TRACKERS.make(name, settings)


def linker(name: str, **settings: Any) -> Linker:
    """A linker by its name.

    Parameters
    ----------
    name : str
        ``hodges``, ``nearest``, one that was registered, or one of an installed package (entry point of the group
        ``stormtrack.linkers``).
    **settings
        Of that linker.

    Raises
    ------
    UserInputError
        If there is none of that name, or it has no such setting; names the nearest one.

    Examples
    --------
    >>> from stormtrack.trackers import linker
    >>> linker("nearest").settings.distance_km
    500.0
    """
    return _LINKERS.make(name, settings)


def tracker_names() -> list[str]:
    """Names of all trackers.

    Examples
    --------
    >>> from stormtrack.trackers import tracker_names
    >>> tracker_names()[:2]
    ['hodges', 'simple']
    """
    return _TRACKERS.names()


def linker_names() -> list[str]:
    """Names of all linkers.

    Examples
    --------
    >>> from stormtrack.trackers import linker_names
    >>> linker_names()[:2]
    ['hodges', 'nearest']
    """
    return _LINKERS.names()


def register_tracker(name: str, factory: Callable[..., Tracker]) -> None:
    """Make a tracker known by a name, for `tracker`, `stormtrack.track` and the command line.

    Parameters
    ----------
    name : str
    factory : callable
        Class or function that gives a `Tracker`; its keyword arguments are the tracker's settings.

    Raises
    ------
    UserInputError
        If the name is taken.

    Examples
    --------
    >>> from stormtrack.trackers import SimpleTracker, deregister_tracker, register_tracker, tracker
    >>> register_tracker("lows", lambda: SimpleTracker(sign="min"))
    >>> tracker("lows").sign
    'min'
    >>> deregister_tracker("lows")
    """
    _TRACKERS.register(name, factory)


def register_linker(name: str, factory: Callable[..., Linker]) -> None:
    """Make a linker known by a name.

    Parameters
    ----------
    name : str
    factory : callable
        Class or function that gives a `Linker`; its keyword arguments are the linker's settings.

    Raises
    ------
    UserInputError
        If the name is taken.

    Examples
    --------
    >>> from stormtrack.settings.simple import NearestSettings
    >>> from stormtrack.trackers import NearestLinker, deregister_linker, linker, register_linker
    >>> register_linker("near", lambda: NearestLinker(settings=NearestSettings(distance_km=100.0)))
    >>> linker("near").settings.distance_km
    100.0
    >>> deregister_linker("near")
    """
    _LINKERS.register(name, factory)


def deregister_tracker(name: str) -> None:
    """Forget a tracker that was registered; see `register_tracker` for an example.

    Raises
    ------
    UserInputError
        If none was registered by that name.
    """
    _TRACKERS.deregister(name)


def deregister_linker(name: str) -> None:
    """Forget a linker that was registered; see `register_linker` for an example.

    Raises
    ------
    UserInputError
        If none was registered by that name.
    """
    _LINKERS.deregister(name)
