#!/usr/bin/env bash
# The demo's main job with the stormtrack that is on the PATH, nothing else: checksums of all outputs, one a line, on
# standard output. Two installations that print the same lines give the same bytes.
#     bash tools/sample_bytes.sh FOLDER [FRAMES]      (the folder is made)
set -euo pipefail
folder=$1
frames=${2:-62}
stormtrack sample -o "$folder" --frames "$frames" >/dev/null
cd "$folder"
track -i vo_sample.nc -f _s <specfilt.in >&2
mv specfil_band001._s_band001 T42filt_vo.dat
track -i T42filt_vo.dat -f _max <track_max.in >&2
stormtrack summary tdump_max --start 2000010100 --step 6 >summary.txt
sha256sum -- *
