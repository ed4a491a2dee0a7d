"""Density and genesis.

How many tracks pass, and where they begin, by the spherical kernels of TRACK's statistics.
"""

import stormtrack as st

tracks = st.track(st.sample_field(30), "vorticity-nh-t42").select(lifetime=("1 day", None))
statistics = tracks.statistics(5.0, adaptive=False)
print(len(tracks), "tracks")
st.plot_field(statistics, "track_density", projection="north").savefig("density.png", bbox_inches="tight")
st.plot_field(statistics, "genesis_density", projection="north").savefig("genesis.png", bbox_inches="tight")
