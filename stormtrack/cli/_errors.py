"""How errors end a command: one clear message on stderr and an exit status, no traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from ..errors import StormtrackError, UserInputError
from ._process import Stopped, stoppable

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def reported(program: str, action: Callable[[], int]) -> int:
    """Run `action`; turn what it raises, and signals that ask it to end, into a message and an exit status.

    ``STORMTRACK_TRACEBACK=1`` lets unexpected errors through with their traceback.
    """
    try:
        with stoppable():
            return action()
    except UserInputError as error:
        return _say(program, f"error: {error}", BAD_INPUT)
    except StormtrackError as error:
        return _say(program, f"error: {error}", FAILED)
    except Stopped as stop:
        _remove_unfinished()
        return _say(program, f"stopped by {stop.number.name}; no unfinished file is left", stop.status)
    except KeyboardInterrupt:
        _remove_unfinished()
        return _say(program, "interrupted", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except MemoryError:
        return _say(program, "error: out of memory", FAILED)
    except OSError as error:
        return _say(program, f"error: {_described(error)}", BAD_INPUT)
    except Exception as error:
        if os.environ.get("STORMTRACK_TRACEBACK"):
            raise
        text = f"internal error: {type(error).__name__}: {error}. Please report it; STORMTRACK_TRACEBACK=1 shows where"
        return _say(program, text, FAILED)


def _remove_unfinished() -> None:
    """An interrupt may come between two steps of making a file: what it left over is removed here."""
    from ..storage.outputs import remove_unfinished

    remove_unfinished()


def _say(program: str, message: str, status: int) -> int:
    sys.stderr.write(f"{program}: {message}\n")
    return status


def _described(error: OSError) -> str:
    """What the system says, and about which file."""
    text = error.strerror or str(error)
    return text if error.filename is None else f"'{error.filename}': {text}"
