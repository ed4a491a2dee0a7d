"""Servers on the loopback interface: HTTP with ranges, which can be told to fail, and S3 by moto."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Fault = Callable[["Server", str], str]
"""What goes wrong with a request for a path: ``''``, ``'503'``, ``'403'``, ``'cut'``, ``'reset'`` or ``'hang'``."""


@dataclass
class Server:
    """A folder served over HTTP."""

    folder: Path
    url: str = ""
    ranges: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)
    fault: Fault = lambda server, path: ""
    stopping: threading.Event = field(default_factory=threading.Event)

    def requests(self, name: str) -> int:
        """GET requests for a file."""
        return sum(method == "GET" and path.endswith(name) for method, path in self.asked)


@contextmanager
def http_server(folder: Path) -> Iterator[Server]:
    """A server with ranges; `fault` and `ranges` may be changed while it runs."""
    server = Server(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: Any) -> None:
            pass

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, with_body: bool) -> None:
            server.asked.append((self.command, self.path))
            fault = server.fault(server, self.path)
            file = server.folder / self.path.lstrip("/")
            if fault == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                self.connection.close()
                self.close_connection = True
                return
            if fault == "hang":
                server.stopping.wait(20)
            if fault.isdigit() or not file.is_file():
                self.send_response(int(fault) if fault.isdigit() else 404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self._send(file.read_bytes(), with_body, cut=fault == "cut")

        def _send(self, data: bytes, with_body: bool, *, cut: bool) -> None:
            found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            part, status = data, 200
            if found and server.ranges:
                start, end = int(found[1]), min(int(found[2] or len(data)), len(data) - 1)
                part, status = data[start : end + 1], 206
            self.send_response(status)
            if status == 206:
                self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
            self.send_header("Accept-Ranges", "bytes" if server.ranges else "none")
            self.send_header("Content-Length", str(len(part)))
            self.end_headers()
            if with_body:
                self.wfile.write(part[: len(part) // 2] if cut else part)
                self.close_connection = cut

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        http.handle_error = lambda *arguments: None  # type: ignore[method-assign]
        thread = threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        server.url = f"http://127.0.0.1:{http.server_address[1]}"
        try:
            yield server
        finally:
            server.stopping.set()
            http.shutdown()
            thread.join()


@dataclass(frozen=True)
class Bucket:
    """A private bucket."""

    name: str
    options: dict[str, Any]
    client: Any

    def put(self, path: Path, key: str) -> str:
        """Store a file or a folder; its address."""
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                name = key if file == path else f"{key}/{file.relative_to(path)}"
                self.client.put_object(Bucket=self.name, Key=name, Body=file.read_bytes())
        return f"s3://{self.name}/{key}"


@contextmanager
def s3_bucket() -> Iterator[Bucket]:
    """A private bucket of a server that asks for keys."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        keys = {"aws_access_key_id": "reader", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        client = boto3.client("s3", endpoint_url=endpoint, **keys)
        name = f"storms-{time.time_ns()}"
        client.create_bucket(Bucket=name, ACL="private")
        options = {"key": "reader", "secret": "secret", "client_kwargs": {"endpoint_url": endpoint}}
        yield Bucket(name, options, client)
    finally:
        server.stop()
