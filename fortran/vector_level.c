/* Which versions of lanes.f90.in and harmonic_lanes.f90.in this machine can run: 0 the baseline, 1 those for AVX2,
 * 2 those for AVX-512. */

int vector_level(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        return 2;
    return __builtin_cpu_supports("avx2") ? 1 : 0;
#else
    return 0;
#endif
}
