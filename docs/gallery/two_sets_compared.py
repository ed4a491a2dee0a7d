"""Two sets compared.

Differences of two samples with a permutation test of whole tracks; dots where they are significant. (Both samples are
synthetic, so few are.)
"""

import stormtrack as st

first, second = (st.track(st.sample_field(16, seed=seed), "vorticity-nh-t42") for seed in (1, 2))
found = first.difference(second, "track_density", 5.0, interval=6, permutations=200)
print(len(first), "and", len(second), "tracks")
st.plot_field(found, "track_density", projection="north").savefig("difference.png", bbox_inches="tight")
