// What the C interface of Python needs around it in C++: errors as exceptions, buffers and the interpreter's lock by scope.

#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <cstdarg>
#include <exception>
#include <new>

namespace stormtrack {

/// A Python exception is set.
struct PythonError {};

/// Raise a Python exception.
template <class... Values> [[noreturn]] void raise(PyObject *kind, const char *format, Values... values)
{
    PyErr_Format(kind, format, values...);
    throw PythonError{};
}

/// `found` unless it is null, which means that a Python exception is set.
template <class Object> Object *checked(Object *found)
{
    if (found == nullptr) {
        throw PythonError{};
    }
    return found;
}

/// Take a tuple apart, as PyArg_ParseTuple does.
inline void parse(PyObject *tuple, const char *format, ...)
{
    if (!PyTuple_Check(tuple)) {
        raise(PyExc_TypeError, "a tuple is needed, not %s", Py_TYPE(tuple)->tp_name);
    }
    std::va_list places;
    va_start(places, format);
    const int done = PyArg_VaParse(tuple, format, places);
    va_end(places);
    if (!done) {
        throw PythonError{};
    }
}

/// Run the body of a function that Python calls; what is thrown becomes a Python exception.
template <class Body> PyObject *guarded(Body &&body) noexcept
{
    try {
        return body();
    } catch (const PythonError &) {
    } catch (const std::bad_alloc &) {
        PyErr_NoMemory();
    } catch (const std::exception &error) {
        PyErr_SetString(PyExc_RuntimeError, error.what());
    }
    return nullptr;
}

/// A reference that is given up at the end of its scope.
class Reference {
  public:
    explicit Reference(PyObject *owned) : object(checked(owned)) {}
    Reference(const Reference &) = delete;
    Reference &operator=(const Reference &) = delete;
    ~Reference() { Py_DECREF(object); }

    PyObject *get() const { return object; }

  private:
    PyObject *object;
};

/// Memory of an object, held to the end of the scope.
class Buffer {
  public:
    Buffer(PyObject *object, int flags)
    {
        if (PyObject_GetBuffer(object, &view, flags) != 0) {
            throw PythonError{};
        }
    }
    Buffer(const Buffer &) = delete; // nor can it move: a view may point into itself
    Buffer &operator=(const Buffer &) = delete;
    ~Buffer() { PyBuffer_Release(&view); }

    const Py_buffer *operator->() const { return &view; }
    const char *begin() const { return static_cast<const char *>(view.buf); }
    const char *end() const { return begin() + view.len; }

    /// The letter of the element type as the struct module has it, native byte order and size; 0 for anything else.
    char type() const
    {
        const char *format = view.format == nullptr ? "B" : view.format;
        format += *format == '@' || *format == '=' || *format == (PY_BIG_ENDIAN ? '>' : '<');
        return format[0] != '\0' && format[1] == '\0' ? format[0] : '\0';
    }

  private:
    Py_buffer view{};
};

/// The interpreter's lock is released in this scope, if that is worth its while.
class Unlocked {
  public:
    explicit Unlocked(bool worth) : state(worth ? PyEval_SaveThread() : nullptr) {}
    Unlocked(const Unlocked &) = delete;
    Unlocked &operator=(const Unlocked &) = delete;
    ~Unlocked()
    {
        if (state != nullptr) {
            PyEval_RestoreThread(state);
        }
    }

  private:
    PyThreadState *state;
};

} // namespace stormtrack
