"""Two trackers.

The same field by TRACK's method and by the simple tracker, which takes the field as it is.
"""

import stormtrack as st
from stormtrack.trackers import SimpleTracker

field = st.sample_field(16)
hodges = st.track(field, "vorticity-nh-t42").select(lifetime=("2 days", None))
simple = st.track(field, tracker=SimpleTracker(sign="max")).select(lifetime=("2 days", None), region=(0, 360, 0, 90))
print(hodges.match(simple))
hodges.plot(title="TRACK's method").savefig("hodges.png", bbox_inches="tight")
simple.plot(title="the simple tracker", projection="north").savefig("simple.png", bbox_inches="tight")
