"""The functions that C calls: arguments come as a row of 8-byte slots, results go into another.

Every kernel gets two. The inner one takes the data of arrays as pointers, so that LLVM finds out which of them are
written to; the outer one fetches these from the slots.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llvmlite import ir
from numba import types
from numba.np import arrayobj

from .signatures import DeclarationError, Parameter, Signature
from .target import PREFIX, Context, Library

INT32, INT64, DOUBLE = ir.IntType(32), ir.IntType(64), ir.DoubleType()
SLOTS = INT64.as_pointer()
NUMBA_NONE = ir.Constant(INT32, -2)
KINDS = {types.Integer: "INTEGER", types.Boolean: "BOOLEAN", types.Float: "REAL"}


def symbol(name: str, version: str) -> str:
    """C's name of a kernel."""
    return f"{PREFIX}{name.replace('.', '_')}_{version}"


def add_entries(context: Context, library: Library, name: str, version: str, made: Any, signature: Signature) -> None:
    """Add the functions that C calls for a compiled kernel."""
    module = context.create_module(f"entries of {name}")
    Entry(context, module, name, version, made.fndesc, signature).build()
    library.add_ir_module(module)


def arrays_of(signature: Signature) -> list[Parameter]:
    """All arrays, in the order of slots."""
    return [parameter for parameter in signature.flat() if parameter.is_array]


class Entry:
    """Builds the two functions of one kernel."""

    def __init__(
        self, context: Context, module: Any, name: str, version: str, description: Any, signature: Signature
    ) -> None:
        self.context, self.module, self.signature, self.description = context, module, signature, description
        self.name, self.symbol = name, symbol(name, version)
        pointers = [context.get_data_type(array.numba.dtype).as_pointer() for array in arrays_of(signature)]
        self.inner = ir.Function(module, ir.FunctionType(INT32, [SLOTS, SLOTS, *pointers]), f"{self.symbol}_inner")
        self.inner.attributes.add("noinline")
        self.outer = ir.Function(module, ir.FunctionType(INT32, [SLOTS, SLOTS]), self.symbol)

    def build(self) -> None:
        """Fill both."""
        self._build_inner()
        builder = ir.IRBuilder(self.outer.append_basic_block())
        arguments, results = self.outer.args
        data = [
            self._slot(builder, arguments, place, pointer.type)
            for place, pointer in zip(self._places_of_data(), self.inner.args[2:], strict=True)
        ]
        builder.ret(builder.call(self.inner, [arguments, results, *data]))

    def _places_of_data(self) -> Iterator[int]:
        place = 0
        for parameter in self.signature.flat():
            if parameter.is_array:
                yield place
            place += slots_of(parameter)

    def _build_inner(self) -> None:
        builder = ir.IRBuilder(self.inner.append_basic_block())
        arguments, results, *data = self.inner.args
        self._place, self._data = 0, iter(data)
        values = [self._value(builder, arguments, parameter) for parameter in self.signature.parameters]
        of_numba, convention = self.description, self.context.call_conv
        callee = ir.Function(
            self.module,
            convention.get_function_type(of_numba.restype, of_numba.argtypes),
            of_numba.llvm_func_name,
        )
        status, value = convention.call_function(builder, callee, of_numba.restype, of_numba.argtypes, values)
        self._store_results(builder, results, value)
        is_none = builder.icmp_signed("==", status.code, NUMBA_NONE)
        builder.ret(builder.select(is_none, ir.Constant(INT32, 0), status.code))

    def _slot(self, builder: Any, slots: Any, place: int, kind: Any) -> Any:
        address = builder.gep(slots, [ir.Constant(INT64, place)])
        return builder.load(builder.bitcast(address, kind.as_pointer()))

    def _next(self, builder: Any, slots: Any, kind: Any) -> Any:
        self._place += 1
        return self._slot(builder, slots, self._place - 1, kind)

    def _value(self, builder: Any, slots: Any, parameter: Parameter) -> Any:
        if parameter.is_group:
            fields = [self._value(builder, slots, field) for field in parameter.fields]
            return self.context.make_tuple(builder, parameter.numba, fields)
        if parameter.is_array:
            return self._array(builder, slots, parameter.numba)
        if parameter.numba == types.boolean:
            return builder.icmp_signed("!=", self._next(builder, slots, INT64), ir.Constant(INT64, 0))
        return self._next(builder, slots, self.context.get_value_type(parameter.numba))

    def _array(self, builder: Any, slots: Any, kind: Any) -> Any:
        array = self.context.make_array(kind)(self.context, builder)
        self._place += 1  # of the data, which come as a pointer
        shape = [self._next(builder, slots, INT64) for _ in range(kind.ndim)]
        size = ir.Constant(INT64, self.context.get_abi_sizeof(self.context.get_data_type(kind.dtype)))
        strides = [size]
        for extent in reversed(shape[1:]):
            strides.insert(0, builder.mul(strides[0], extent))
        arrayobj.populate_array(array, data=next(self._data), shape=shape, strides=strides, itemsize=size, meminfo=None)
        return array._getvalue()

    def _store_results(self, builder: Any, slots: Any, value: Any) -> None:
        kind = self.description.restype
        kinds = () if kind == types.none else tuple(kind) if isinstance(kind, types.BaseTuple) else (kind,)
        found = tuple(next((name for of, name in KINDS.items() if isinstance(each, of)), "?") for each in kinds)
        if found != self.signature.results:
            raise DeclarationError(f"{self.name} returns {kind}; declared: {self.signature.results}")
        for place, each in enumerate(kinds):
            part = builder.extract_value(value, place) if isinstance(kind, types.BaseTuple) else value
            wide = types.float64 if isinstance(each, types.Float) else types.int64
            part = self.context.cast(builder, part, each, wide)
            address = builder.gep(slots, [ir.Constant(INT64, place)])
            builder.store(part, builder.bitcast(address, part.type.as_pointer()))


def slots_of(parameter: Parameter) -> int:
    """Number of slots of a parameter without its fields."""
    if parameter.is_array:
        return 1 + int(parameter.numba.ndim)
    return 0 if parameter.is_group else 1


def written_arrays(library: Library, name: str, version: str, signature: Signature) -> set[str]:
    """Names of the arrays that a kernel may write to: all that LLVM does not know to be read only."""
    inner = library.get_function(f"{symbol(name, version)}_inner")
    pointers = list(inner.arguments)[2:]
    return {
        array.name
        for array, pointer in zip(arrays_of(signature), pointers, strict=True)
        if not {b"readonly", b"readnone"} & set(pointer.attributes)
    }
