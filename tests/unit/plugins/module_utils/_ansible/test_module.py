# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What leaves a module besides its result; knows no server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS, Task
from ansible_collections.identity.scim.plugins.module_utils._report.report import Report


def failed(capsys: pytest.CaptureFixture[str], module: str, **args: Any) -> dict[str, Any]:
    """The result of a module that fails before anything is sent."""
    with (
        patch_module_args({**args, "_ansible_module_name": f"identity.scim.{module}"}),
        pytest.raises(SystemExit),
    ):
        run(module)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["failed"]
    return found


@pytest.fixture(name="logged")
def _logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a module writes to the log of the system."""
    found: list[str] = []
    monkeypatch.setattr(
        AnsibleModule, "log", lambda _self, msg, log_args=None: found.append(f"{msg} {log_args}")
    )
    return found


def test_s14_nothing_of_a_task_goes_to_the_log_of_the_system(
    capsys: pytest.CaptureFixture[str], logged: list[str]
) -> None:
    """S14: neither the arguments nor what the task warns of."""
    said = failed(
        capsys,
        "scim_user",
        server_url="ftp://scim.example.com",
        token="canary",
        user_name="pbeesly",
        password="canary too",
    )
    assert "server_url" in said["msg"]
    assert not [line for line in logged if "canary" in line or "pbeesly" in line]


def test_s2_a_defect_in_the_work_is_one_clean_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """S2: an exception that holds the request ends the module with a sentence."""

    def work(*_task: Any) -> dict[str, Any]:
        raise KeyError({"Authorization": "Bearer canary", "X-Key": "from the service: canary"})

    monkeypatch.setitem(TASKS, "scim_user", Task(options=TASKS["scim_user"].options, work=work))
    said = failed(
        capsys,
        "scim_user",
        server_url="https://scim.example.com",
        token="another",
        user_name="pbeesly",
    )
    assert said["msg"].startswith(
        "internal error (KeyError at test_module.py:"
    ) and "canary" not in json.dumps(said)


def test_s14_writes_and_warnings_of_a_task_go_to_no_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, logged: list[str]
) -> None:
    """S14: a task that succeeds, with a person in its result and in a warning."""
    report = Report(
        result={"changed": True, "user": {"userName": "pbeesly"}},
        warnings=("the user 'pbeesly' is inactive",),
    )
    monkeypatch.setitem(
        TASKS, "scim_user", Task(options=TASKS["scim_user"].options, work=lambda *_task: report)
    )
    with (
        patch_module_args(
            {"server_url": "https://scim.example.com", "token": "canary", "user_name": "pbeesly"}
        ),
        pytest.raises(SystemExit),
    ):
        run("scim_user")
    assert "pbeesly" in capsys.readouterr().out and not [
        line for line in logged if "canary" in line or "pbeesly" in line
    ]


@pytest.mark.parametrize(
    "args",
    [
        {"user_name": "pam", "passwrd": "canary"},
        {"user_name": "pam", "attributes": {"password": "canary"}},
        {"user_name": "pam", "emails": ["canary"]},
        {"user_name": "pam", "state": "gone", "password": "canary"},
    ],
)
def test_s4_s5_arguments_that_are_refused_are_not_shown(
    capsys: pytest.CaptureFixture[str], args: dict[str, Any]
) -> None:
    """S4, S5: ansible-core before 2.21 shows the arguments of what failed, masked as far as it had read them."""
    said = failed(
        capsys,
        "scim_user",
        server_url="https://scim.example.com",
        token="canary too",
        _ansible_inject_invocation=True,
        **args,
    )
    assert "canary" not in json.dumps(
        {**said, "msg": said["msg"].replace("'canary'", "") if "emails" in args else said["msg"]}
    )


def test_s2_s1_a_failure_before_anything_is_sent_is_clean(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """S1, S2: an address that holds a password."""
    said = failed(
        capsys,
        "scim_user",
        server_url="https://user:canary@scim.example.com",
        token="a canary",
        user_name="pbeesly",
    )
    assert "canary" not in json.dumps(said) and said["requests"] == 0 and said["changed"] is False


@pytest.mark.parametrize(
    ("module", "args", "said"),
    [
        ("scim_user", {"name": 3.5}, "name must be a dictionary with formatted, "),
        ("scim_user", {"user_name": False}, "user_name must be text, not false; quote it"),
        ("scim_directory", {"purge": True, "users": []}, "purge must be a dictionary with "),
        ("scim_group_membership", {"members": True}, "members must be a list of entries, not true"),
        ("scim_user", {"username": "pam"}, "username: did you mean user_name?"),
        ("scim_directory", {"team": [{"name": "Sales"}]}, "team: did you mean teams?"),
        ("scim_user", {"shoe_size": 9}, "Unsupported parameters for "),
    ],
)
def test_k3_a_wrong_type_is_said_before_ansible_converts_it(
    capsys: pytest.CaptureFixture[str], module: str, args: dict[str, Any], said: str
) -> None:
    found = failed(capsys, module, token="canary", **args)
    assert found["msg"].startswith(said), found
    assert "canary" not in str(found)


@pytest.mark.parametrize("secret", ["x", "e", "st", "a list", "must", "7"])
@pytest.mark.parametrize("option", ["token", "auth_password", "password"])
def test_k2_a_short_secret_does_not_take_a_sentence_apart(
    capsys: pytest.CaptureFixture[str], option: str, secret: str
) -> None:
    """Ansible masks what it knows as secret inside of any word."""
    found = failed(capsys, "scim_user", user_name="pam", **{option: [secret]})
    assert found["msg"] == f"{option} must be text, not a list"
    found = failed(capsys, "scim_user", user_name=["pam"], **{option: secret})
    assert found["msg"] == "user_name must be text, not a list"


# Signals: a module in a process of its own, and a service that does not answer

SCRIPT = """
import json, sys
from ansible.module_utils.testing import patch_module_args
from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run
with patch_module_args(json.loads(sys.argv[2])):
    run(sys.argv[1])
