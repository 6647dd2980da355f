"""Knows how to run a module as Ansible does, in a process of its own that can be held before a write, signalled, and killed after one."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "faults/files"))

# pylint: disable=wrong-import-position
from driving import Server  # noqa: E402

from ansible.module_utils import basic  # noqa: E402

from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run  # noqa: E402
from ansible_collections.identity.scim.plugins.module_utils._transport.session import Session  # noqa: E402

MODULE = "scim_directory"
SECONDS = 120  # a run that takes longer is ended by the alarm


@dataclass(frozen=True)
class Ended:
    """How a run ended: the signal that killed it, and what the module returned.

    The signal is 0 if there was none.
    """

    signal: int
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def failure(self) -> str:
        """The sentence of a failure, "" if there is none."""
        return str(self.result["msg"]) if self.result.get("failed") else ""


@dataclass
class Running:
    """A run that is under way. It can be waited for, and a held one can be let go."""

    pid: int
    output: IO[bytes]
    errors: IO[bytes]
    told: int
    go: int

    def held(self) -> None:
        """Wait until it is about to begin the write at which it was to be held."""
        assert os.read(self.told, 1) == b"x", f"it ended before that write: {self.end()}"

    def let_go(self) -> None:
        os.write(self.go, b"x")

    def end(self) -> Ended:
        _pid, status = os.waitpid(self.pid, 0)
        for one in (self.told, self.go):
            os.close(one)
        texts = []
        for file in (self.output, self.errors):
            file.seek(0)
            texts.append(file.read().decode())
            file.close()
        output, errors = texts
        assert not errors and "Traceback" not in output and "internal error" not in output, (
            errors + output
        )
        if os.WIFSIGNALED(status):
            assert not output.strip(), f"killed, and it said something: {output}"
            return Ended(os.WTERMSIG(status))
        result = json.loads(output)
        assert os.waitstatus_to_exitcode(status) == int(bool(result.get("failed"))), output
        assert "\n" not in result.get("msg", ""), result["msg"]
        return Ended(0, result)


def start(
    server: Server,
    options: Mapping[str, Any],
    *,
    kill_after: int = 0,
    hold_at: int = 0,
    hold_read: bool = False,
) -> Running:
    """Start a run of scim_directory.

    ``kill_after``: SIGKILL when the answer to its n-th write is there. ``hold_at``: before its n-th write it tells so and waits.
    ``hold_read``: the same before its first read.
    """
    told, tell = os.pipe()
    wait, go = os.pipe()
    output, errors = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # pylint: disable=consider-using-with
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        signal.alarm(SECONDS)
        for mine, theirs in ((output.fileno(), 1), (errors.fileno(), 2)):
            os.dup2(mine, theirs)
        _child(server, options, _hooks(tell, wait, kill_after, hold_at, hold_read))
    os.close(tell)
    os.close(wait)
    return Running(pid, output, errors, told, go)


def _hooks(tell: int, wait: int, kill_after: int, hold_at: int, hold_read: bool) -> Any:
    """What a session does instead of sending only."""
    send = Session.send
    writes, reads = [0], [0]

    def hooked(session: Session, method: str, *more: Any, **named: Any) -> Any:
        number = writes if method != "GET" else reads
        number[0] += 1
        mine = number[0]
        if mine == (int(hold_read) if method == "GET" else hold_at):
            os.write(tell, b"x")
            os.read(wait, 1)
        answer = send(session, method, *more, **named)
        if method != "GET" and mine == kill_after:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return hooked


def _child(server: Server, options: Mapping[str, Any], send: Any) -> None:
    """The whole of a module; never returns."""
    code = 1
    try:
        Session.send = send  # type: ignore[method-assign]
        arguments = {
            "server_url": server.url,
            "token": server.token,
            "use_proxy": False,
            "timeout": 30,
            "concurrency": 1,  # so that a write has a number
            **options,
        }
        basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()  # pylint: disable=protected-access
        basic._ANSIBLE_PROFILE = "legacy"  # pylint: disable=protected-access
        run(MODULE)
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # pylint: disable=broad-exception-caught
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
