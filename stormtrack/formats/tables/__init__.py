"""Tracks as tables: one row for each point."""
