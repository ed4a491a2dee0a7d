"""How fast and how large: stormtrack beside TRACK in the same run, kernel by kernel, and a gate for changes."""
