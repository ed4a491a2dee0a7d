"""The engine ``jax``: filter and detection on whatever device JAX runs on, a GPU or this processor.

The settings are those of the other engines, and so are the features, within the tolerances that docs/jax.md states:
bit identity is not claimed. Linking stays on the processor, with TRACK's bits. Tables are made once by NumPy; what
works on fields is compiled by XLA, in float64 where not said otherwise.
"""
