"""Kernel that reads the frames of an object file.

References
----------
Specification 01, section 11.3. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..kernels._policy import lean_kernel
from . import objects as layout
from .text_scan import BAD_COUNT, BAD_ROW, BAD_TAG, OK, find, line_end, next_line, scan_integer, scan_rows
from .text_scan import scan_tagged as tagged

FRAME_TAG = np.frombuffer(layout.tag_of(layout.FRAME_LINE), np.uint8)
MISSING_TAG = np.frombuffer(b"NMISS", np.uint8)
OBJECTS_TAG = np.frombuffer(layout.tag_of(layout.OBJECTS_LINE), np.uint8)
STATE_TAG = np.frombuffer(layout.tag_of(layout.STATE_LINE), np.uint8)
TOTAL_TAG = np.frombuffer(layout.tag_of(layout.TOTAL_LINE), np.uint8)
OBJECT_TAG = np.frombuffer(layout.tag_of(layout.OBJECT_LINE), np.uint8)
POINTS_TAG = np.frombuffer(layout.tag_of(layout.POINTS_LINE), np.uint8)
BOUNDARY_TAG = np.frombuffer(layout.tag_of(layout.BOUNDARY_LINE), np.uint8)
FEATURES_TAG = np.frombuffer(layout.tag_of(layout.FEATURES_LINE), np.uint8)

EXPECTED = (
    "a line 'FRAME n NMISS m'",
    "a line 'OBJ_NUM n'",
    "a line 'BOUNDARY_STATE n'",
    "a line 'FRAME_FEATURE_NUM n'",
    "a line 'OBJECT n'",
    "a line 'POINT_NUM n'",
    "an object point 'x y value'",
    "a line 'BOUNDARY_NUM n'",
    "a boundary point 'x y value'",
    "a line 'OBJECT_FEATURE_NUM n'",
    "a feature point in the layout that the first lines announce",
)
"""What the kernel was reading, by the code it returns."""

GRID_KINDS = np.array([0, 0, 1], np.int64)
REAL_KINDS = np.array([1, 1, 1], np.int64)


@lean_kernel
def frame_line(data, pos, line):
    """``FRAME n NMISS m``: (status, n, m, next position, line)."""
    status, number, behind, following, line = tagged(data, pos, line, FRAME_TAG, False)
    if status != OK:
        return status, 0, 0, pos, line
    end = line_end(data, behind)
    behind = find(data, behind, end, MISSING_TAG)
    missing = 0
    if behind >= 0:
        _, missing, state = scan_integer(data, behind, end)
        if state != OK:
            return BAD_ROW, 0, 0, pos, line
    return OK, number, missing, following, line


@lean_kernel
def scan_one_object(data, pos, line, state, kinds, points, boundary, features, sizes, patches):
    """One object: (status, code of what was read, next position, line); `sizes` are updated."""
    limit = len(features[0])
    status, count, _, pos, line = tagged(data, pos, line, OBJECT_TAG, False)
    if status != OK:
        return status, 4, pos, line
    status, count, _, pos, line = tagged(data, pos, line, POINTS_TAG, False)
    if status != OK:
        return status, 5, pos, line
    if count < 0 or count > limit - line:
        return BAD_COUNT, 5, pos, line
    status, pos, line, sizes[3] = scan_rows(
        data, pos, line, count, GRID_KINDS, points[0], points[1], sizes[0], 0, patches, sizes[3]
    )
    if status != OK:
        return status, 6, pos, line
    sizes[0] += count
    status, count, _, pos, line = tagged(data, pos, line, BOUNDARY_TAG, True)
    if status == BAD_TAG:
        count = 0
    elif status != OK:
        return status, 7, pos, line
    if count < 0 or count > limit - line:
        return BAD_COUNT, 7, pos, line
    status, pos, line, sizes[3] = scan_rows(
        data,
        pos,
        line,
        count,
        GRID_KINDS if state == 0 else REAL_KINDS,
        boundary[0],
        boundary[1] if state == 0 else boundary[2],
        sizes[1],
        1 if state == 0 else 2,
        patches,
        sizes[3],
    )
    if status != OK:
        return status, 8, pos, line
    sizes[1] += count
    status, count, _, pos, line = tagged(data, pos, line, FEATURES_TAG, False)
    if status != OK:
        return status, 9, pos, line
    if count < 0 or count > limit - line:
        return BAD_COUNT, 9, pos, line
    status, pos, line, sizes[3] = scan_rows(
        data, pos, line, count, kinds, features[0], features[1], sizes[2], 3, patches, sizes[3]
    )
    sizes[2] += count
    return status, 10, pos, line


@lean_kernel
def scan_frame_head(data, pos, line, frames, n):
    """The lines before the first object of frame `n`: (status, code, objects, next position, line)."""
    status, number, missing, pos, line = frame_line(data, pos, line)
    if status != OK:
        return status, 0, 0, pos, line
    status, objects, _, pos, line = tagged(data, pos, line, OBJECTS_TAG, False)
    if status != OK:
        return status, 1, 0, pos, line
    if objects < 0 or objects > len(frames) - line:
        return BAD_COUNT, 1, 0, pos, line
    status, state, _, pos, line = tagged(data, pos, line, STATE_TAG, True)
    if status == BAD_TAG:
        state = -1
    elif status != OK:
        return status, 2, 0, pos, line
    status, total, _, pos, line = tagged(data, pos, line, TOTAL_TAG, False)
    if status != OK:
        return status, 3, 0, pos, line
    frames[n, 0] = number
    frames[n, 1] = missing
    frames[n, 2] = state
    frames[n, 3] = total
    frames[n, 4] = objects
    return OK, 0, objects, pos, line


@lean_kernel
def scan_frames(data, pos, line, kinds, frames, objects, points, boundary, features, sizes, patches):
    """Read all frames.

    Parameters
    ----------
    data : uint8
        The file; reading starts at `pos`, in line `line` + 1.
    kinds : int64
        Columns of a feature row.
    frames : int64, shape (lines, 5)
        Filled with number, missing frames, boundary state, feature total, objects.
    objects : int64, shape (lines + 1, 3)
        Filled with the running totals of points, boundary points and features before each object.
    points, boundary, features : tuples of tables
        (integers, reals), (integers, reals of integer rows, real rows), (integers, reals); a row per line suffices.
    sizes : int64, shape (6,)
        Filled with the numbers of points, boundary points, features, patches, frames and objects.
    patches : int64, shape (n, 4)
        Numbers that need exact arithmetic (see `text_scan.scan_rows`).

    Returns
    -------
    status, code, line : int
        ``OK``, or what went wrong, while reading what (`EXPECTED`), and where.
    """
    while True:
        start, _, _ = next_line(data, pos, line)
        if start < 0:
            return OK, 0, line
        status, code, count, pos, line = scan_frame_head(data, pos, line, frames, sizes[4])
        if status != OK:
            return status, code, line
        state = frames[sizes[4], 2]
        for _ in range(count):
            status, code, pos, line = scan_one_object(
                data, pos, line, state, kinds, points, boundary, features, sizes, patches
            )
            if status != OK:
                return status, code, line
            sizes[5] += 1
            objects[sizes[5], 0] = sizes[0]
            objects[sizes[5], 1] = sizes[1]
            objects[sizes[5], 2] = sizes[2]
        sizes[4] += 1
