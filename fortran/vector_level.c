/* Which version of lanes.f90.in this machine can run: 0 the baseline, 1 that for AVX2. */

int vector_level(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") ? 1 : 0;
#else
    return 0;
#endif
}
