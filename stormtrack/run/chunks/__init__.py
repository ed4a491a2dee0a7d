"""Long series: both signs, chunk by chunk, then the splice; one command for TRACK's master, job script and splice.

References
----------
Specification 01, section 14.
"""
