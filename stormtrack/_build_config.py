"""How the compiled modules were built, and whether that build keeps TRACK's bits."""

from __future__ import annotations

import importlib

from .errors import StormtrackError

REQUIRED_FLAG = "-ffp-contract=off"
"""Without it a*b+c may be fused: more than 70 % of the spline results change (specification 03, section 16)."""
FORBIDDEN_FLAGS = ("-ffast-math", "-Ofast", "-funsafe-math-optimizations", "-fassociative-math", "-ffp-contract=fast")


def build_config() -> dict[str, str | bool]:
    """Compilers, flags and versions of the build of the compiled modules.

    Returns
    -------
    dict
        ``fortran_compiler``, ``fortran_version``, ``c_compiler``, ``c_version``, ``cpp_compiler``, ``cpp_version``
        (meson's ids), ``fortran_flags``, ``c_flags``, ``cpp_flags``, ``optimisation`` (level), ``host_cpu``,
        ``host_system``, ``numpy_version`` (at build), ``f2py_version``, ``meson_version``, ``kernels`` (``compiled`` or
        ``python``), ``kernel_instructions`` (sets for which they were compiled), ``numba_version``,
        ``llvmlite_version``, and ``bitwise_safe``: whether all lists of flags forbid contraction and contain nothing
        that lets the compiler reorder floating-point arithmetic.

    Raises
    ------
    StormtrackError
        There is no build: a source tree that was not built in place.

    Examples
    --------
    >>> import stormtrack
    >>> stormtrack.build_config()["kernels"] in ("compiled", "python")
    True
    """
    try:
        info = importlib.import_module("._build_info", __package__).BUILD_INFO
    except ImportError as error:
        raise StormtrackError(
            "no build information (stormtrack/_build_info.py): the package was not built; "
            "install it (pip install .), or run tools/setup.sh in a clone"
        ) from error
    safe = all(_keeps_bits(info[name]) for name in ("fortran_flags", "c_flags", "cpp_flags"))
    return {**info, "bitwise_safe": safe}


def _keeps_bits(flags: str) -> bool:
    """Whether a list of compiler flags leaves the arithmetic as written; later flags win."""
    words = flags.split()
    return REQUIRED_FLAG in words and not any(word in FORBIDDEN_FLAGS for word in words)
