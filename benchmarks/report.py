"""Results as JSON and as tables."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path
from statistics import median
from typing import Any

from .measure import BenchmarkError, is_editable

Json = dict[str, Any]
EDITABLE = " An editable install, whose every start looks for changed sources: commands take some 0.1 s longer."
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
"""Lines of a page between which the tables stand."""


def circumstances() -> Json:
    """Date, machine and versions."""
    model = "unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    versions = {"python": platform.python_version(), "libc": " ".join(platform.libc_ver())}
    for name in ("numpy", "track-pylib"):
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "absent"
    return {
        "date": datetime.date.today().isoformat(),
        "processor": model,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "commit": _commit(),
        "installation": "editable" if is_editable() else "ordinary",
        **versions,
    }


def _commit() -> str:
    home = Path(__file__).resolve().parent
    command = ["git", "describe", "--always", "--dirty", "--abbrev=10"]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def spread(values: list[float], digits: int) -> str:
    """Median, and lowest to highest where there are several."""
    text = f"{median(values):.{digits}f}"
    return text if len(values) == 1 else f"{text} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def _identity(case: Json) -> str:
    if not case["files"]:
        return "-"
    same = case["files"] - len(case["different"])
    return f"{same} of {case['files']}"


def _targets(case: Json) -> tuple[str, str]:
    wanted, verdicts = [], []
    for t in case["targets"]:
        hoped = "" if t["hoped"] is None else f" / {t['hoped']:g}"
        wanted.append(f"{t['quantity']} {t['required']:g}{hoped}")
        measured = "" if t["measured"] is None else f"{t['measured']:.3g}: "
        verdicts.append(f"{measured}{t['verdict']}")
    return "; ".join(wanted) or "-", "; ".join(verdicts) or "-"


def _row(case: Json) -> str:
    wanted, verdict = _targets(case)
    name = f"`{case['name']}` {case['about']}, {case['manner']}"
    ours, theirs = case["ours"], case["reference"]
    cells = [
        spread([u["cpu"] for u in ours], 2),
        spread([u["cpu"] for u in theirs], 1) if theirs else "-",
        spread(case["ratios"], 1) if theirs else "-",
        f"{max(u['peak_mib'] for u in ours):.0f} / {max(u['peak_mib'] for u in theirs):.0f}"
        if theirs
        else f"{max(u['peak_mib'] for u in ours):.0f}",
        _identity(case),
    ]
    return f"| {name} | {' | '.join(cells)} | {wanted} | {verdict} |"


def case_table(cases: list[Json]) -> str:
    """One row per case."""
    head = (
        "| case | ours, CPU s | TRACK, CPU s | TRACK / ours | peak MiB, ours / TRACK | identical files "
        "| target / stretch | result |"
    )
    return "\n".join([head, "|" + "---|" * 8, *(_row(case) for case in cases)])


def stage_table(cases: list[Json]) -> str:
    """Processor seconds by stage of the cases measured in process."""
    rows = []
    for case in cases:
        known = [u["stages"] for u in case["ours"] if u["stages"] and "fit" in u["stages"]]
        if known:
            middle = {stage: median(k[stage] for k in known) for stage in known[0]}
            rows.append((case["name"], middle))
    if not rows:
        return ""
    stages = list(rows[0][1])
    lines = ["| CPU ms of | " + " | ".join(stages) + " |", "|" + "---|" * (len(stages) + 1)]
    lines += [f"| `{name}` | " + " | ".join(f"{1000 * m[s]:.0f}" for s in stages) + " |" for name, m in rows]
    return "\n".join(lines)


def growth_table(growth: Json) -> str:
    """Time and memory by length of the series, and exponents."""
    lines = ["| frames | CPU s | linking s | peak MiB |", "|---|---|---|---|"]
    for frames, u in zip(growth["lengths"], growth["usages"], strict=True):
        lines.append(f"| {frames} | {u['cpu']:.2f} | {u['stages']['linking']:.3f} | {u['peak_mib']:.0f} |")
    largest = growth["largest_exponent"]
    lines += ["", f"| frames | exponent of everything | of linking | target {largest:g} |", "|---|---|---|---|"]
    for span in growth["spans"]:
        verdicts = (
            f"{what} {'reached' if span[what] <= largest else 'not reached'}" for what in ("everything", "linking")
        )
        exponents = f"{span['everything']:.2f} | {span['linking']:.2f}"
        lines.append(f"| {span['first']} to {span['last']} | {exponents} | {', '.join(verdicts)} |")
    lines += ["", f"Memory: {growth['kib_per_frame']:.1f} KiB per frame."]
    return "\n".join(lines)


def report(results: Json) -> str:
    """All tables of a results file, in Markdown."""
    c = results["circumstances"]
    parts = [
        f"{c['date']}, {c['processor']} ({c['cores']} cores, load {c['load']}), commit {c['commit']}, "
        f"Python {c['python']}, numpy {c['numpy']}, track-pylib {c['track-pylib']}, {c['libc']}. "
        "Median (lowest to highest); ratios pair by pair." + (EDITABLE if c.get("installation") == "editable" else ""),
        case_table(results["cases"]),
        stage_table(results["cases"]),
    ]
    if results.get("growth"):
        parts.append(growth_table(results["growth"]))
    return "\n\n".join(filter(None, parts))


def with_tables(page: str, text: str) -> str:
    """The page with `text` between its marks.

    Raises
    ------
    BenchmarkError
        If the marks are missing.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise BenchmarkError(f"the page has no lines '{BEGIN}' and '{END}' to put the tables between")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"
