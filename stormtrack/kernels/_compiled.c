/* Calls of compiled kernels from Python.
 *
 * A kernel is an object that is called with positional arguments. Each argument is checked against what the kernel
 * declares (type, rank, layout, alignment, and whether it may be written to): machine code would take anything for
 * what it expects. The interpreter's lock is given up while the kernel runs.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>
#include <stddef.h>
#include <structmember.h>
#include <string.h>

#include "_compiled.h"
#include "kernel_folders.h"

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    const struct kernel *kernel;
    kernel_entry entry;
    PyObject *source; /* the Python function */
} Kernel;

/* ---------------------------------------------------------------------------------------------------- messages */

static const char *type_name(int type)
{
    switch (type) {
    case NPY_BOOL: return "bool";
    case NPY_INT8: return "int8";
    case NPY_UINT8: return "uint8";
    case NPY_INT32: return "int32";
    case NPY_INT64: return "int64";
    case NPY_FLOAT32: return "float32";
    default: return "float64";
    }
}

static PyObject *wanted(const struct parameter *parameter)
{
    switch (parameter->form) {
    case GROUP:
        return PyUnicode_FromFormat("a named tuple %s of %d fields", parameter->class, parameter->size);
    case SCALAR:
        return PyUnicode_FromFormat("a number that %s holds exactly", type_name(parameter->type));
    default:
        return PyUnicode_FromFormat("an array of %s, %d-dimensional, C-contiguous%s", type_name(parameter->type),
                                    parameter->size, parameter->written ? ", writable" : "");
    }
}

static PyObject *found(PyObject *object)
{
    if (PyArray_Check(object)) {
        PyArrayObject *array = (PyArrayObject *)object;
        return PyUnicode_FromFormat("a %s of %S, %d-dimensional%s%s%s", Py_TYPE(object)->tp_name, PyArray_DESCR(array),
                                    PyArray_NDIM(array),
                                    PyArray_IS_C_CONTIGUOUS(array) ? ", C-contiguous" : ", not C-contiguous",
                                    PyArray_ISALIGNED(array) ? "" : ", unaligned",
                                    PyArray_ISWRITEABLE(array) ? ", writable" : ", read-only");
    }
    if (PyTuple_Check(object)) {
        return PyUnicode_FromFormat("a tuple %s of %zd fields", Py_TYPE(object)->tp_name, PyTuple_GET_SIZE(object));
    }
    return PyUnicode_FromFormat("%R (%s)", object, Py_TYPE(object)->tp_name);
}

/* Returns 0, with a TypeError set. */
static int refused(const struct kernel *kernel, const struct parameter *parameter, PyObject *object)
{
    PyObject *is, *should_be;

    PyErr_Clear();
    is = found(object);
    should_be = wanted(parameter);
    if (is != NULL && should_be != NULL) {
        PyErr_Format(PyExc_TypeError, "kernel %s, argument %s: found %U; wanted %U", kernel->name, parameter->name, is,
                     should_be);
    }
    Py_XDECREF(is);
    Py_XDECREF(should_be);
    return 0;
}

/* ----------------------------------------------------------------------------------------- arguments into slots */

static int load_array(const struct parameter *parameter, PyObject *object, slot **next)
{
    const int flags = NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED | (parameter->written ? NPY_ARRAY_WRITEABLE : 0);
    PyArrayObject *array = (PyArrayObject *)object;
    int i;

    if (!PyArray_CheckExact(object) || PyArray_NDIM(array) != parameter->size ||
        (PyArray_TYPE(array) != parameter->type && !PyArray_EquivTypenums(PyArray_TYPE(array), parameter->type)) ||
        !PyArray_CHKFLAGS(array, flags) || !PyArray_ISNOTSWAPPED(array)) {
        return 0;
    }
    (*next)++->data = PyArray_DATA(array);
    for (i = 0; i < parameter->size; i++) {
        (*next)++->integer = PyArray_DIM(array, i);
    }
    return 1;
}

/* Whole number between two limits. */
static int load_integer(PyObject *object, int64_t low, int64_t high, slot *to)
{
    PyObject *number = PyNumber_Index(object);
    int overflow = 0;

    if (number == NULL) {
        return 0;
    }
    to->integer = PyLong_AsLongLongAndOverflow(number, &overflow);
    Py_DECREF(number);
    return !overflow && to->integer >= low && to->integer <= high;
}

