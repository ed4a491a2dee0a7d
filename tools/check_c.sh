#!/usr/bin/env bash
# Static checks of the C and C++ sources: cppcheck, and the compilers' own analysis of warnings as errors.
set -euo pipefail
cd "$(dirname "$0")/.."
cppcheck --quiet --enable=warning,performance,portability --error-exitcode=1 --inline-suppr \
    --suppress=missingIncludeSystem -I stormtrack/kernels fortran stormtrack
