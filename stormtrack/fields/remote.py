"""Files and stores on servers, through fsspec: time-outs, repeated attempts, then an error that says what happened.

Parity: not applicable.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..errors import FieldError, MissingPackageError, UserInputError
from ..storage.packages import need

T = TypeVar("T")
_FINAL = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError, UserInputError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a server is waited for.

    Attributes
    ----------
    attempts : int
        How often a read is tried.
    timeout : float
        Seconds that a connection and an answer may take.
    first_wait : float
        Seconds before the second attempt; they double every time, up to `longest_wait`, and vary by a quarter.
    longest_wait : float
    """

    attempts: int = 5
    timeout: float = 30.0
    first_wait: float = 0.5
    longest_wait: float = 20.0

    def wait(self, failures: int) -> float:
        """Seconds to wait after so many failures."""
        plain = min(self.first_wait * 2.0 ** (failures - 1), self.longest_wait)
        return plain * random.uniform(0.75, 1.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How servers are talked to.

    Attributes
    ----------
    storage_options : mapping
        For fsspec: keys, endpoints, headers, ...
    patience : Patience
    """

    storage_options: Mapping[str, Any] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)


def is_remote(address: str) -> bool:
    """Whether a name is an address (``https://``, ``s3://``, ``simplecache::s3://``) rather than a file."""
    return "://" in address


def filesystem(address: str, access: Access) -> tuple[Any, str]:
    """The fsspec file system of an address, and the path in it.

    Raises
    ------
    FieldError
        If the protocol is unknown, or needs a package that is not installed.
    """
    fsspec = need("fsspec", "remote", f"'{address}' is an address, and reading it")
    options = {**_with_timeouts(address, access), **access.storage_options}
    try:
        fs, path = fsspec.core.url_to_fs(address, **options)
    except ImportError as problem:
        extra = "gcs" if address.startswith(("gs://", "gcs://")) else "remote"
        raise MissingPackageError(f"'{address}': {problem}. pip install 'stormtrack[{extra}]'") from problem
    except (ValueError, TypeError) as problem:
        raise FieldError(f"'{address}' cannot be opened with these storage options: {problem}") from problem
    return fs, str(path)


def _with_timeouts(address: str, access: Access) -> dict[str, Any]:
    """Options by which libraries give up in time, and leave repeating to us."""
    seconds = access.patience.timeout
    if address.startswith(("http://", "https://")):
        aiohttp = need("aiohttp", "remote", f"'{address}' is an address, and reading it")
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=seconds, sock_read=seconds)
        return {"client_kwargs": {"timeout": timeout}}
    if address.startswith(("s3://", "s3a://")):
        config = {"connect_timeout": seconds, "read_timeout": seconds, "retries": {"max_attempts": 1}}
        given = access.storage_options.get("config_kwargs", {})
        return {"config_kwargs": {**config, **given}}
    return {}


@dataclass(slots=True)
class Trying:
    """Something that is tried until it succeeds.

    Attributes
    ----------
    what : str
        What is read, for messages.
    patience : Patience
    problems : list of str
        Why it failed so far.
    """

    what: str
    patience: Patience
    problems: list[str] = field(default_factory=list)

    def failed(self, problem: Exception) -> float:
        """Seconds to wait before the next attempt.

        Raises
        ------
        FieldError
            If every attempt failed, or this one for a reason that will not go away.
        """
        problem = _true_problem(problem)
        if isinstance(problem, UserInputError):
            raise problem
        if isinstance(problem, _FINAL) or _is_final(problem):
            raise FieldError(f"{self.what}: {_reason(problem)}") from problem
        self.problems.append(_reason(problem))
        if len(self.problems) < self.patience.attempts:
            return self.patience.wait(len(self.problems))
        raise FieldError(
            f"{self.what} failed {len(self.problems)} times in a row (the last time: {self.problems[-1]}). The server "
            "may "
            "be down or overloaded: try again later, or download the data and name the files"
        ) from problem


def persistently(action: Callable[[], T], what: str, patience: Patience) -> T:
    """What an action gives, tried until it succeeds; errors as of `Trying.failed`."""
    trying = Trying(what, patience)
    while True:
        try:
            return action()
        except Exception as problem:
            time.sleep(trying.failed(problem))


def _true_problem(problem: Exception) -> Exception:
    """fsspec calls every failure of its first question to a server a missing file: what lies behind that."""
    cause = problem.__cause__
    if isinstance(problem, FileNotFoundError) and isinstance(cause, Exception) and _status(cause) != 404:
        return cause
    return problem


def _status(problem: Exception) -> int | None:
    """Status of an answer of a server."""
    status = getattr(problem, "status", None) or getattr(problem, "code", None)
    return status if isinstance(status, int) else None


def _is_final(problem: Exception) -> bool:
    """Whether an answer of a server will be the same next time: it is one of 4xx, but not of too many requests."""
    status = _status(problem)
    return status is not None and 400 <= status < 500 and status not in (408, 425, 429)


def _reason(problem: BaseException) -> str:
    kind = type(problem).__name__
    if isinstance(problem, TimeoutError) or "Timeout" in kind:
        return "no answer in time"
    if isinstance(problem, FileNotFoundError):
        return "there is no such file or object (404)"
    text = f"{kind}: {problem}" if str(problem) else kind
    if isinstance(problem, PermissionError) or getattr(problem, "status", None) in (401, 403):
        return f"not allowed ({text}); check the address and the log-in (storage_options)"
    return text
