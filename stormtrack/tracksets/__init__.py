"""The users' sets of tracks: selecting, motion, combining, matching, showing; reading and writing them."""

from .tracks import Tracks

__all__ = ["Tracks"]
