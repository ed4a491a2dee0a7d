"""Names of array types, once for the whole package.

`F32` is an array of float32 of any rank. `F32_1D`, `F32_2D`, ... say the rank too: with these, kernels declare what
Python gives them (`stormtrack.kernels.declare`).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.generic]
F32: TypeAlias = npt.NDArray[np.float32]
F64: TypeAlias = npt.NDArray[np.float64]
I8: TypeAlias = npt.NDArray[np.int8]
U8: TypeAlias = npt.NDArray[np.uint8]
I32: TypeAlias = npt.NDArray[np.int32]
I64: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]

F32_1D: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float32]]
F32_2D: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float32]]
F64_1D: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]
F64_2D: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float64]]
I32_3D: TypeAlias = np.ndarray[tuple[int, int, int], np.dtype[np.int32]]
F64_3D: TypeAlias = np.ndarray[tuple[int, int, int], np.dtype[np.float64]]
I8_1D: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int8]]
U8_1D: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint8]]
U8_2D: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
I32_1D: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int32]]
I32_2D: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.int32]]
I64_1D: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]
I64_2D: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.int64]]
Mask_1D: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]
Mask_2D: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.bool_]]
