/* What the generated tables of compiled kernels say (tools/kernel_compiler writes them, _compiled.c reads them). */

#ifndef STORMTRACK_COMPILED_H
#define STORMTRACK_COMPILED_H

#include <stdint.h>

/* One word on the way into or out of a kernel: the data or an extent of an array, or a scalar. */
typedef union {
    void *data;
    int64_t integer;
    double real;
    float single;
} slot;

typedef int32_t (*kernel_entry)(const slot *arguments, slot *results);

enum form { ARRAY, SCALAR, GROUP };

/* A parameter. Fields of a group (a named tuple) follow it. */
struct parameter {
    const char *name;  /* as a message shows it: `memory.cost` */
    const char *class; /* of a group */
    enum form form;
    int type;          /* NumPy's number of the type of elements, or of a scalar */
    int size;          /* rank of an array, number of fields of a group */
    int written;       /* whether the kernel may write into the array */
};

enum result { BOOLEAN, INTEGER, REAL };

struct kernel {
    const char *name; /* `link.sweep.sweep_series` */
    kernel_entry baseline, avx2; /* the second is NULL where there is one version only */
    const struct parameter *parameters;
    int n_parameters; /* without fields of groups */
    int n_slots;
    const enum result *results;
    int n_results; /* 0: None, more than 1: a tuple */
};

/* The kernels of a folder, by name; the last row has no name. */
struct kernel_folder {
    const char *name;
    const struct kernel *kernels;
    const char *const *sources; /* file, digest, file, digest, ..., NULL */
};

#define MOST_SLOTS 512
#define MOST_RESULTS 8

#endif
