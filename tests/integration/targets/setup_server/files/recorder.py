"""Knows how to pass HTTP requests on unchanged, count them and spoil some when told; knows nothing of SCIM but which POST only reads."""

# Control, all below /__recorder__ and never counted:
#   GET    /__recorder__/        counts and entries since the last reset
#   GET    /__recorder__/take    the same, and reset in the same step
#   POST   /__recorder__/reset   forget counts and entries; the rules stay
#   POST   /__recorder__/fault   add a rule, for example {"method": "POST", "path_prefix": "/Users", "action": "drop_answer"}
#   DELETE /__recorder__/fault   forget all rules
#   POST   /__recorder__/token   an OAuth 2.0 token endpoint: the access token is the client secret
# The rules: faults.py.

from __future__ import annotations

import argparse
import base64
import datetime
import http.client
import json
import os
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from faults import (
    UNANSWERED,
    UNSEEN,
    Answer,
    Rules,
    break_off,
    made_answer,
    send_body,
    wait_for_the_end,
)

CONTROL = "/__recorder__"
HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-length",
}
READING = {"GET", "HEAD", "OPTIONS"}


@dataclass
class Records:
    """What was seen since the last reset, and the rules still waiting."""

    log: str | None
    entries: list[dict[str, Any]] = field(default_factory=list)
    rules: Rules = field(default_factory=Rules)
    lock: threading.Lock = field(default_factory=threading.Lock)
    connections: int = 0
    in_flight: int = 0
    most_in_flight: int = 0

    def add(self, entry: dict[str, Any]) -> None:
        with self.lock:
            self.entries.append(entry)
            if self.log:
                with open(self.log, "a", encoding="utf-8") as file:
                    file.write(json.dumps(entry) + "\n")

    def enter(self, step: int) -> None:
        with self.lock:
            self.in_flight += step
            self.most_in_flight = max(self.most_in_flight, self.in_flight)

    def connected(self) -> None:
        with self.lock:
            self.connections += 1

    def summary(self, reset: bool = False) -> dict[str, Any]:
        with self.lock:
            writes = sum(entry["write"] for entry in self.entries)
            result = {
                "requests": len(self.entries),
                "writes": writes,
                "reads": len(self.entries) - writes,
                "by_method": dict(Counter(entry["method"] for entry in self.entries)),
                "connections": self.connections,
                "most_in_flight": self.most_in_flight,
                "faults": len(self.rules),
                "entries": self.entries,
            }
            if reset:
                self.entries, self.connections, self.most_in_flight = [], 0, self.in_flight
            return result


