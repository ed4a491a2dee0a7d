"""Life cycles.

Intensity of the strongest storms around their maximum: each of them, and the mean where there are five or more.
"""

from matplotlib.figure import Figure

import stormtrack as st

tracks = st.track(st.sample_field(40), "vorticity-nh-t42").select(lifetime=("3 days", None), intensity=(6, None))
figure = Figure(figsize=(7, 4), layout="constrained")
axes = figure.subplots()
for one in tracks:
    values = one["intensity"]
    hours = 6 * (one.frame - one.frame[values.argmax()])
    (storm,) = axes.plot(hours, values, color="0.8", linewidth=0.8)
cycle = tracks.life_cycle("maximum")
common = cycle.count >= 5
(mean,) = axes.plot(cycle.offset[common], cycle.mean("intensity")[common], color="#0072b2", linewidth=2.5)
axes.legend([storm, mean], ["a storm", "mean of five or more"], frameon=False)
axes.set(xlabel="hours after the maximum", ylabel="vorticity (1e-5 s-1)")
figure.savefig("life_cycles.png")
print(len(tracks), "storms")
