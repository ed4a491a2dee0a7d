"""The users' sets of tracks: selecting, motion, combining, showing; reading and writing them."""
