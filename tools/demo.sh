#!/usr/bin/env bash
# The main job on a bundled sample: set-up, a synthetic series, TRACK's spectral filter, tracking of maxima with
# TRACK's answer files, and a summary of the tracks. Results lie in ./sample.
set -euo pipefail
cd "$(dirname "$0")/.."
bash tools/setup.sh
export PATH="$PWD/.venv/bin:$PATH"
rm -rf sample
stormtrack sample -o sample --frames 62
cd sample
track -i vo_sample.nc -f _s <specfilt.in
mv specfil_band001._s_band001 T42filt_vo.dat
track -i T42filt_vo.dat -f _max <track_max.in
stormtrack summary tdump_max
