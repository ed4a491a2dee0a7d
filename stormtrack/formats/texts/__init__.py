"""Text files of tracks that other programs write."""
