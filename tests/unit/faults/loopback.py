# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP server on loopback whose answers are made by a function.

Knows no SCIM.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class Sent:
    """What is sent back."""

    status: int
    data: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


# Makes the answer to a request: its method, its target, its headers and its body.
Answering = Callable[[str, str, Mapping[str, str], bytes], Sent]


def _handler(answering: Answering) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = 60

        def log_message(self, format: str, *args: Any) -> None:  # pylint: disable=redefined-builtin
            pass

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            sent = answering(self.command, self.path, self.headers, body)  # type: ignore[arg-type]
            self.send_response(sent.status)
            for name, value in sent.headers.items():
                self.send_header(name, value)
            if sent.status != 204:
                self.send_header("Content-Length", str(len(sent.data)))
            self.end_headers()
            if sent.status != 204:
                self.wfile.write(sent.data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error."""


@contextlib.contextmanager
def loopback(answering: Answering, port: int = 0) -> Iterator[str]:
    """Serve for the time of the ``with``. Yield the address, without a path."""
    with _Server((ADDRESS, port), _handler(answering)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.daemon = True
        thread.start()
        try:
            yield f"http://{ADDRESS}:{server.server_port}"
        finally:
            server.shutdown()
