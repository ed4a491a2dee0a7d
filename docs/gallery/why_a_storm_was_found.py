"""Why a storm was found.

What detection does with one frame: cells of the filtered field, the threshold (green), objects, maxima of the grid and
of the fitted surface, and what was left out for which reason.
"""

import stormtrack as st

view = st.frame_view(st.sample_field(10), "vorticity-nh-t42", frame=5)
print(view)
print(view.near(35.0, 44.0))
view.plot().savefig("frame.png", bbox_inches="tight")
view.plot(near=(35.0, 44.0)).savefig("storm.png", bbox_inches="tight")
