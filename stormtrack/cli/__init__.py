"""The commands `track` and `stormtrack`."""

import os

# No stage uses BLAS, but NumPy starts its threads when it is imported, and they wait busily for a while.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
