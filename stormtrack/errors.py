"""Errors of stormtrack: one base class, each also the built-in that a caller would already catch.

A message says what was wrong, where, what is allowed and what to do. The command line maps
``UserInputError`` (answers, input data, output places: the user can mend it) to exit code 2 and every
other error to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question after the nearest of the known words, to be put behind an unknown one; empty if none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1)
    return f" (did you mean '{near[0]}'?)" if near else ""


def refuse_unknown(names: Iterable[str], known: Sequence[str], what: str) -> None:
    """Raise a `UserInputError` for the first name that is none of the known options of something (a plural)."""
    for name in names:
        if name not in known:
            raise UserInputError(
                f"{what} have no option '{name}'{did_you_mean(name, known)}; there are {', '.join(known)}"
            )


class StormtrackError(Exception):
    """Base of all errors raised on purpose by stormtrack; they can be pickled, so that workers can raise them."""

    def __reduce__(self) -> tuple[Callable[..., BaseException], tuple[object, ...], dict[str, object]]:
        return _made_again, (type(self), self.args), self.__dict__


def _made_again(kind: type[BaseException], args: tuple[object, ...]) -> BaseException:
    """An error with its text as it was; `__init__` would make it anew from other arguments."""
    error = kind.__new__(kind, *args)
    error.args = args
    return error


class UserInputError(StormtrackError):
    """Something that the user gave (answers, a file, a folder) cannot be used."""


class AnswersError(UserInputError, ValueError):
    """An answer stream ends too early, or an answer cannot be used.

    Parameters
    ----------
    problem : str
        What is wrong.
    prompt : str, optional
        Key of the prompt that was being answered.
    line : int, optional
        1-based line of the answer file where reading stood.
    found : str, optional
        The text found there.
    allowed : str, optional
        What is allowed.
    hint : str, optional
        What to do.
    """

    def __init__(
        self,
        problem: str,
        *,
        prompt: str | None = None,
        line: int | None = None,
        found: str | None = None,
        allowed: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.problem, self.prompt, self.line = problem, prompt, line
        self.found, self.allowed, self.hint = found, allowed, hint
        where = f"answer line {line}" if line is not None else ""
        if prompt:
            where += f"{', ' if where else ''}prompt '{prompt}'"
        text = f"{where}: {problem}" if where else problem
        if found is not None:
            text += f"; found {found!r}"
        if allowed:
            text += f"; allowed: {allowed}"
        if hint:
            text += f". {hint}"
        super().__init__(text)

    def with_reason(self, reason: str) -> AnswersError:
        """The same error with a further sentence about what may lie behind it."""
        hint = f"{self.hint}. {reason}" if self.hint else reason
        return AnswersError(
            self.problem, prompt=self.prompt, line=self.line, found=self.found, allowed=self.allowed, hint=hint
        )


class PlanError(UserInputError, ValueError):
    """A recipe or plan cannot be used, or cannot be expressed as answers; says where.

    Parameters
    ----------
    problem : str
        What is wrong.
    path : str, optional
        The file.
    key : str, optional
        Dotted key in it.
    found : str, optional
        What stands there.
    allowed : str, optional
        What is allowed.
    hint : str, optional
        What to do.
    """

    def __init__(
        self,
        problem: str,
        *,
        path: str | None = None,
        key: str | None = None,
        found: str | None = None,
        allowed: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.problem, self.path, self.key = problem, path, key
        self.found, self.allowed, self.hint = found, allowed, hint
        where = ", ".join(filter(None, (path, key)))
        text = f"{where}: {problem}" if where else problem
        if found is not None:
            text += f"; found {found}"
        if allowed:
            text += f"; allowed: {allowed}"
        if hint:
            text += f". {hint}"
        super().__init__(text)

    def within(self, path: str) -> PlanError:
        """The same error with the file that it is about."""
        return PlanError(self.problem, path=path, key=self.key, found=self.found, allowed=self.allowed, hint=self.hint)


class FieldError(UserInputError, ValueError):
    """An input data file is missing, truncated, of an unknown kind, or holds unusable values."""


class MissingPackageError(UserInputError, ImportError):
    """A package that an input needs is not installed; the message says what installs it."""


class FieldWarning(UserWarning):
    """Something odd about data that can be read (uneven times, frames that are not there, units that do not fit)."""


class GridError(UserInputError, ValueError):
    """A grid, region or projection cannot be used."""


class TableError(UserInputError, ValueError):
    """A zone, adaptive-smoothness, constraint or time table is missing or malformed."""


class TrackFileError(UserInputError, ValueError):
    """An object or track file is malformed; carries file and line.

    Parameters
    ----------
    problem : str
        What is wrong.
    path : str, optional
        The file.
    line : int, optional
        1-based line in it.
    """

    def __init__(self, problem: str, *, path: str | None = None, line: int | None = None) -> None:
        self.problem, self.path, self.line = problem, path, line
        where = f"{path or 'track file'}{f', line {line}' if line is not None else ''}"
        super().__init__(f"{where}: {problem}")


class TracksError(UserInputError, ValueError):
    """Sets of tracks cannot be used as asked: no dates where some are needed, other calendars, a rule nobody knows."""


class UnknownNameError(TracksError, KeyError):
    """A set of tracks has nothing of that name."""

    def __str__(self) -> str:
        return Exception.__str__(self)


class OutputError(UserInputError, OSError):
    """An output cannot be written (folder not writable, disk full, ...)."""


class NotSupportedError(UserInputError, NotImplementedError):
    """A branch of TRACK's dialogue that stormtrack does not run yet; names the specification section."""


class FitError(UserInputError, ArithmeticError):
    """A spline fit or the optimiser failed: the grid, the field or the smoothing factor does not suit it.

    Parameters
    ----------
    routine : str
        ``smoopy``, ``sphery``, ...
    flag : int
        Its status flag.
    detail : str
        The meaning of the flag with the sizes concerned.
    """

    def __init__(self, routine: str, flag: int, detail: str) -> None:
        self.routine, self.flag = routine, flag
        super().__init__(f"{routine}: flag {flag}, {detail}")


class LinkError(UserInputError, ValueError):
    """Linking cannot go on with these points, tables and limits (for example: a feature point lies in no zone)."""


class BackendError(StormtrackError, RuntimeError):
    """Workers were lost (killed from outside, out of memory, or by a fault in a library), or cannot be had."""


class LostWorkerError(BackendError):
    """Workers died again and again on some items.

    Parameters
    ----------
    items : sequence of object
        What they worked on; their texts name them.
    reason : str
        What happened.
    """

    def __init__(self, items: Sequence[object], reason: str) -> None:
        self.items, self.reason = tuple(items), reason
        shown = ", ".join(map(str, self.items[:_SHOWN])) + (", ..." if len(self.items) > _SHOWN else "")
        super().__init__(f"{reason} during {shown}; if memory ran out, use fewer workers. The same command goes on")


_SHOWN = 8