static int load_real(PyObject *object, slot *to)
{
    if (PyFloat_Check(object)) {
        to->real = PyFloat_AS_DOUBLE(object);
        return 1;
    }
    if (PyArray_IsScalar(object, Float)) {
        to->real = PyArrayScalar_VAL(object, Float);
        return 1;
    }
    if (PyLong_Check(object) && !PyBool_Check(object)) {
        to->real = PyLong_AsDouble(object);
        return !(to->real == -1.0 && PyErr_Occurred());
    }
    return 0;
}

static int load_boolean(PyObject *object, slot *to)
{
    if (PyBool_Check(object)) {
        to->integer = object == Py_True;
        return 1;
    }
    if (PyArray_IsScalar(object, Bool)) {
        to->integer = PyArrayScalar_VAL(object, Bool) != 0;
        return 1;
    }
    return 0;
}

static int load_scalar(const struct parameter *parameter, PyObject *object, slot *to)
{
    switch (parameter->type) {
    case NPY_BOOL: return load_boolean(object, to);
    case NPY_INT8: return load_integer(object, INT8_MIN, INT8_MAX, to);
    case NPY_UINT8: return load_integer(object, 0, UINT8_MAX, to);
    case NPY_INT32: return load_integer(object, INT32_MIN, INT32_MAX, to);
    case NPY_INT64: return load_integer(object, INT64_MIN, INT64_MAX, to);
    case NPY_FLOAT32: /* nothing else, so that every rounding is written in Python */
        if (!PyArray_IsScalar(object, Float)) {
            return 0;
        }
        to->single = PyArrayScalar_VAL(object, Float);
        return 1;
    default: return load_real(object, to);
    }
}

/* One argument, and its fields where it is a group; `parameter` and `next` move on. */
static int load(const struct kernel *kernel, const struct parameter **parameter, PyObject *object, slot **next)
{
    const struct parameter *const now = (*parameter)++;
    int i;

    switch (now->form) {
    case ARRAY: return load_array(now, object, next) || refused(kernel, now, object);
    case SCALAR: return load_scalar(now, object, (*next)++) || refused(kernel, now, object);
    default: break;
    }
    if (!PyTuple_Check(object) || PyTuple_GET_SIZE(object) != now->size ||
        strcmp(Py_TYPE(object)->tp_name, now->class) != 0) {
        return refused(kernel, now, object);
    }
    for (i = 0; i < now->size; i++) {
        if (!load(kernel, parameter, PyTuple_GET_ITEM(object, i), next)) {
            return 0;
        }
    }
    return 1;
}

/* ---------------------------------------------------------------------------------------------------- results */

static PyObject *result_object(enum result kind, const slot *from)
{
    switch (kind) {
    case BOOLEAN: return PyBool_FromLong(from->integer != 0);
    case INTEGER: return PyLong_FromLongLong(from->integer);
    default: return PyFloat_FromDouble(from->real);
    }
}

static PyObject *results_object(const struct kernel *kernel, const slot *results)
{
    PyObject *tuple;
    int i;

    if (kernel->n_results == 0) {
        Py_RETURN_NONE;
    }
    if (kernel->n_results == 1) {
        return result_object(kernel->results[0], results);
    }
    tuple = PyTuple_New(kernel->n_results);
    for (i = 0; tuple != NULL && i < kernel->n_results; i++) {
        PyObject *object = result_object(kernel->results[i], &results[i]);
        if (object == NULL) {
            Py_CLEAR(tuple);
            break;
        }
        PyTuple_SET_ITEM(tuple, i, object);
    }
    return tuple;
}

/* ------------------------------------------------------------------------------------------- the type of kernels */

