#!/usr/bin/env bash
# Runs the tests with the oldest direct dependencies that pyproject.toml allows, in an environment of its own (.lowest).
# Needs uv and the compilers; PYTHON is the interpreter (default: python3.11). Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
build=build/lowest
rm -rf .lowest "$build"
uv venv --quiet --python "${PYTHON:-python3.11}" .lowest
export VIRTUAL_ENV=$PWD/.lowest PATH="$PWD/.lowest/bin:$PATH"
python - >.lowest/build-requires.txt <<'END'
import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")
END
uv pip install --quiet --resolution lowest-direct -r .lowest/build-requires.txt
uv pip install --quiet meson ninja
uv pip install --quiet --resolution lowest-direct --no-build-isolation-package stormtrack \
    --config-settings=build-dir="$build" --config-settings=setup-args=-Dtest_extension=true --editable ".[all,docs]"
uv pip list
exec python -m pytest "$@"
