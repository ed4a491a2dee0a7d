"""Metrics within a radius.

How often a storm was within 10 degrees of a place (CF: the number of points of tracks there), and the
accumulated activity of those that were (ATA).
"""

import stormtrack as st

tracks = st.track(st.sample_field(30), "vorticity-nh-t42").select(lifetime=("1 day", None))
metrics = tracks.metrics(["CF", "ATA"], 10.0)
st.plot_field(metrics, "CF", projection="north").savefig("cf.png", bbox_inches="tight")
st.plot_field(metrics, "ATA", projection="north").savefig("ata.png", bbox_inches="tight")
