/* Marks of arguments: what decides which compiled form of a kernel a call needs, as bytes, without running Python code.
 *
 * mark(arguments) -> bytes, or None if some argument is not of a kind known here. Equal marks mean equal kinds while the
 * classes of named tuples live; a mark means nothing in another process. Twin in Python: _native.fingerprint.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>

#define LONGEST 1024

/* Layout of an array as far as compiled code depends on it. */
#define LAYOUT (NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_F_CONTIGUOUS | NPY_ARRAY_ALIGNED | NPY_ARRAY_WRITEABLE)

typedef struct {
    unsigned char content[LONGEST];
    Py_ssize_t length;
} Mark;

static int put(Mark *mark, const void *data, Py_ssize_t size)
{
    if (mark->length + size > LONGEST) {
        return 0;
    }
    memcpy(mark->content + mark->length, data, (size_t)size);
    mark->length += size;
    return 1;
}

static int put_array(Mark *mark, PyArrayObject *array)
{
    const int number = PyArray_TYPE(array);
    const int layout = PyArray_FLAGS(array) & LAYOUT;
    const unsigned char kind[5] = {'A', (unsigned char)number, (unsigned char)PyArray_NDIM(array),
                                   (unsigned char)(layout & 0xff), (unsigned char)(layout >> 8)};

    if (!(PyTypeNum_ISNUMBER(number) || PyTypeNum_ISBOOL(number)) || !PyArray_ISNOTSWAPPED(array)) {
        return 0;
    }
    return put(mark, kind, sizeof kind);
}

static int put_scalar(Mark *mark, PyObject *argument)
{
    PyTypeObject *const known[] = {
        Py_TYPE(Py_None), &PyLong_Type, &PyFloat_Type, &PyBool_Type, &PyBoolArrType_Type, &PyFloatArrType_Type,
        &PyDoubleArrType_Type, &PyInt32ArrType_Type, &PyInt64ArrType_Type, &PyUInt8ArrType_Type, &PyInt8ArrType_Type};
    unsigned char place;

    for (place = 0; place < sizeof known / sizeof known[0]; place++) {
        if (Py_TYPE(argument) == known[place]) {
            const unsigned char kind[2] = {'S', place};
            return put(mark, kind, sizeof kind);
        }
    }
    return 0;
}

static int put_tuple(Mark *mark, PyObject *tuple);

static int put_argument(Mark *mark, PyObject *argument)
{
    if (PyArray_CheckExact(argument)) {
        return put_array(mark, (PyArrayObject *)argument);
    }
    if (PyTuple_Check(argument)) {
        return put_tuple(mark, argument);
    }
    return put_scalar(mark, argument);
}

/* The class, then the elements; the number of elements says where they end. */
static int put_tuple(Mark *mark, PyObject *tuple)
{
    PyTypeObject *const type = Py_TYPE(tuple);
    const Py_ssize_t size = PyTuple_GET_SIZE(tuple);
    Py_ssize_t i;

    if (!(put(mark, "T", 1) && put(mark, &type, sizeof type) && put(mark, &size, sizeof size))) {
        return 0;
    }
    for (i = 0; i < size; i++) {
        if (!put_argument(mark, PyTuple_GET_ITEM(tuple, i))) {
            return 0;
        }
    }
    return 1;
}

static PyObject *mark_of(PyObject *self, PyObject *arguments)
{
    Mark mark;

    (void)self;
    if (!PyTuple_Check(arguments)) {
        PyErr_SetString(PyExc_TypeError, "a tuple of arguments is needed");
        return NULL;
    }
    mark.length = 0;
    if (!put_tuple(&mark, arguments)) {
        Py_RETURN_NONE;
    }
    return PyBytes_FromStringAndSize((const char *)mark.content, mark.length);
}

static PyMethodDef methods[] = {{"mark", mark_of, METH_O, "Mark of a tuple of arguments; None if one of them is not known."},
                                {NULL, NULL, 0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_marks", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__marks(void)
{
    import_array();
    return PyModule_Create(&module);
}
