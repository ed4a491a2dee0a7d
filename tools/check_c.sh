#!/usr/bin/env bash
# Static checks of the C and C++ sources by cppcheck.
set -euo pipefail
cd "$(dirname "$0")/.."
cppcheck --quiet --enable=warning,performance,portability --error-exitcode=1 \
    --suppress=missingIncludeSystem -I stormtrack/kernels fortran stormtrack
