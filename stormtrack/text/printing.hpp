#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

namespace stormtrack {

/// print_groups(parts) -> bytes: group 0 of every part, then group 1 of every part, and so on. A part is (format,
/// columns, offsets): rows offsets[k] to offsets[k + 1] are its group k; without offsets (None) row k is.
PyObject *print_groups(PyObject *module, PyObject *parts);

} // namespace stormtrack
