"""Knows which faults a request can meet and how each looks on the wire.

Knows nothing of recording or of SCIM.
"""

# A rule: method, path_prefix (after the base path; both optional), times (1; null: always), skip (0: this many matches pass
# first), delay (seconds, before anything else), status, headers, body (a string, or anything else as JSON), content_type, action:
#   status          answer with status, headers and body; the server never sees the request
#   replace_answer  the server does it, then answer with status, headers and body
#   drop_request    close the connection; the server never sees the request
#   reset_request   the same with RST
#   drop_answer     the server does it, then close the connection
#   truncate        half of the server's body, then close
#   cut             the same without a Content-Length: nothing but the JSON says that there should be more
#   stall           the server's headers, then nothing until the client goes away
#   drip            the server's body byte by byte, one each delay seconds
#   delay           only wait
# In headers, <date+2> is the HTTP-date two seconds from now, <zoneless-5> one without a zone that was five seconds ago.
#
# Instead of an action: fault, the name of one in FAULTS. Or chance (0 to 1), seed and of (names in FAULTS; all of them if
# left out): whether the n-th request that the rule sees is spoilt, and how, depends on seed and n only. Such a rule stays.

from __future__ import annotations

import http.client
import json
import random
import re
import socket
import struct
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

UNSEEN = frozenset({"status", "drop_request", "reset_request"})
UNANSWERED = UNSEEN - {"status"} | {"drop_answer"}
MOMENT = re.compile(r"<(date|zoneless)([+-][0-9]+)>")
ERROR = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
    "status": "500",
    "detail": "a fault of the test",
}

FAULTS: dict[str, dict[str, Any]] = {
    **{
        f"{status} {name}": {
            "action": "status",
            "status": status,
            "headers": {"Retry-After": value},
            "body": ERROR,
        }
        for status in (429, 503)
        for name, value in (
            ("at once", "0"),
            ("date", "<date+0>"),
            ("past date", "<date-60>"),
            ("no zone", "<zoneless-60>"),
            ("junk", "soon"),
        )
    },
    "429 plain": {"action": "status", "status": 429, "body": ERROR},
    "429 huge": {
        "action": "status",
        "status": 429,
        "headers": {"Retry-After": "99999999999"},
        "body": ERROR,
    },
    **{
        f"{status} plain": {
            "action": "status",
            "status": status,
            "body": "<html><body><h1>Oh</h1></body></html>",
            "content_type": "text/html",
        }
        for status in (500, 502, 503, 504)
    },
    **{
        f"{status} done": {"action": "replace_answer", "status": status, "body": ERROR}
        for status in (500, 502, 503, 504)
    },
    "closed": {"action": "drop_request"},
    "reset": {"action": "reset_request"},
    "lost": {"action": "drop_answer"},
    "truncated": {"action": "truncate"},
    "cut": {"action": "cut"},
    "stalled": {"action": "stall"},
    "dripping": {"action": "drip", "delay": 0.1},
    "401 once": {
        "action": "status",
        "status": 401,
        "headers": {"WWW-Authenticate": 'Bearer error="invalid_token"'},
        "body": ERROR,
    },
}


@dataclass
class Answer:
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Rules:
    """The rules still waiting. Several threads may ask."""

    waiting: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, rule: dict[str, Any]) -> None:
        with self.lock:
            self.waiting.append(rule | FAULTS[rule["fault"]] if "fault" in rule else rule)

    def clear(self) -> None:
        with self.lock:
            self.waiting.clear()

    def __len__(self) -> int:
        return len(self.waiting)

    def fault_for(self, method: str, path: str) -> dict[str, Any] | None:
        with self.lock:
            for rule in self.waiting:
                if rule.get("method") not in (None, method) or not path.startswith(
                    rule.get("path_prefix") or ""
                ):
                    continue
                if rule.get("skip", 0) > 0:
                    rule["skip"] -= 1
                    continue
                if "chance" in rule:
                    rule["seen"] = rule.get("seen", 0) + 1
                    name = drawn(
                        rule["seed"], rule["seen"], rule["chance"], rule.get("of") or FAULTS
                    )
                    if name:
                        return {**FAULTS[name], "fault": name}
                    continue
                if rule.get("times", 1) is not None:
                    rule["times"] = rule.get("times", 1) - 1
                    if rule["times"] <= 0:
                        self.waiting.remove(rule)
                return rule
        return None


def drawn(seed: int, number: int, chance: float, names: Iterable[str]) -> str:
    """The fault of the n-th request, or "": the same in every run."""
    luck = random.Random(f"{seed}:{number}")
    return luck.choice(list(names)) if luck.random() < chance else ""


def moment(found: re.Match[str]) -> str:
    text = formatdate(time.time() + int(found[2]), usegmt=True)
    return text if found[1] == "date" else text.removesuffix(" GMT")


def made_answer(fault: dict[str, Any]) -> Answer:
    """The answer that a rule states."""
    content = fault.get("body", "")
    body = content if isinstance(content, str) else json.dumps(content)
    headers = [
        (str(name), MOMENT.sub(moment, str(value)))
        for name, value in (fault.get("headers") or {}).items()
    ]
    if body and "content-type" not in (name.lower() for name, value in headers):
        headers.append(("Content-Type", fault.get("content_type") or "application/scim+json"))
    status = int(fault.get("status", 503))
    return Answer(status, http.client.responses.get(status, "Unknown"), headers, body.encode())


def send_body(stream: Any, body: bytes, fault: dict[str, Any]) -> None:
    """A body as the fault says. Ends early when the client has gone."""
    action = fault.get("action")
    if action in ("truncate", "cut"):
        stream.write(body[: len(body) // 2])
    elif action == "drip":
        for byte in body:
            stream.write(bytes([byte]))
            time.sleep(fault.get("delay", 0.1))
    elif action != "stall":
        stream.write(body)


def wait_for_the_end(connection: socket.socket, most: float = 60) -> None:
    """Until the client has gone away."""
    connection.settimeout(most)
    try:
        while connection.recv(4096):
            pass
    except OSError:
        pass


def break_off(connection: socket.socket, streams: Iterable[Any], *, reset: bool) -> None:
    """End a connection without an answer: with FIN, or with RST."""
    try:
        if not reset:
            connection.shutdown(socket.SHUT_RDWR)
            return
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for stream in streams:
            stream.close()
        connection.close()
    except OSError:
        pass