@dataclass(frozen=True)
class Upstream:
    """The server behind: where it is and how to ask it."""

    url: str
    timeout: float = 120

    @property
    def base(self) -> str:
        return urlsplit(self.url).path.rstrip("/")

    @property
    def loopback(self) -> bool:
        return urlsplit(self.url).hostname in ("127.0.0.1", "localhost", "::1")

    def ask(self, method: str, path: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
        parts = urlsplit(self.url)
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(
                parts.hostname or "",
                parts.port,
                timeout=self.timeout,
                context=ssl.create_default_context(),
            )
        else:
            connection = http.client.HTTPConnection(
                parts.hostname or "", parts.port, timeout=self.timeout
            )
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                # A loopback server keeps the address the client used, so that the locations it names lead here again.
                if name.lower() == "host" and not self.loopback:
                    value = parts.netloc.rpartition("@")[2]
                if name.lower() not in HOP_BY_HOP:
                    connection.putheader(name, value.encode("latin-1"))
            if body or method not in READING:
                connection.putheader("Content-Length", str(len(body)))
            connection.putheader("Connection", "close")
            connection.endheaders(body or None)
            response = connection.getresponse()
            kept = [
                (name, value)
                for name, value in response.getheaders()
                if name.lower() not in HOP_BY_HOP
            ]
            return Answer(response.status, response.reason, kept, response.read())
        finally:
            connection.close()


class Recorder(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120
    records: Records
    upstream: Upstream
    bodies = False

    def setup(self) -> None:
        super().setup()
        self.counted = False

    def log_message(self, format: str, *args: Any) -> None:  # pylint: disable=redefined-builtin
        pass

    def request_body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(parts)

    def reply(self, answer: Answer, fault: dict[str, Any] | None = None) -> None:
        action = (fault or {}).get("action")
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status >= 200 and answer.status not in (204, 304) and action != "cut":
            length = len(answer.body)
            if self.command == "HEAD":
                length = next(
                    (
                        int(value)
                        for name, value in answer.headers
                        if name.lower() == "content-length"
                    ),
                    0,
                )
            self.send_header("Content-Length", str(length))
        if action in ("truncate", "cut", "stall"):
            self.close_connection = True
        if action == "cut":
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            send_body(self.wfile, answer.body, fault or {})
        if action == "stall" and answer.body:
            wait_for_the_end(self.connection)

    def drop(self, reset: bool) -> None:
        self.close_connection = True
        break_off(self.connection, (self.rfile, self.wfile), reset=reset)

    def control(self) -> None:
        body = self.request_body()
        command = (self.command, self.path[len(CONTROL) :].strip("/"))
        content: Any = {}
        status = 200
        if command in (("GET", ""), ("GET", "take")):
            content = self.records.summary(reset=command[1] == "take")
        elif command == ("POST", "reset"):
            content = self.records.summary(reset=True)
        elif command == ("POST", "fault"):
            self.records.rules.add(json.loads(body))
        elif command == ("DELETE", "fault"):
            self.records.rules.clear()
        elif command == ("POST", "token"):
            pair = base64.b64decode(
                self.headers.get("Authorization", "").removeprefix("Basic ")
            ).decode()
            content = {
                "access_token": unquote_plus(pair.partition(":")[2]),
                "token_type": "Bearer",
                "expires_in": 3600,
            }
        else:
            status = 404
        self.reply(
            Answer(
                status,
                http.client.responses[status],
                [("Content-Type", "application/json")],
                json.dumps(content).encode(),
            )
        )

    def relative_path(self) -> str:
        base = self.upstream.base
        return self.path[len(base) :] if base and self.path.startswith(f"{base}/") else self.path

    def handle_request(self) -> None:
        if self.path.split("?")[0].rstrip("/").startswith(CONTROL):
            self.control()
            return
        if not self.counted:
            self.counted = True
            self.records.connected()
        self.records.enter(1)
        try:
            self.pass_on(self.request_body())
        finally:
            self.records.enter(-1)

    def pass_on(self, body: bytes) -> None:
        started = time.monotonic()
        path = self.relative_path()
        fault = self.records.rules.fault_for(self.command, path)
        action = fault["action"] if fault else None
        entry: dict[str, Any] = {
            "method": self.command,
            "path": path,
            "status": None,
            "bytes": len(body),
        }
        entry["write"] = self.command not in READING and not path.split("?")[0].endswith("/.search")
        if self.bodies and body:
            entry["body"] = body.decode("utf-8", "replace")
        if action:
            entry["fault"] = action
            entry["unseen"] = action in UNSEEN
        if fault and action != "drip":
            time.sleep(fault.get("delay", 0))
        answer: Answer | None = None
        try:
            if fault and action == "status":
                answer = made_answer(fault)
            elif action not in UNSEEN:
                answer = self.upstream.ask(self.command, self.path, self.headers.items(), body)
            if fault and action == "replace_answer":
                answer = made_answer(fault)
        except (OSError, http.client.HTTPException) as error:
            entry["error"] = type(error).__name__
        entry["status"] = answer.status if answer else None
        entry["time"] = datetime.datetime.now(datetime.timezone.utc).isoformat(
            timespec="milliseconds"
        )
        entry["seconds"] = round(time.monotonic() - started, 4)
        self.records.add(
            entry
        )  # before the answer leaves, so a client with the answer finds it counted
        if answer is None or action in UNANSWERED:
            self.drop(reset=action == "reset_request")
        else:
            self.reply(answer, fault)

    do_GET = do_HEAD = do_OPTIONS = do_POST = do_PUT = do_PATCH = do_DELETE = handle_request


class RecorderServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of ours."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A recording proxy for one HTTP server.")
    parser.add_argument(
        "--upstream", required=True, metavar="URL", help="base URL of the server behind"
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--log", metavar="FILE", help="append one JSON line a request")
    parser.add_argument("--bodies", action="store_true", help="record request bodies too")
    parser.add_argument("--seconds", type=float, metavar="N", help="end after N seconds")
    parser.add_argument(
        "--ready-file", metavar="FILE", help="write url, control and pid to FILE when ready"
    )
    return parser.parse_args()


def main() -> None:
    args = arguments()
    Recorder.records, Recorder.upstream, Recorder.bodies = (
        Records(args.log),
        Upstream(args.upstream),
        args.bodies,
    )
    with RecorderServer(("127.0.0.1", args.port), Recorder) as server:
        origin = f"http://127.0.0.1:{server.server_port}"
        ready = {
            "url": origin + Recorder.upstream.base,
            "control": origin + CONTROL,
            "pid": os.getpid(),
        }
        if args.seconds:
            end = threading.Timer(args.seconds, server.shutdown)
            end.daemon = True
            end.start()
        if args.ready_file:
            part = Path(f"{args.ready_file}.part")
            part.write_text(json.dumps(ready), encoding="utf-8")
            part.replace(args.ready_file)
        print(f"Recording {args.upstream} on {ready['url']}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
