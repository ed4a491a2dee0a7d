"""Builds the documentation site into build/site: lays out pages, runs the examples of the gallery, calls Sphinx.

Pages keep their places in the repository, where they can be read as they are. They are laid out in build/site-source,
with those of the root (README, CONTRIBUTING, ...) beside them and links between them adjusted. Warnings are errors.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
ELSEWHERE = {
    "readme": "README.md",
    "contributing": "CONTRIBUTING.md",
    "changelog": "CHANGELOG.md",
    "hpc": "hpc/README.md",
    "third-party": "THIRD_PARTY.md",
}
"""Pages of the site that lie outside of docs/."""
_LINK = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?(?=\))")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_TREE = re.compile(r"^```\{toctree\}\n:caption: ([^\n]*)\n:maxdepth: 1\n\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_PART = """# %s

```{toctree}
:maxdepth: 1

%s
```
"""
_PARTS = """
```{toctree}
:hidden:

%s
```
"""
_SUMMARY = """```{eval-rst}
.. currentmodule:: stormtrack

.. autosummary::
   :toctree: reference

%s
```"""


def pages() -> dict[str, Path]:
    """Every page: its name on the site, and where it lies."""
    found = {path.stem: path for path in sorted(DOCS.glob("*.md"))}
    return found | {name: ROOT / place for name, place in ELSEWHERE.items()}


def lay_out(source: Path) -> None:
    """Copy pages and what they show into a folder, with links between them as they lie there."""
    there = pages()
    names = {path.resolve(): name for name, path in there.items()}
    for name, path in there.items():
        (source / f"{name}.md").write_text(_relinked(path, names, source))
    _part(source, list(there))
    shutil.copytree(DOCS / "pictures", source / "pictures", dirs_exist_ok=True)
    shutil.copy(DOCS / "conf.py", source)


def _part(source: Path, names: list[str]) -> None:
    """A page for each list of the start page, so that the navigation has few entries; every page stands in one."""
    start = source / "index.md"
    parts = {title: listed.split() for title, listed in _TREE.findall(start.read_text())}
    named = {"index"}.union(*parts.values())
    others = [name for name in names if name not in named]
    if others:
        parts["More"] = others
    text = _TREE.sub("", start.read_text()).rstrip()
    places = {title: f"part-{title.lower().replace(' ', '-')}" for title in parts}
    for title, listed in parts.items():
        place = places[title]
        (source / f"{place}.md").write_text(_PART % (title, "\n".join(listed)))
        text += "\n\n".join([f"\n\n## [{title}]({place}.md)", "\n".join(f"* [](/{name}.md)" for name in listed)])
    start.write_text(text + "\n" + _PARTS % "\n".join(places.values()))


def _relinked(path: Path, names: dict[Path, str], source: Path) -> str:
    """Text of a page, with links to pages by their names on the site and links to other files to copies of these."""

    def target(match: re.Match[str]) -> str:
        place, anchor = (path.parent / match[1]).resolve(), match[2] or ""
        if place in names:
            return f"{names[place]}.md{anchor}"
        if place.is_relative_to(DOCS) and place.suffix == ".png":
            return match[0]
        if place.is_file():
            copied = source / "files" / place.relative_to(ROOT)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(place, copied)
            return f"files/{place.relative_to(ROOT)}"
        return match[0]

    text, out, at = path.read_text(), [], 0
    for code in _FENCE.finditer(text):
        out += [_LINK.sub(target, text[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*out, _LINK.sub(target, text[at:])])


def reference(source: Path) -> None:
    """A page of every public name, section by section as docs/api.md lists them."""
    rows = [
        "# Every function and class",
        "",
        "From the docstrings; [Python](api.md) says how they belong together.",
        "",
    ]
    for section in re.split(r"^## ", (DOCS / "api.md").read_text(), flags=re.MULTILINE)[1:]:
        told = [
            name
            for row in re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
            for name in re.findall(r"`(\w+)`", row)
        ]
        told = [name for name in told if name != "presets"]
        if told:
            listed = "\n".join(f"   {name}" for name in told)
            rows += [f"## {section.splitlines()[0]}", "", _SUMMARY % listed, ""]
    (source / "reference.md").write_text("\n".join(rows))


def gallery(target: Path) -> None:
    """Run every example in a folder of its own; a page for each, with what it printed and drew."""
    target.mkdir(parents=True)
    names = sorted(DOCS.glob("gallery/*.py"))
    for script in names:
        (target / f"{script.stem}.md").write_text(_run(script, target))
    listed = "\n".join(script.stem for script in names)
    about = "Examples that are run when this site is built; each runs as it stands, on synthetic data."
    (target / "index.md").write_text(f"# Gallery\n\n{about}\n\n```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n")


def _run(script: Path, target: Path) -> str:
    """The page of an example: its docstring, its code, what it printed, its pictures."""
    folder = target / script.stem
    folder.mkdir()
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        runpy.run_path(str(script), run_name="__main__")
    for made in [path for path in folder.iterdir() if path.suffix != ".png"]:
        shutil.rmtree(made) if made.is_dir() else made.unlink()
    head, _, rest = script.read_text().removeprefix('"""').partition('"""\n')
    title, _, text = head.partition("\n")
    parts = [f"# {title.rstrip('.')}", text.strip(), f"```python\n{rest.strip()}\n```"]
    if printed.getvalue():
        parts.append(f"```text\n{printed.getvalue().rstrip()}\n```")
    shown = re.findall(r"\"(\w+\.png)\"", rest)
    parts += [f"![{title.rstrip('.')}]({script.stem}/{name})" for name in shown]
    return "\n\n".join(part for part in parts if part) + "\n"


def main() -> int:
    """Lay out, run, build; the status is Sphinx's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "build" / "site", help="folder (build/site)")
    parser.add_argument("--no-gallery", action="store_true", help="leave out the examples")
    args = parser.parse_args()
    source = args.output.with_name(f"{args.output.name}-source")
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    lay_out(source)
    reference(source)
    if args.no_gallery:
        (source / "gallery").mkdir()
        (source / "gallery" / "index.md").write_text("# Gallery\n\nIt was left out.\n")
    else:
        gallery(source / "gallery")
    words = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-E",
        "-b",
        "html",
        str(source),
        str(args.output),
    ]
    status = subprocess.run(words, env={**os.environ, "PYTHONWARNINGS": "ignore"}, check=False).returncode
    if status == 0:
        sys.stderr.write(f"the site is in {args.output}: open {args.output / 'index.html'}\n")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
