"""How a test server in one file is served: its options, its threads and its end.

Knows no SCIM.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class ThreadingWSGIServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class QuietHandler(WSGIRequestHandler):
    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, format: str, *args: Any) -> None:  # pylint: disable=redefined-builtin
        pass


def parser_of(description: str) -> argparse.ArgumentParser:
    """Return a parser with the options that every server has but for the token."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seconds", type=float, metavar="N", help="end after N seconds")
    parser.add_argument("--ready-file", metavar="FILE", help="write url and pid to FILE when ready")
    return parser


def serve(application: Any, args: argparse.Namespace, path: str) -> None:
    """Serve a WSGI application on loopback until it is ended.

    ``path`` is that of its base URL.
    """
    try:
        listening = make_server(
            "127.0.0.1", args.port, application, ThreadingWSGIServer, QuietHandler
        )
    except OSError as error:
        sys.exit(f"Port {args.port} cannot be used: {error.strerror}")
    with listening as server:
        url = f"http://127.0.0.1:{server.server_port}{path}"
        if args.seconds:
            end = threading.Timer(args.seconds, server.shutdown)
            end.daemon = True
            end.start()
        if args.ready_file:
            write_ready_file(args.ready_file, {"url": url, "pid": os.getpid()})
        print(f"Serving SCIM on {url}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


def write_ready_file(path: str, content: dict[str, Any]) -> None:
    """Write the file in one step, so it is complete as soon as it exists."""
    part = Path(f"{path}.part")
    part.write_text(json.dumps(content), encoding="utf-8")
    part.replace(path)
