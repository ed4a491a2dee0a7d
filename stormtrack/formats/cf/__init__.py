"""Tracks as CF describes trajectories."""