static PyObject *call_kernel(PyObject *self, PyObject *const *arguments, size_t n, PyObject *names)
{
    const Kernel *const object = (const Kernel *)self;
    const struct kernel *const kernel = object->kernel;
    const struct parameter *parameter = kernel->parameters;
    slot slots[MOST_SLOTS], results[MOST_RESULTS], *next = slots;
    int32_t status;
    int i;

    if (PyVectorcall_NARGS(n) != kernel->n_parameters || (names != NULL && PyTuple_GET_SIZE(names) > 0)) {
        return PyErr_Format(PyExc_TypeError, "kernel %s: found %zd positional and %zd named arguments; wanted %d positional",
                            kernel->name, PyVectorcall_NARGS(n), names == NULL ? 0 : PyTuple_GET_SIZE(names),
                            kernel->n_parameters);
    }
    for (i = 0; i < kernel->n_parameters; i++) {
        if (!load(kernel, &parameter, arguments[i], &next)) {
            return NULL;
        }
    }
    Py_BEGIN_ALLOW_THREADS
    status = object->entry(slots, results);
    Py_END_ALLOW_THREADS
    if (status != 0) {
        return PyErr_Format(PyExc_RuntimeError, "kernel %s ended with status %d", kernel->name, (int)status);
    }
    return results_object(kernel, results);
}

static int traverse_kernel(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Kernel *)self)->source);
    return 0;
}

static int clear_kernel(PyObject *self)
{
    Py_CLEAR(((Kernel *)self)->source);
    return 0;
}

static void delete_kernel(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);

    PyObject_GC_UnTrack(self);
    clear_kernel(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *show_kernel(PyObject *self)
{
    return PyUnicode_FromFormat("<compiled kernel %s>", ((Kernel *)self)->kernel->name);
}

static PyObject *of_source(PyObject *self, void *name)
{
    return PyObject_GetAttrString(((Kernel *)self)->source, name);
}

static PyObject *get_source(PyObject *self, void *unused)
{
    (void)unused;
    return Py_NewRef(((Kernel *)self)->source);
}

static PyGetSetDef kernel_attributes[] = {{"__name__", of_source, NULL, NULL, "__name__"},
                                          {"__qualname__", of_source, NULL, NULL, "__qualname__"},
                                          {"__module__", of_source, NULL, NULL, "__module__"},
                                          {"__doc__", of_source, NULL, NULL, "__doc__"},
                                          {"__wrapped__", get_source, NULL, "The Python function.", NULL},
                                          {NULL, NULL, NULL, NULL, NULL}};

static PyMemberDef kernel_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Kernel, call), READONLY, NULL}, {NULL, 0, 0, 0, NULL}};

static PyType_Slot kernel_slots[] = {{Py_tp_dealloc, delete_kernel}, {Py_tp_traverse, traverse_kernel},
                                     {Py_tp_clear, clear_kernel},    {Py_tp_call, PyVectorcall_Call},
                                     {Py_tp_repr, show_kernel},      {Py_tp_getset, kernel_attributes},
                                     {Py_tp_members, kernel_members}, {0, NULL}};

static PyType_Spec kernel_spec = {"stormtrack.kernels._compiled.Kernel", sizeof(Kernel), 0,
                                  Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL |
                                      Py_TPFLAGS_DISALLOW_INSTANTIATION,
                                  kernel_slots};

static PyTypeObject *kernel_type;

/* ------------------------------------------------------------------------------------------------- the module */

/* The parameter that follows one with its fields. */
static const struct parameter *after(const struct parameter *parameter)
{
    int fields = parameter->form == GROUP ? parameter->size : 0;

    for (parameter++; fields > 0; fields--) {
        parameter = after(parameter);
    }
    return parameter;
}

static const struct kernel *kernel_of_name(const char *name)
{
    const struct kernel_folder *const *folder;
    const struct kernel *kernel;

    for (folder = kernel_folders; *folder != NULL; folder++) {
        const size_t length = strlen((*folder)->name);
        if (strncmp(name, (*folder)->name, length) != 0 || name[length] != '.') {
            continue;
        }
        for (kernel = (*folder)->kernels; kernel->name != NULL; kernel++) {
            if (strcmp(kernel->name, name) == 0) {
                return kernel;
            }
        }
    }
    return NULL;
}

/* Whether a Python function has the parameters that its compiled form was made for. */
static int has_parameters(PyObject *source, const struct kernel *kernel)
{
    PyCodeObject *const code = (PyCodeObject *)PyFunction_GET_CODE(source);
    PyObject *const names = PyCode_GetVarnames(code);
    const struct parameter *parameter = kernel->parameters;
    int i, same = names != NULL && code->co_argcount == kernel->n_parameters;

    for (i = 0; same && i < kernel->n_parameters; i++) {
        const char *name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(names, i));
        same = name != NULL && strcmp(name, parameter->name) == 0;
        parameter = after(parameter);
    }
    Py_XDECREF(names);
    return same;
}

