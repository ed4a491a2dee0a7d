"""Tracks on a map.

Ten frames of a synthetic series are filtered, searched and linked as TRACK does it, and the tracks are drawn: dark for
strong, rings where they begin, crosses where they end.
"""

import stormtrack as st

tracks = st.track(st.sample_field(10), "vorticity-nh-t42")
print(tracks)
tracks.plot().savefig("tracks.png", bbox_inches="tight")
