"""From samples to p-values, intervals and what is significant.

References
----------
Hodges (2008), Mon. Wea. Rev. 136, 1758; Phipson and Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39 (why 1 is
added); Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57, 289; Wilks (2006), J. Appl. Meteor. Climatol. 45, 1181,
and (2016), Bull. Amer. Meteor. Soc. 97, 2263. Parity: not applicable.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F64, Mask

TAILS = ("two-sided", "greater", "less")
"""Whether the first set differs, is larger, is smaller."""
_TIE = 1.0e-12
"""Samples within this share of what is compared are as extreme as the observation."""


def p_values(samples: F64, scale: F64, tail: str) -> F64:
    """p-values of observations among permutations.

    Parameters
    ----------
    samples : float64, shape (n_points, 1 + n_permutations)
        The observation first; NaN where a sample has no value.
    scale : float64, shape (n_points,)
        Size of the numbers that were subtracted, for ties.
    tail : str
        One of `TAILS`.

    Returns
    -------
    float64, shape (n_points,)
        ``(1 + as extreme) / (1 + samples with a value)``; two-sided twice the smaller tail, at most 1; NaN where the
        observation has no value.
    """
    observed, others = samples[:, :1], samples[:, 1:]
    off = _TIE * scale[:, None]
    number = 1.0 + np.count_nonzero(np.isfinite(others), axis=1)
    with np.errstate(invalid="ignore"):
        above = (1.0 + np.count_nonzero(others >= observed - off, axis=1)) / number
        below = (1.0 + np.count_nonzero(others <= observed + off, axis=1)) / number
    found = {"greater": above, "less": below, "two-sided": np.minimum(1.0, 2.0 * np.minimum(above, below))}[tail]
    return np.where(np.isfinite(observed[:, 0]), found, np.nan)


def smallest_p_value(permutations: int, tail: str) -> float:
    """The smallest p-value that so many permutations can give."""
    return (2.0 if tail == "two-sided" else 1.0) / (1.0 + permutations)


def false_discovery_threshold(p: F64, rate: float) -> float:
    """The largest p-value that is significant at a false discovery rate (Benjamini and Hochberg); 0: none.

    Parameters
    ----------
    p : float64, any shape
        NaN where there is no test.
    rate : float
        Expected share of false discoveries among all.
    """
    known = np.sort(p[np.isfinite(p)])
    found = np.flatnonzero(known <= rate * np.arange(1, len(known) + 1) / max(len(known), 1))
    return float(known[found[-1]]) if len(found) else 0.0


def significant(p: F64, rate: float) -> Mask:
    """Where p-values are significant at a false discovery rate."""
    with np.errstate(invalid="ignore"):
        found: Mask = p <= false_discovery_threshold(p, rate)
    return found


def interval(samples: F64, level: float) -> tuple[F64, F64, F64]:
    """Percentile interval and standard error of bootstrap samples.

    Parameters
    ----------
    samples : float64, shape (n_points, 1 + n_samples)
        The estimate first; NaN where a sample has no value: left out.
    level : float
        Such as 0.95.

    Returns
    -------
    lower, upper, standard_error : float64, shape (n_points,)
        NaN where the estimate has no value, or fewer than half of the samples have one.
    """
    others = samples[:, 1:]
    number = np.count_nonzero(np.isfinite(others), axis=1)
    enough = np.isfinite(samples[:, 0]) & (2 * number >= others.shape[1]) & (number > 1)
    lower, upper, error = (np.full(len(samples), np.nan) for _ in range(3))
    if enough.any():
        used = np.sort(others[enough], axis=1)  # NaN last
        lower[enough] = _quantile(used, number[enough], (1.0 - level) / 2.0)
        upper[enough] = _quantile(used, number[enough], (1.0 + level) / 2.0)
        error[enough] = np.nanstd(used, axis=1, ddof=1)
    return lower, upper, error


def _quantile(ordered: F64, number: F64, share: float) -> F64:
    """Quantile of the first `number` values of each row, linear between them."""
    at = share * (number - 1.0)
    low = np.floor(at).astype(np.int64)
    rows = np.arange(len(ordered))
    first, second = ordered[rows, low], ordered[rows, np.minimum(low + 1, np.asarray(number, np.int64) - 1)]
    found: F64 = first + (at - low) * (second - first)
    return found
