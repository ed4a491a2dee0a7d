/* The end of the program where memory.f90 has no memory for work arrays. */

#include <stdio.h>
#include <stdlib.h>

void stormtrack_out_of_memory(void);

void stormtrack_out_of_memory(void)
{
    fputs("stormtrack: there is not enough memory for the work arrays of a spline\n", stderr);
    exit(1);
}