"""
STALLS = 60.0
PAM = {"id": "u1", "userName": "pam", "active": True}
BUSY = (429, {}, {"Retry-After": "100"})
Step = Callable[[str, str], Any]


class _Slow(BaseHTTPRequestHandler):
    """Answer as the test says; None is no answer for a minute, a number one after so long."""

    def handle_any(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server: Any = self.server
        answer = server.step(self.command, self.path)
        server.seen.append(self.command)
        server.reached.set()
        if answer is None:
            server.over.wait(STALLS)
            return
        if isinstance(answer[0], float):
            server.over.wait(answer[0])
            answer = answer[1:]
        status, body, headers = (*answer, {})[:3]
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # pylint: disable=redefined-builtin
        pass

    do_GET = do_PATCH = do_POST = handle_any


def signalled(
    step: Step, sent: signal.Signals, after: str, module: str = "scim_user", **args: Any
) -> tuple[dict[str, Any], float, list[str]]:
    """The result of a module that gets a signal when ``after`` was sent so often, and how long it took."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Slow)
    server.daemon_threads = True
    server.step, server.seen = step, []
    server.reached, server.over = threading.Event(), threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v2"
    more = {"server_url": url, "token": "canary-1", "use_proxy": False, "timeout": 50, **args}
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, module, json.dumps(more)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        while Counter(after.split()) - Counter(server.seen):
            assert server.reached.wait(60), server.seen
            server.reached.clear()
        time.sleep(0.3)
        process.send_signal(sent)
        started = time.monotonic()
        out, _error = process.communicate(timeout=STALLS)
        return json.loads(out), time.monotonic() - started, server.seen
    finally:
        server.over.set()
        server.shutdown()


def found(*users: Any) -> Any:
    """A list of these users."""
    return 200, {"totalResults": len(users), "Resources": list(users)}


SIGNALS = [signal.SIGTERM, signal.SIGINT]


@pytest.mark.parametrize("sent", SIGNALS)
def test_l17_a_signal_ends_a_read_at_once(sent: signal.Signals) -> None:
    said, seconds, _seen = signalled(lambda *_: None, sent, "GET", user_name="pam", title="x")
    assert seconds < 5 and said["failed"] and not said["changed"]
    assert said["msg"] == "interrupted before anything was changed"


@pytest.mark.parametrize("sent", SIGNALS)
def test_l17_a_signal_ends_a_list_at_once(sent: signal.Signals) -> None:
    page = {"totalResults": 9, "Resources": [PAM]}

    def step(_method: str, path: str) -> Any:
        return None if "startIndex=2" in path else (200, page)

    said, seconds, _seen = signalled(step, sent, "GET GET", "scim_user_info")
    assert seconds < 5 and said["failed"] and "interrupted" in said["msg"]


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_l17_a_signal_ends_a_wait_at_once(method: str) -> None:
    def step(did: str, _path: str) -> Any:
        return BUSY if did == method else found(PAM)

    after = "GET" if method == "GET" else "GET PATCH"
    said, seconds, seen = signalled(step, signal.SIGTERM, after, user_name="pam", title="x")
    assert seconds < 5 and "interrupted" in said["msg"] and not said["changed"]
    assert " ".join(seen) == after


def test_l17_a_write_is_finished_and_told() -> None:
    def step(did: str, _path: str) -> Any:
        return found(PAM) if did == "GET" else (2.0, 200, {**PAM, "title": "x"})

    said, seconds, seen = signalled(step, signal.SIGTERM, "GET PATCH", user_name="pam", title="x")
    assert seconds < 7 and said["changed"] and said["user"]["title"] == "x"
    assert seen == ["GET", "PATCH"]


