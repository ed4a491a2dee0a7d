"""A region.

Storms of the North Atlantic on Lambert's cone; lines end where the map does.
"""

import stormtrack as st

tracks = st.track(st.sample_field(24), "vorticity-nh-t42")
atlantic = tracks.select(region=(-80, 20, 25, 75), lifetime=("1 day", None))
print(len(atlantic), "of", len(tracks))
atlantic.plot(region=(-85, 25, 20, 78)).savefig("atlantic.png", bbox_inches="tight")
