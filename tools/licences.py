"""Licences of what an installation of stormtrack brings along, from the metadata of the installed packages.

    python tools/licences.py [EXTRA...] [--every-extra] [--sbom FILE]

Walks from stormtrack through the dependencies that apply here (with the extras named, or `--every-extra`: all but those
that only developers install), prints a line for every package, and ends with status 1 if one of them is under the GPL
or the AGPL, or says no licence; the LGPL is allowed and marked.
Packages of an extra that is not installed are told, not guessed. `--sbom` writes what was found as CycloneDX 1.6.

Needs `packaging`, nothing else.
"""

from __future__ import annotations

import argparse
import importlib.metadata as metadata
import json
import re
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "stormtrack"
DEVELOPERS = {"all", "docs", "fieldtest", "lint", "oracle", "test"}
"""Extras that nobody installs to use the package."""
SAID_ELSEWHERE = {"eccodeslib": "Apache-2.0", "eckitlib": "Apache-2.0"}
"""Packages whose metadata name no licence: what the licence file says that they bring."""


@dataclass(frozen=True)
class Component:
    """An installed package: canonical name, version, licence as its metadata say, names of what it needs here."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]


def licence_of(name: str, about: metadata.PackageMetadata) -> str:
    """The SPDX expression, else the classifiers, else the first line of the field License; "" if there is none."""
    expression = str(about.get("License-Expression") or "")
    if expression:
        return expression
    classifiers = [
        line.rsplit("::", 1)[1].strip() for line in about.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    classifiers = [name for name in classifiers if name != "OSI Approved"]
    if classifiers:
        return " AND ".join(classifiers)
    lines = str(about.get("License") or "").strip().splitlines()
    return lines[0].strip() if lines else SAID_ELSEWHERE.get(canonicalize_name(name), "")


def refused(licence: str) -> str:
    """Why a licence cannot be allowed, or ""; one of several that may be chosen from is enough."""
    if not licence or licence.upper() == "UNKNOWN":
        return "says no licence"
    choices = re.split(r"\bOR\b", licence.replace("(", " ").replace(")", " "))
    if all(_is_copyleft(choice) for choice in choices):
        return "is under the GPL"
    return ""


def _is_copyleft(licence: str) -> bool:
    """GPL and AGPL; not LGPL, and not the GPL with the exception for libraries that compilers add."""
    text = re.sub(r"(?i)gpl-?\d[^\s]*( or later)? with gcc-exception-\S+", "", licence)
    text = re.sub(r"(?i)lgpl|lesser general public licen[cs]e|library general public licen[cs]e", "", text)
    return bool(re.search(r"(?i)\ba?gpl|gnu (affero )?general public|general public licen[cs]e", text))


def is_lesser(licence: str) -> bool:
    """Whether the LGPL is in it."""
    return bool(re.search(r"(?i)lgpl|lesser general public|library general public", licence))


def requirements(name: str, extras: Iterable[str]) -> Iterator[Requirement]:
    """What a package needs on this machine with these extras."""
    for line in metadata.requires(name) or []:
        requirement = Requirement(line)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def closure(extras: Iterable[str]) -> tuple[list[Component], list[str]]:
    """What stormtrack with these extras brings, sorted, and the names of what is not installed."""
    seen: dict[tuple[str, frozenset[str]], tuple[str, ...]] = {}
    missing: set[str] = set()
    queue = deque([(PROJECT, frozenset(extras))])
    while queue:
        name, wanted = queue.popleft()
        if (name, wanted) in seen:
            continue
        try:
            needed = list(requirements(name, wanted))
        except metadata.PackageNotFoundError:
            missing.add(name)
            continue
        seen[name, wanted] = tuple(sorted({canonicalize_name(each.name) for each in needed}))
        queue.extend((canonicalize_name(each.name), frozenset(each.extras)) for each in needed)
    found = []
    for name in sorted({name for name, _ in seen}):
        about = metadata.metadata(name)
        needs = sorted({each for (other, _), all_ in seen.items() if other == name for each in all_} - {name})
        found.append(Component(name, str(about["Version"]), licence_of(name, about), tuple(needs)))
    return found, sorted(missing)


def bill_of_materials(components: list[Component]) -> dict[str, object]:
    """The components as a CycloneDX document without times, so that the same packages give the same bytes."""

    def reference(component: Component) -> str:
        return f"pkg:pypi/{component.name}@{component.version}"

    references = {component.name: reference(component) for component in components}

    def entry(component: Component) -> dict[str, object]:
        return {
            "type": "application" if component.name == PROJECT else "library",
            "bom-ref": reference(component),
            "name": component.name,
            "version": component.version,
            "purl": reference(component),
            "licenses": [{"license": {"name": component.licence or "unknown"}}],
        }

    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": next(entry(each) for each in components if each.name == PROJECT)},
        "components": [entry(each) for each in components if each.name != PROJECT],
        "dependencies": [
            {"ref": reference(each), "dependsOn": [references[name] for name in each.needs if name in references]}
            for each in components
        ],
    }


def _line(component: Component) -> str:
    note = "  (LGPL: allowed, a library of its own)" if is_lesser(component.licence) else ""
    why = refused(component.licence)
    return f"{component.name:28} {component.version:18} {component.licence or '-'}{f'  <-- {why}' if why else note}"


def main(arguments: list[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(description="Licences of what an installation of stormtrack brings along.")
    parser.add_argument("extras", nargs="*", metavar="EXTRA", help="extras to follow")
    parser.add_argument("--every-extra", action="store_true", help="all extras but those for developers")
    parser.add_argument("--sbom", type=Path, metavar="FILE", help="write a CycloneDX 1.6 document")
    args = parser.parse_args(arguments)
    known = set(metadata.metadata(PROJECT).get_all("Provides-Extra") or [])
    unknown = set(args.extras) - known
    if unknown:
        parser.error(f"no such extra: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    components, missing = closure(known - DEVELOPERS if args.every_extra else args.extras)
    bad = [component for component in components if refused(component.licence)]
    lines = [*map(_line, components), *(f"{name:28} not installed here, not looked at" for name in missing)]
    count = f"{len(components)} packages, {len(bad)} that cannot be allowed, {len(missing)} not installed"
    sys.stdout.write("\n".join([*lines, count, ""]))
    if args.sbom:
        args.sbom.write_text(json.dumps(bill_of_materials(components), indent=1) + "\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
