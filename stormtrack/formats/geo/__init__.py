"""Tracks as lines on a map."""
