"""Compiled kernels shared by several parts, and the numeric policy under which all kernels are compiled."""
