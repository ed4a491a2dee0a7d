#!/usr/bin/env bash
# Sets up everything that stormtrack needs in ./.venv: Fortran and C++ compilers, the package and the extras named
# in $1 (default: none). Debian and Ubuntu packages are installed when something is missing; a second call is quick.
set -euo pipefail
cd "$(dirname "$0")/.."
extras=${1:-}
python=${PYTHON:-python3}

install_debian() {
    command -v apt-get >/dev/null || return 1
    local sudo=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || return 1
        sudo=sudo
    fi
    if [ -z "${APT_UPDATED:-}" ]; then
        $sudo apt-get update -qq
        APT_UPDATED=1
    fi
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "stormtrack needs Python 3.11 or newer; '$python' is $("$python" -V). Set PYTHON=/path/to/python3.11" >&2
    exit 1
}
missing=()
command -v gfortran >/dev/null || missing+=(gfortran)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v c++ >/dev/null || missing+=(g++)
"$python" -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
"$python" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' ||
    missing+=(python3-dev)
if [ ${#missing[@]} -gt 0 ]; then
    install_debian "${missing[@]}" || {
        echo "please install: ${missing[*]} (no apt-get here, or no right to use it)" >&2
        exit 1
    }
fi
case ",$extras," in
*,oracle,*) # the original's wheel wants two system libraries; without them its tests are skipped
    if ! ldconfig -p | grep -q 'libnetcdf\.so\.19' || ! ldconfig -p | grep -q 'libgfortran\.so\.5'; then
        install_debian libnetcdf19 libgfortran5 || echo "note: libnetcdf19/libgfortran5 not installed" >&2
    fi ;;
esac

[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check ".${extras:+[$extras]}"

# Commands run from this folder (python -m parity, pytest) import the package from here: give it the compiled parts too.
installed=$(cd / && "$OLDPWD/.venv/bin/python" -c 'import os, stormtrack; print(os.path.dirname(stormtrack.__file__))')
for file in "$installed"/splines/_dierckx*.so "$installed"/kernels/_compiled*.so "$installed"/text/_text*.so "$installed"/_build_info.*; do
    target=stormtrack/${file#"$installed"/}
    cmp -s "$file" "$target" || { cp "$file" "$target.new$$" && mv "$target.new$$" "$target"; } # never change a mapped file
done