static int has_avx2(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    return __builtin_cpu_supports("avx2");
#else
    return 0;
#endif
}

/* The version of a kernel that is asked for; without a wish the best for this processor. NULL if there is none. */
static kernel_entry entry_of(const struct kernel *kernel, const char *version)
{
    if (version == NULL) {
        return kernel->avx2 != NULL && has_avx2() ? kernel->avx2 : kernel->baseline;
    }
    if (strcmp(version, "baseline") == 0) {
        return kernel->baseline;
    }
    return strcmp(version, "avx2") == 0 && has_avx2() ? kernel->avx2 : NULL;
}

/* bind(name, source, version=None) -> kernel; KeyError if there is none, or it was made from something else. */
static PyObject *bind(PyObject *module, PyObject *arguments)
{
    const char *name, *version = NULL;
    PyObject *source;
    kernel_entry entry;
    const struct kernel *kernel;
    Kernel *object;

    (void)module;
    if (!PyArg_ParseTuple(arguments, "sO!|z", &name, &PyFunction_Type, &source, &version)) {
        return NULL;
    }
    kernel = kernel_of_name(name);
    entry = kernel == NULL ? NULL : entry_of(kernel, version);
    if (entry == NULL || !has_parameters(source, kernel)) {
        return PyErr_Format(PyExc_KeyError, "%s", name);
    }
    object = (Kernel *)kernel_type->tp_alloc(kernel_type, 0);
    if (object == NULL) {
        return NULL;
    }
    object->call = call_kernel;
    object->kernel = kernel;
    object->entry = entry;
    object->source = Py_NewRef(source);
    return (PyObject *)object;
}

/* sources() -> {file: digest} of what was compiled. */
static PyObject *sources(PyObject *module, PyObject *unused)
{
    PyObject *table = PyDict_New();
    const struct kernel_folder *const *folder;
    const char *const *entry;

    (void)module, (void)unused;
    for (folder = kernel_folders; table != NULL && *folder != NULL; folder++) {
        for (entry = (*folder)->sources; *entry != NULL; entry += 2) {
            PyObject *digest = PyUnicode_FromString(entry[1]);
            if (digest == NULL || PyDict_SetItemString(table, entry[0], digest) < 0) {
                Py_CLEAR(table);
                Py_XDECREF(digest);
                break;
            }
            Py_DECREF(digest);
        }
    }
    return table;
}

/* names() -> names of all kernels. */
static PyObject *names(PyObject *module, PyObject *unused)
{
    PyObject *list = PyList_New(0);
    const struct kernel_folder *const *folder;
    const struct kernel *kernel;

    (void)module, (void)unused;
    for (folder = kernel_folders; list != NULL && *folder != NULL; folder++) {
        for (kernel = (*folder)->kernels; list != NULL && kernel->name != NULL; kernel++) {
            PyObject *name = PyUnicode_FromString(kernel->name);
            if (name == NULL || PyList_Append(list, name) < 0) {
                Py_CLEAR(list);
            }
            Py_XDECREF(name);
        }
    }
    return list;
}

static PyMethodDef functions[] = {{"bind", bind, METH_VARARGS, "Compiled form of a kernel, by name and Python function."},
                                  {"names", names, METH_NOARGS, "Names of the kernels."},
                                  {"sources", sources, METH_NOARGS, "Digests of the files that were compiled."},
                                  {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_compiled", "Compiled kernels.", -1, functions, NULL, NULL,
                                        NULL, NULL};

PyMODINIT_FUNC PyInit__compiled(void)
{
    PyObject *module;

    import_array();
    kernel_type = (PyTypeObject *)PyType_FromSpec(&kernel_spec);
    if (kernel_type == NULL) {
        return NULL;
    }
    module = PyModule_Create(&definition);
    if (module != NULL && PyModule_AddObjectRef(module, "Kernel", (PyObject *)kernel_type) < 0) {
        Py_CLEAR(module);
    }
    return module;
}
