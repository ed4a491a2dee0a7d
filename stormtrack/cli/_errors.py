"""How errors end a command: one clear message on stderr and an exit status, no traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from ..errors import StormtrackError, UserInputError

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def reported(program: str, action: Callable[[], int]) -> int:
    """Run `action`; turn what it raises into a message and an exit status.

    ``STORMTRACK_TRACEBACK=1`` lets unexpected errors through with their traceback.
    """
    try:
        return action()
    except UserInputError as error:
        return _say(program, f"error: {error}", BAD_INPUT)
    except StormtrackError as error:
        return _say(program, f"error: {error}", FAILED)
    except KeyboardInterrupt:
        return _say(program, "interrupted", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except MemoryError:
        return _say(program, "error: out of memory", FAILED)
    except OSError as error:
        return _say(program, f"error: {error}", BAD_INPUT)
    except Exception as error:
        if os.environ.get("STORMTRACK_TRACEBACK"):
            raise
        text = f"internal error: {type(error).__name__}: {error}. Please report it; STORMTRACK_TRACEBACK=1 shows where"
        return _say(program, text, FAILED)


def _say(program: str, message: str, status: int) -> int:
    sys.stderr.write(f"{program}: {message}\n")
    return status
