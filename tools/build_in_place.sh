#!/bin/sh
# Build the compiled modules with meson in build/dev and put them (and how they were built) into the source tree.
# PYTHON names the interpreter to build for; default .venv/bin/python, else python3.
set -eu
cd "$(dirname "$0")/.."
if [ -z "${PYTHON:-}" ]; then
  if [ -x .venv/bin/python ]; then PYTHON="$PWD/.venv/bin/python"; else PYTHON=python3; fi
fi
PATH="$(dirname "$PYTHON"):$PATH"
"$PYTHON" tools/list_sources.py
if [ ! -f build/dev/build.ninja ]; then
  printf "[binaries]\npython = '%s'\n" "$PYTHON" > build-native.ini.tmp
  mkdir -p build
  mv build-native.ini.tmp build/native.ini
  meson setup build/dev --native-file build/native.ini
fi
ninja -C build/dev
put() { # renamed into place: a running process may have the old one mapped
  cp "$1" "$2/.$(basename "$1").new"
  mv "$2/.$(basename "$1").new" "$2/$(basename "$1")"
}
for file in build/dev/fortran/_dierckx*.so; do put "$file" stormtrack/splines; done
for file in build/dev/cpp/_text*.so; do put "$file" stormtrack/text; done
for file in build/dev/stormtrack/_compiled*.so; do put "$file" stormtrack/kernels; done
cp build/dev/stormtrack/_build_info.py stormtrack/_build_info.py
