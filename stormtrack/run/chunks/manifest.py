"""The manifest of a case folder: what the run is, and what is finished of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import UserInputError
from ...resumption.digests import differences
from ...storage.outputs import OutputFile
from .layout import MANIFEST, digest_of, foreign

FORMAT = 1


@dataclass(slots=True, kw_only=True)
class Manifest:
    """A manifest in memory; `record` writes it.

    Attributes
    ----------
    folder : Path
        The case folder.
    identity : dict of str to str
        What must be the same for the run to go on.
    about : dict
        For readers: input, templates, command.
    steps : dict
        Finished steps by name: ``files`` (content digests by name), ``figures``, ``seconds``.
    """

    folder: Path
    identity: dict[str, str]
    about: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self) -> None:
        """Write the file, whole or not at all."""
        content = {"format": FORMAT, "identity": self.identity, "about": self.about, "steps": self.steps}
        with OutputFile(self.folder / MANIFEST) as out:
            out.write(json.dumps(content, indent=1).encode() + b"\n")

    def record(self, step: str, *, files: dict[str, str], figures: dict[str, int], seconds: float) -> None:
        """Note a finished step."""
        self.steps[step] = {"files": files, "figures": figures, "seconds": round(seconds, 2)}
        self.write()

    def forget_damaged(self) -> list[str]:
        """Take back steps whose files are missing or damaged; returns their names."""
        damaged = [
            name
            for name, step in self.steps.items()
            if any(digest_of(self.folder / file) != digest for file, digest in step["files"].items())
        ]
        for name in damaged:
            del self.steps[name]
        return damaged


def open_manifest(folder: Path, identity: dict[str, str], about: dict[str, Any]) -> Manifest:
    """The manifest of an interrupted run with the same identity, else a new one.

    Raises
    ------
    UserInputError
        If the folder holds another run, saying what differs, or results without a manifest.
    """
    path = folder / MANIFEST
    fresh = "use another case (-c), or --fresh to remove what is there and start over"
    if not path.exists():
        results = foreign(folder)
        if results:
            raise UserInputError(f"'{folder}' holds results without a manifest ({', '.join(results[:3])} ...); {fresh}")
        return Manifest(folder=folder, identity=identity, about=about)
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']}")
        found, steps = dict(content["identity"]), dict(content["steps"])
    except (ValueError, KeyError, TypeError) as error:
        raise UserInputError(f"the manifest '{path}' cannot be used ({error}); {fresh}") from error
    if found != identity:
        raise UserInputError(f"'{folder}' holds a run that differs in {differences(found, identity)}; {fresh}")
    return Manifest(folder=folder, identity=identity, about=about, steps=steps)
