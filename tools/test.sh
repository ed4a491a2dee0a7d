#!/usr/bin/env bash
# Sets up everything and runs the tests. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
bash tools/setup.sh test,fieldtest,oracle,lint,docs
export PATH="$PWD/.venv/bin:$PATH"
ruff check .
ruff format --check .
mypy
exec python -m pytest -n "${STORMTRACK_TEST_WORKERS:-2}" "$@"
