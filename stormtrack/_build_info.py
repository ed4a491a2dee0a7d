"""How the compiled modules were built; written by meson, read by stormtrack._build_config."""

BUILD_INFO = {
    "fortran_compiler": "gcc",
    "fortran_version": "12.2.0",
    "c_compiler": "gcc",
    "c_version": "12.2.0",
    "cpp_compiler": "gcc",
    "cpp_version": "12.2.0",
    "fortran_flags": "-ffp-contract=off -fno-fast-math -fprotect-parens",
    "c_flags": "-ffp-contract=off -fno-fast-math",
    "cpp_flags": "-ffp-contract=off -fno-fast-math",
    "optimisation": "3",
    "host_cpu": "x86_64",
    "host_system": "linux",
    "numpy_version": "2.4.6",
    "f2py_version": "2.4.6",
    "meson_version": "1.12.1",
}
