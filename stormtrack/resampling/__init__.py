"""Resampling of units (tracks, seasons, members): permutations of two sets, bootstrap of one, false discovery rate."""
