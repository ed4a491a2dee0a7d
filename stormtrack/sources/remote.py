"""Files on servers (OPeNDAP): whether the server is there, and what it answers, so that a failure can be explained.

The reading itself is left to the NetCDF library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import FieldError

# What talks to servers is imported where it is used: imports are a good part of a short run.
if TYPE_CHECKING:
    from urllib.parse import SplitResult

PATIENCE = 30.0
"""Seconds that a server has to take the call, and to begin its answer."""
_HEAD = 512
_OTHER_PROTOCOLS = ("bytes", "dap4", "s3")
_REMEDY = "check the address, the network and its proxies, or download the file and name that"


def is_remote(path: str) -> bool:
    """Whether a name is an address rather than a file."""
    return "://" in path


def check_server(address: str) -> str:
    """Ask the server of an OPeNDAP address for the description of the data.

    Returns
    -------
    str
        What is wrong with its answer, in words, to be told if the data cannot be opened (a library that knows
        passwords may well open them); empty if nothing is.

    Raises
    ------
    FieldError
        If the server is not there, or does not answer in time.
    """
    import urllib.error
    import urllib.parse
    import urllib.request

    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return f"addresses begin with http:// or https://, this one with {parts.scheme}://"
    _connect(address, parts)
    if any(word in parts.fragment for word in _OTHER_PROTOCOLS):
        return ""
    description = urllib.parse.urlunsplit((parts.scheme, parts.netloc, f"{parts.path}.dds", "", ""))
    try:
        with urllib.request.urlopen(description, timeout=PATIENCE) as answer:
            head = answer.read(_HEAD)
    except urllib.error.HTTPError as problem:
        problem.close()
        advice = "a log-in is needed (.netrc)" if problem.code in (401, 403) else "check the address"
        return f"the server answers {problem.code} {problem.reason}: {advice}"
    except TimeoutError as problem:
        raise _away(address, f"no answer within {PATIENCE:g} seconds") from problem
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "reason", problem)
        if isinstance(reason, TimeoutError):
            raise _away(address, f"no answer within {PATIENCE:g} seconds") from problem
        return f"the server does not answer as OPeNDAP does ({reason})"
    if not head.lstrip().startswith(b"Dataset"):
        return "the server does not speak OPeNDAP at this address (it sends a page or a file): download the file"
    return ""


def _connect(address: str, parts: SplitResult) -> None:
    """See whether the server takes a call, unless a proxy stands between."""
    import socket
    import urllib.request

    host = parts.hostname or ""
    proxies = urllib.request.getproxies()
    if parts.scheme in proxies and not urllib.request.proxy_bypass(host):
        return
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((host, port), timeout=PATIENCE).close()
    except TimeoutError as problem:
        raise _away(address, f"no answer within {PATIENCE:g} seconds") from problem
    except (OSError, ValueError, OverflowError, UnicodeError) as problem:
        raise _away(address, getattr(problem, "strerror", None) or str(problem)) from problem


def _away(address: str, reason: str) -> FieldError:
    return FieldError(f"the server of '{address}' cannot be reached ({reason}); {_REMEDY}")
