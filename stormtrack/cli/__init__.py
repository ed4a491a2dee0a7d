"""The commands `track` and `stormtrack`."""
