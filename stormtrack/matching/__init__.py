"""Which tracks of two sets are the same storm."""
