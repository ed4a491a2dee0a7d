"""Numba set up to make object files: nothing is compiled for this process, nothing of numba or Python is called.

This leans on numba's internals (tested with the versions in pyproject.toml's build requirements). What is changed:

* code is generated for the instructions that are named, not for the processor at hand, position-independent;
* functions that kernels call are kept as LLVM modules; optimisation happens once, when all kernels of a folder are
  linked together, so that inlining sees everything;
* functions return a status number; numba's usual convention stores pickled exceptions, which only Python can read;
* there is no numba runtime: a kernel that makes an array is refused by numba (`_nrt=False`).
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm
import numba
from numba.core import callconv, cgutils, codegen, cpu, types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.core.runtime import rtsys

POLICY: dict[str, Any] = {
    "nogil": True,
    "fastmath": False,
    "error_model": "numpy",
    "_nrt": False,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
"""No fast-math, no contraction of a*b+c, C division. Said for every function, because a callee that does not say so
takes it from whoever has it compiled first."""

UNUSED_ADDRESS = "stormtrack_an_address_of_the_build_machine"
"""Stands for an address of a Python object; a kernel that really uses one cannot be linked."""
PREFIX = "stormtrack_kernel_"
"""Of all functions that C calls."""


class Library(codegen.AOTCodeLibrary):
    """Code of one function with what it calls, or of a whole folder; not optimised."""

    def enable_object_caching(self) -> None:
        """Nothing is cached."""

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        """Later, for each processor."""


class OptimisedLibrary(codegen.AOTCodeLibrary):
    """Code of a whole folder."""

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration:
                called_by_c = function.name.startswith(PREFIX)
                function.linkage = llvm.Linkage.external if called_by_c else llvm.Linkage.internal
        for variable in self._final_module.global_variables:
            if not variable.is_declaration:
                variable.linkage = llvm.Linkage.internal
        super()._optimize_final_module()


class Codegen(codegen.AOTCPUCodegen):
    """Keeps what it is given."""

    _library_class = Library


class OptimisingCodegen(codegen.AOTCPUCodegen):
    """Code generation for a set of instructions: LLVM's names of features, added to those of any processor."""

    _library_class = OptimisedLibrary

    def __init__(self, features: str) -> None:
        self._features = features
        super().__init__("stormtrack")

    def _customize_tm_features(self) -> str:
        return self._features


def optimised(code: str, features: str) -> OptimisedLibrary:
    """Library from LLVM's text of a whole folder."""
    library: OptimisedLibrary = OptimisingCodegen(features).create_library("stormtrack")
    library.add_llvm_module(llvm.parse_assembly(code))
    library.finalize()
    return library


class StatusConvention(callconv.MinimalCallConv):
    """int32 status (results*, arguments...), the status being 0, -2 (None) or an error."""

    def call_function(self, builder: Any, callee: Any, resty: Any, argtys: Any, args: Any, attrs: Any = None) -> Any:
        """As inherited; attributes of the call are left out."""
        return super().call_function(builder, callee, resty, argtys, args)


class Context(cpu.CPUContext):
    """Numba's target context, for object files."""

    aot_mode = True

    @global_compiler_lock
    def init(self) -> None:
        """Overrides what would start a JIT."""
        self.is32bit = False
        self._internal_codegen = Codegen("stormtrack")

    @property
    def call_conv(self) -> StatusConvention:
        """How compiled functions call one another."""
        return StatusConvention(self)

    def add_dynamic_addr(self, builder: Any, intaddr: int, info: str) -> Any:
        """An address of this process, which means nothing later: numba leaves it unused (it stands for functions)."""
        pointer = self.get_value_type(types.voidptr)
        try:
            place = builder.module.get_global(UNUSED_ADDRESS)
        except KeyError:
            place = cgutils.add_global_variable(builder.module, pointer, UNUSED_ADDRESS)
        return builder.load(place)

    def create_cpython_wrapper(self, *_arguments: Any, **_options: Any) -> None:
        """None: C calls the kernels."""

    def create_cfunc_wrapper(self, *_arguments: Any, **_options: Any) -> None:
        """None."""

    def post_lowering(self, mod: Any, library: Any) -> None:
        """The runtime is not linked in."""

    def get_executable(self, library: Any, fndesc: Any, env: Any) -> Any:
        """Something that numba takes for the function in this process; each time another."""
        return [].clear


def prepare() -> Context:
    """Make numba compile in this way from now on."""
    rtsys.initialize = lambda _context: None
    context = Context(cpu_target.typing_context, "cpu")
    cpu_target._toplevel_target_context = context
    return context


def dispatcher(function: Any) -> Any:
    """Numba's dispatcher of a kernel or of a function that kernels call."""
    return numba.njit(function, **POLICY)
