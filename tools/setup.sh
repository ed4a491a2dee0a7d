#!/usr/bin/env bash
# Sets up everything that stormtrack needs in ./.venv: compilers, what the build needs, and the package with the extras
# named in $1 (default: none), as an editable install: imports take the sources of this folder and build again what has
# changed. Debian and Ubuntu packages are installed when something is missing. A second call is quick, and one that was
# interrupted can be repeated.
set -euo pipefail
cd "$(dirname "$0")/.."
extras=${1:-}
python=${PYTHON:-python3}
stamp=.venv/stormtrack-setup
export PATH=$PATH:/usr/sbin:/sbin # of ldconfig; not everybody has it, and an empty environment has no PATH at all

say() { echo "setup: $*" >&2; }

fail() {
    say "$*"
    exit 1
}

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

check_python() {
    command -v "$python" >/dev/null ||
        fail "there is no '$python'; stormtrack needs Python 3.11 or newer: set PYTHON=/path/to/python3.11"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "stormtrack needs Python 3.11 or newer; '$python' is $("$python" -V): set PYTHON=/path/to/python3.11"
}

install_system_packages() {
    local missing=()
    command -v gfortran >/dev/null || missing+=(gfortran)
    command -v cc >/dev/null || missing+=(gcc libc6-dev)
    command -v c++ >/dev/null || missing+=(g++)
    "$python" -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
    "$python" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' ||
        missing+=(python3-dev)
    if [ ${#missing[@]} -gt 0 ]; then
        say "installing ${missing[*]}"
        install_debian "${missing[@]}" || fail "please install: ${missing[*]} (no apt-get here, or no right to use it)"
    fi
    case ",$extras," in
    *,oracle,*) # the original's wheel wants two system libraries; without them its tests are skipped
        if ! ldconfig -p | grep -q 'libnetcdf\.so\.19' || ! ldconfig -p | grep -q 'libgfortran\.so\.5'; then
            install_debian libnetcdf19 libgfortran5 || say "note: libnetcdf19/libgfortran5 not installed"
        fi ;;
    esac
    case ",$extras," in
    *,fieldtest,*) # pages are tested in a browser; without one these tests are skipped
        if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
            say "installing chromium"
            install_debian chromium || say "note: chromium not installed"
        fi ;;
    esac
}

make_environment() { # an environment without pip was interrupted while it was made
    if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
        say "making .venv"
        "$python" -m venv --clear .venv
    fi
}

state() { # of all that an installation depends on besides the sources, which are looked at by every import
    cat pyproject.toml meson.build meson.options tools/setup.sh | cksum
    .venv/bin/python -V
    pwd
}

is_installed() {
    [ -f "$stamp" ] && [ "$(sed 1d "$stamp")" = "$(state)" ] || return 1
    local extra
    for extra in ${extras//,/ }; do
        case ",$(head -n 1 "$stamp")," in *",$extra,"*) ;; *) return 1 ;; esac
    done
}

pip_install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"
}

install_package() {
    if [ -f "$stamp" ]; then # what is there stays
        extras=$(echo "$extras,$(head -n 1 "$stamp")" | tr , '\n' | sort -u | sed '/^$/d' | paste -sd, -)
        rm -f "$stamp"
    fi
    say "installing what the build needs"
    .venv/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' |
        pip_install -r /dev/stdin meson ninja
    say "compiling and installing stormtrack (a minute or two)"
    local package=".${extras:+[$extras]}"
    set -- --no-build-isolation --config-settings=setup-args=-Dtest_extension=true --editable "$package"
    pip_install "$@" || {
        say "once more, from the beginning"
        rm -rf build/cp*
        pip_install "$@"
    }
    { echo "$extras"; state; } >"$stamp"
}

check_python
install_system_packages
make_environment
export PATH="$PWD/.venv/bin:$PATH"
is_installed || install_package
(cd / && python -c 'import stormtrack') # builds again what has changed
