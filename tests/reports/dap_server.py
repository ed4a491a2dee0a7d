"""A small OPeNDAP server (DAP2) for one NetCDF file of numbers, on the loopback interface.

References
----------
The Data Access Protocol DAP 2.0 (NASA ESE-RFC-004.1.1): requests for .dds, .das and .dods with index ranges.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import netCDF4
import numpy as np

_TYPES = {"f4": ("Float32", ">f4"), "f8": ("Float64", ">f8"), "i4": ("Int32", ">i4")}
_RANGE = re.compile(r"\[(\d+)(?::(\d+))?(?::(\d+))?\]")
NAME = "series.nc"


class _Variable:
    def __init__(self, variable: netCDF4.Variable) -> None:
        self.name, self.dimensions = variable.name, variable.dimensions
        self.values = np.asarray(variable[...])
        self.kind, self.code = _TYPES[variable.dtype.str[1:]]
        self.units = variable.getncattr("units") if "units" in variable.ncattrs() else ""

    def declaration(self, values: np.ndarray) -> str:
        axes = "".join(f"[{n} = {size}]" for n, size in zip(self.dimensions, values.shape, strict=True))
        return f"    {self.kind} {self.name}{axes};\n"

    def selected(self, ranges: str) -> np.ndarray:
        index = []
        for first, second, third in _RANGE.findall(ranges):
            start, step, stop = int(first), 1, int(second or first)
            if third:
                step, stop = int(second), int(third)
            index.append(slice(start, stop + 1, step))
        return self.values[tuple(index)]

    def xdr(self, values: np.ndarray) -> bytes:
        count = np.array([values.size] * 2, ">i4").tobytes()
        return count + np.ascontiguousarray(values, self.code).tobytes()


def _read(path: Path) -> dict[str, _Variable]:
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        return {name: _Variable(variable) for name, variable in file.variables.items()}


def _answer(variables: dict[str, _Variable], kind: str, query: str) -> bytes:
    if kind == "das":
        texts = [f'    {v.name} {{\n        String units "{v.units}";\n    }}\n' for v in variables.values()]
        return ("Attributes {\n" + "".join(texts) + "}\n").encode()
    wanted = []
    for part in query.split(",") if query else variables:
        name = part.partition("[")[0]
        wanted.append((variables[name], variables[name].selected(part[len(name) :])))
    head = "Dataset {\n" + "".join(v.declaration(values) for v, values in wanted) + f"}} {NAME};\n"
    if kind == "dds":
        return head.encode()
    return head.encode() + b"\nData:\n" + b"".join(v.xdr(values) for v, values in wanted)


@contextmanager
def serving(path: Path, *, page: bytes | None = None, status: int = 200) -> Iterator[str]:
    """Serve a file; gives its address. With `page` or another status every request is answered by that."""
    variables = _read(path)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target = urlsplit(self.path)
            found = re.fullmatch(rf"/{NAME}\.(dds|das|dods)", target.path)
            body, code = b"", status
            if page is not None:
                body = page
            elif found is None or status != 200:
                code = 404 if status == 200 else status
            else:
                body = _answer(variables, found[1], unquote(target.query))
            self.send_response(code)
            self.send_header("XDODS-Server", "dods/3.2")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{NAME}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
