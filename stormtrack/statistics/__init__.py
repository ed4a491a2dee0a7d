"""Statistics of sets of tracks by kernels on the sphere: densities, means, deviations at sampling points."""
