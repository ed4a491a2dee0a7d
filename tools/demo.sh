#!/usr/bin/env bash
# The main job on a bundled sample: set-up, a synthetic series, TRACK's spectral filter, tracking of maxima with
# TRACK's answer files, a summary of the tracks, a map and a page to explore them. Results lie in ./sample.
set -euo pipefail
cd "$(dirname "$0")/.."
bash tools/setup.sh plot
export PATH="$PWD/.venv/bin:$PATH"
folder=sample
for ((k = 2; ; k++)); do
    mkdir "$folder" 2>/dev/null && break
    [ -d "$folder" ] || { echo "cannot make the folder '$folder' here" >&2; exit 1; }
    folder=sample-$k # nothing that is there is touched
done
stormtrack sample -o "$folder" --frames 62 >/dev/null
cd "$folder"
echo "filtering a synthetic series of 62 six-hourly frames to total wavenumbers 5 to 42 ..."
track -i vo_sample.nc -f _s <specfilt.in
mv specfil_band001._s_band001 T42filt_vo.dat
echo "tracking maxima of vorticity in the Northern Hemisphere ..."
track -i T42filt_vo.dat -f _max <track_max.in
echo
stormtrack summary tdump_max --start 2000010100 --step 6
stormtrack plot tdump_max --start 2000010100 --step 6 --no-marks -o tracks.png --quiet
stormtrack explore tdump_max --start 2000010100 --step 6 --title "Cyclones of the sample" -o storms.html --quiet
cat <<END

Values are vorticity in 1e-5 s-1. The results lie in $PWD:
  vo_sample.nc     the synthetic series (NetCDF), with its answer files specfilt.in, track_max.in, ...
  T42filt_vo.dat   the filtered series (TRACK binary)
  objout_max       objects and feature points of every frame
  objout.new_max   the feature points that tracks are made of
  tdump_max        the tracks: frame, object and feature of every point
  interp_th_max    the field on the polar grid on which points were sought
  tracks.png       the tracks on a map
  storms.html      the tracks to explore: open it in a browser (it needs no network)
Next: the Southern Hemisphere, in which cyclones are minima:
  cd $folder && track -i T42filt_vo.dat -f _min_SH < track_min_SH.in && stormtrack summary tdump_min_SH
END
