"""Fields on grids without rows and columns of true longitudes and latitudes brought to one that has them, when read."""
