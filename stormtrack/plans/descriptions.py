"""What fields of settings mean: read off the docstrings of their classes."""

from __future__ import annotations

import ast
import functools
import inspect
import re
import textwrap

_SECTION = re.compile(r"^Attributes\n-+\n(.*?)(?=^\w[^\n]*\n-{3,}$|\Z)", re.MULTILINE | re.DOTALL)
_NAMES = re.compile(r"^(\w[\w, ]*?)\s*:(?: .*)?$")


def about(cls: type) -> str:
    """What a class is: the first paragraph of its docstring, on one line.

    Parameters
    ----------
    cls : type
        Class of settings.
    """
    return _line(inspect.getdoc(cls) or "").partition(" Attributes ---")[0] if cls.__doc__ else ""


@functools.cache
def descriptions(cls: type) -> dict[str, str]:
    """What the fields of a class mean, by their names; those of which nothing is said are missing.

    Parameters
    ----------
    cls : type
        Class of settings.
    """
    return {**_of_section(inspect.getdoc(cls) or ""), **_below_fields(cls)}


def _of_section(text: str) -> dict[str, str]:
    """From the section "Attributes"."""
    found = _SECTION.search(text)
    out: dict[str, str] = {}
    names: list[str] = []
    for line in found.group(1).splitlines() if found else ():
        head = _NAMES.match(line)
        if head:
            names = [name.strip() for name in head.group(1).split(",")]
        elif line.startswith(" "):
            for name in names:
                out[name] = f"{out.get(name, '')} {line.strip()}".strip()
    return out


def _below_fields(cls: type) -> dict[str, str]:
    """From the texts below fields."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(tree, ast.ClassDef)
    out = {}
    for before, node in zip(tree.body, tree.body[1:], strict=False):
        if not (isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name)):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            out[before.target.id] = _line(node.value.value)
    return out


def _line(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split())