@pytest.mark.parametrize("is_done", [True, False])
@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_l17_a_write_without_an_answer_ends_at_timeout(method: str, is_done: bool) -> None:
    sent: list[str] = []

    def step(did: str, path: str) -> Any:
        if did == method:
            sent.append(did)
            return None
        held = {**PAM, "title": "x"} if sent and is_done else PAM
        if path.startswith("/v2/Users/"):
            return 200, held
        return found(held) if method == "PATCH" or (sent and is_done) else found()

    said, seconds, seen = signalled(
        step, signal.SIGTERM, f"GET {method}", user_name="pam", title="x", timeout=4
    )
    assert 2 < seconds < 9 and said["changed"] is is_done, said
    assert seen.count(method) == 1
    if is_done:
        assert said["user"]["title"] == "x" and not said.get("failed")
    else:
        assert said["failed"] and "within 4 seconds" in said["msg"], said


def test_l17_what_was_written_may_be_read_for_a_moment() -> None:
    def step(did: str, path: str) -> Any:
        if did == "PATCH":
            return (2.0, 204, None)
        return found(PAM) if "filter" in path else (200, {**PAM, "title": "x"})

    said, seconds, _seen = signalled(step, signal.SIGTERM, "GET PATCH", user_name="pam", title="x")
    assert seconds < 7 and said["changed"] and said["user"]["title"] == "x"


def test_l17_a_read_after_a_write_ends_soon_too() -> None:
    def step(did: str, path: str) -> Any:
        if did == "PATCH":
            return (204, None)
        return found(PAM) if "filter" in path else None

    said, seconds, _seen = signalled(
        step, signal.SIGTERM, "GET PATCH GET", user_name="pam", title="x"
    )
    assert seconds < 6 and said["failed"]


def test_l17_a_write_that_may_have_been_done_is_told_where_no_read_may_show_it() -> None:
    def step(did: str, path: str) -> Any:
        return None if did == "PATCH" or path.startswith("/v2/Users/") else found(PAM)

    said, seconds, seen = signalled(
        step, signal.SIGTERM, "GET PATCH", user_name="pam", title="x", timeout=3
    )
    assert seconds < 8 and said["failed"] and "within 3 seconds" in said["msg"], said
    assert seen.count("PATCH") == 1


def office(size: int) -> list[dict[str, Any]]:
    """So many users without a title."""
    return [{**PAM, "id": f"u{one}", "userName": f"p{one:02}"} for one in range(size)]


def titled(path: str) -> Any:
    """A user as it is after its PATCH."""
    ident = path.partition("?")[0].rpartition("/")[2]
    return 200, {**PAM, "id": ident, "userName": f"p{int(ident[1:]):02}", "title": "x"}


WANTED = [{"user_name": one["userName"], "title": "x"} for one in office(19)]
TOGETHER = " PATCH" * 8


def test_l17_writes_that_are_under_way_at_the_same_time_are_finished_and_told() -> None:
    patched: list[str] = []

    def step(did: str, path: str) -> Any:
        if did == "GET":
            return found(*office(19))
        patched.append(path)
        return titled(path) if len(patched) == 1 else (2.0, *titled(path))

    said, seconds, seen = signalled(
        step, signal.SIGTERM, f"GET PATCH{TOGETHER}", "scim_directory", users=WANTED
    )
    assert seconds < 8 and said["failed"] and said["changed"], said
    assert "interrupted after 9 of 19 changes" in said["msg"] and len(seen) == 10
    assert said["summary"]["updated"] == 9 and len(said["not_tried"]) == 10


def test_l17_reads_of_several_threads_end_soon() -> None:
    patched: list[str] = []

    def step(did: str, path: str) -> Any:
        if did == "GET":
            return None if path.startswith("/v2/Users/") else found(*office(19))
        patched.append(path)
        return titled(path) if len(patched) == 1 else (204, None)

    after = f"GET PATCH{TOGETHER}{' GET' * 8}"
    said, seconds, seen = signalled(step, signal.SIGTERM, after, "scim_directory", users=WANTED)
    assert seconds < 6 and said["failed"] and said["changed"], said
    assert "interrupted" in said["msg"]
    assert seen.count("PATCH") == 9


@pytest.mark.parametrize("probe", ["none", "reads"])
@pytest.mark.parametrize("stalls", ["ServiceProviderConfig", "ResourceTypes", "Schemas"])
def test_l17_a_signal_ends_the_reading_of_a_service(stalls: str, probe: str) -> None:
    """What was not read is no finding, so the task fails."""
    order = ["ServiceProviderConfig", "ResourceTypes", "Schemas"]

    def step(_method: str, path: str) -> Any:
        return None if stalls in path else (200, {})

    after = " ".join(["GET"] * (order.index(stalls) + 1))
    said, seconds, _seen = signalled(
        step, signal.SIGTERM, after, "scim_service_provider_info", probe=probe
    )
    assert seconds < 5 and said["failed"] and not said["changed"]
    assert said["msg"] == "reading the service: interrupted; run again"
