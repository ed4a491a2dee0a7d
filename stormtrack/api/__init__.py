"""What users call from Python: fields in any form in, sets of tracks out.

The names of `stormtrack` itself; each is documented where it stands. Nothing here prints: warnings are Python's, notes
go to the logger ``stormtrack``, progress to a function that is handed in.
"""
