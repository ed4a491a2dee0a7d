#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

namespace stormtrack {

/// scan(text, position, line, count, steps) -> (problem, values, tables): read a text file of tagged lines and rows of
/// numbers, from byte `position` (behind line `line`) on.
///
/// `steps` describe a group of lines that comes `count` times (-1: to the end of the text). A step is one of
///   ('line', tags, absent, counts): a line with an integer behind each tag. The first tag must be there, unless a value
///       `absent` is given (else None) for which the line is left to the next step; without one of the others its value
///       is 0. If it `counts` something, the first value must be one that the rest of the text can hold.
///   ('rows', count, columns, choice): as many rows of numbers, one a line, as value `count` of the group says. Columns:
///       d integer, o integer that may be absent (0), w integer that is kept as a real, f real. `choice` is None or
///       (value, columns): these columns where that value of the enclosing group is not 0.
///   ('group', count, steps): groups inside this one, as many as value `count` says.
///
/// Returned: None, or (what, code, line) for the first problem, `code` counting tags and rows in the order of the
/// description; the values (int64) of every kind of group, outermost first; per 'rows' the integers (int64) and the reals
/// (float32), all as bytearrays.
PyObject *scan(PyObject *module, PyObject *arguments);

/// read_reals(text, out, filled) -> (filled, position, good): real numbers one after the other, with or without white
/// space between them, into a float32 buffer from element `filled` on, until it is full, the text ends, or something else
/// stands there (not good).
PyObject *read_reals(PyObject *module, PyObject *arguments);

} // namespace stormtrack
