"""What the user asks of a master run, and the constants of a job script.

References
----------
Specification 01, section 14.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ...errors import UserInputError
from .chunks import BACK, SIZE

_CONSTANT = re.compile(r"^\s*(?:set\s+|export\s+)?(ST|FN|BACK|FOREWARD|TERMFR)\s*=\s*(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkNumbers:
    """Numbers that cut a series into chunks, in the original's terms.

    Attributes
    ----------
    start, size : int
        First frame, and last frame of the first chunk (ST, FN).
    count : int
        Number of chunks; 0: computed.
    back : int
        A chunk begins this many frames before the end of the one before (BACK; FOREWARD is one more).
    final_frame : int
        No chunk goes beyond it (TERMFR); 0 for none.
    """

    start: int = 1
    size: int = SIZE
    count: int = 0
    back: int = BACK
    final_frame: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterRequest:
    """A master run.

    Attributes
    ----------
    input_path : Path or str
        Data: a file, or an address.
    extension : str
        Of names in the case folder.
    case : str
        Sub-folder of `output` where results go.
    output : Path
    initial : str or None
        File of start-up answers, or the name of a built-in one.
    template : str
        ``TEMPLATE.in`` is for maxima, ``TEMPLATE_A.in`` for minima.
    splice_template : str
    numbers : ChunkNumbers
    complete : bool
        Track to the end of the series, where the original's rule would lose its tail.
    one_go : bool
        One chunk for all frames.
    compress : bool
        Keep text files gzipped.
    fresh : bool
        Start over, whatever an earlier run left.
    keep_missing : bool
        Run on with missing values, as TRACK does.
    scratch : Path or None
        Where the private scratch folder is made; the case folder by default.
    command : str
        The command line, for the log.
    """

    input_path: Path | str
    extension: str
    case: str
    output: Path = Path()
    initial: str | None = None
    template: str = "RUNDATIN.VOR"
    splice_template: str = "RSPLICE.in"
    numbers: ChunkNumbers = ChunkNumbers()
    complete: bool = False
    one_go: bool = False
    compress: bool = True
    fresh: bool = False
    keep_missing: bool = False
    scratch: Path | None = None
    command: str = ""

    def __post_init__(self) -> None:
        words = (("the extension (-f)", self.extension), ("the case (-c)", self.case))
        for what, word in words:
            if not word or word.split() != [word] or "/" in word or word in (".", ".."):
                raise UserInputError(f"{what} is {word!r}; allowed: one word without blanks and slashes")

    @property
    def is_remote(self) -> bool:
        """Whether the input lies on a server."""
        return "://" in str(self.input_path)

    @property
    def input_name(self) -> str:
        """The input as a run in any folder finds it."""
        return str(self.input_path) if self.is_remote else str(Path(self.input_path).resolve())

    @property
    def folder(self) -> Path:
        """Where results go."""
        return (self.output / self.case).resolve()


def parse_numbers(text: str, constants: ChunkNumbers) -> ChunkNumbers:
    """``first,size,count`` of the option -n; what is left out comes from `constants`.

    Raises
    ------
    UserInputError
        If it is not one to three whole numbers.
    """
    words = [word.strip() for word in text.split(",")]
    if not 1 <= len(words) <= 3 or not all(word.isdecimal() or not word for word in words):
        raise UserInputError(
            f"-n {text!r}: allowed are first frame, last frame of the first chunk, number of chunks (0 or left out: "
            "computed), as in -n=1,62,6 or -n=1,62"
        )
    given = [int(word) if word else None for word in words] + [None, None]
    return ChunkNumbers(
        start=constants.start if given[0] is None else given[0],
        size=constants.size if given[1] is None else given[1],
        count=given[2] or 0,
        back=constants.back,
        final_frame=constants.final_frame,
    )


def job_constants(script: str, name: str) -> ChunkNumbers:
    """The constants ST, FN, BACK, FOREWARD and TERMFR of a job script; standard ones for those it does not set.

    Raises
    ------
    UserInputError
        If FOREWARD is not BACK + 1: chunks would then not match on the frame that they share.
    """
    found = {key: int(value) for key, value in _CONSTANT.findall(script)}
    back = found.get("BACK", BACK)
    if found.get("FOREWARD", back + 1) != back + 1:
        raise UserInputError(
            f"{name}: BACK={back} needs FOREWARD={back + 1}, found {found['FOREWARD']}; otherwise the chunks do not "
            "match on the frame that they share"
        )
    return ChunkNumbers(
        start=found.get("ST", 1), size=found.get("FN", SIZE), back=back, final_frame=found.get("TERMFR", 0)
    )
