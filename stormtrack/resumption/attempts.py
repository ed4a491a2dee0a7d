"""How a piece of work ended: failures as plain text, because not every error survives the way back from a worker."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import StormtrackError, UserInputError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why work failed.

    Attributes
    ----------
    problem : str
    users : bool
        The user can mend it.
    trace : str
        For the log.
    is_full : bool
        There is no room for outputs, so that the next piece of work would fail as well.
    """

    problem: str
    users: bool = False
    trace: str = ""
    is_full: bool = False


def attempted(work: Callable[[], object]) -> Failure | None:
    """Do something; None, or why it failed. Interrupts go through."""
    try:
        work()
    except StormtrackError as error:
        return Failure(problem=str(error), users=isinstance(error, UserInputError), is_full=_is_full(error))
    except OSError as error:
        return Failure(problem=str(error), users=True, trace=traceback.format_exc(), is_full=_is_full(error))
    except MemoryError:
        return Failure(problem="out of memory; use fewer workers")
    except Exception as error:
        problem = f"internal error: {type(error).__name__}: {error}"
        return Failure(problem=problem, trace=traceback.format_exc())
    return None


def _is_full(error: BaseException) -> bool:
    """Whether an error, or what it comes from, is that a disk or quota is full."""
    at: BaseException | None = error
    while at is not None:
        if isinstance(at, OSError) and at.errno in _FULL:
            return True
        at = at.__cause__
    return False
