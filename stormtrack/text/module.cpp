// The Python module stormtrack.text._text; signatures in stormtrack/text/_text.pyi.

#include "numbers.hpp"
#include "printing.hpp"
#include "python.hpp"
#include "scanning.hpp"

namespace stormtrack {
namespace {

/// The number at the start of a text as C reads it, and how many bytes it takes (0: none is there).
template <class Real> PyObject *string_to_real(PyObject *, PyObject *text)
{
    return guarded([&] {
        const Buffer buffer(text, PyBUF_SIMPLE);
        const auto [value, behind] = read_real<Real>(buffer.begin(), buffer.end(), Syntax::c);
        const Py_ssize_t size = behind == nullptr ? 0 : behind - buffer.begin();
        return checked(Py_BuildValue("(dn)", static_cast<double>(value), size));
    });
}

PyMethodDef methods[] = {
    {"print_groups", print_groups, METH_O, "print_groups(parts) -> bytes"},
    {"scan", scan, METH_VARARGS, "scan(text, position, line, count, steps) -> (problem, values, tables)"},
    {"read_reals", read_reals, METH_VARARGS, "read_reals(text, out, filled) -> (filled, position, good)"},
    {"strtof", string_to_real<float>, METH_O, "strtof(text) -> (value, size)"},
    {"strtod", string_to_real<double>, METH_O, "strtod(text) -> (value, size)"},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_text", "Numbers in text.", 0, methods,
                          nullptr,               nullptr, nullptr,           nullptr};

} // namespace
} // namespace stormtrack

PyMODINIT_FUNC PyInit__text() { return PyModuleDef_Init(&stormtrack::definition); }
