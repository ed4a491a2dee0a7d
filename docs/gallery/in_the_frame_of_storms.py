"""In the frame of storms.

The mean field around all storms at their maximum, with the direction of motion up.
"""

import stormtrack as st

field = st.sample_field(20)
tracks = st.track(field, "vorticity-nh-t42").select(lifetime=("1 day", None), intensity=(3, None))
mean = tracks.composite(field, radius=15, up="motion", align="maximum", lags=[0])
print(mean.attrs["number_of_points"], "storms")
st.plot_field(mean, "vo_mean").savefig("composite.png", bbox_inches="tight")
