#!/usr/bin/env bash
# Sets up what is needed and builds the documentation site into build/site, without warnings and without network.
set -euo pipefail
cd "$(dirname "$0")/.."
bash tools/setup.sh docs
export PATH="$PWD/.venv/bin:$PATH"
exec python tools/build_site.py "$@"
