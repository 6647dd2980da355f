# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo runs on its own server unless ``DEMO_ON`` names another one."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOLS = Path(__file__).resolve().parents[3] / "tools"
ELSEWHERE = "https://scim.example.com/v2"
EXPORTED = {
    "SCIM_SERVER_URL": ELSEWHERE,
    "SCIM_TOKEN": "of-another-service",
    "SCIM_USERNAME": "admin",
    "SCIM_PASSWORD": "of-another-service",
    "SCIM_OAUTH_TOKEN_URL": "https://login.example.com/token",
    "scim_server_url": ELSEWHERE,
    "scim_token": "of-another-service",
    "ANSIBLE_INVENTORY": "/etc/ansible/production",
}
OWN = {"url": "http://127.0.0.1:4711/v2", "token": "own-token", "pids": []}


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, where the environment names a service for real work."""
    monkeypatch.syspath_prepend(str(TOOLS))
    for name, value in EXPORTED.items():
        monkeypatch.setenv(name, value)
    return importlib.import_module("demo")


def story(demo: ModuleType, folder: Path, environ: dict[str, str]) -> Any:
    """A story whose server answers at the address in OWN."""
    environment = importlib.import_module("environment").Environment(folder, "3.13")
    result = demo.Story(environment, folder, demo.chosen_service(environ))
    result.server = OWN
    return result


def test_exported_service_is_not_the_demo_s(demo: ModuleType) -> None:
    assert demo.chosen_service(EXPORTED) is None


def test_no_exported_variable_reaches_the_playbook(demo: ModuleType, tmp_path: Path) -> None:
    variables = story(demo, tmp_path, EXPORTED).variables()
    about_scim = {name: text for name, text in variables.items() if "scim" in name.lower()}
    assert about_scim == {"SCIM_SERVER_URL": OWN["url"], "SCIM_TOKEN": OWN["token"]}
    assert not set(EXPORTED.values()) & set(variables.values())


def test_inventory_of_the_machine_is_not_read(demo: ModuleType, tmp_path: Path) -> None:
    command = story(demo, tmp_path, EXPORTED).command({})
    assert command[command.index("--inventory") + 1] == "localhost,"


def test_demo_on_names_another_service(demo: ModuleType, tmp_path: Path) -> None:
    environ = {**EXPORTED, "DEMO_ON": "https://trial.example.com", "DEMO_TOKEN": "trial-token"}
    assert demo.chosen_service(environ) == demo.Service("https://trial.example.com", "trial-token")
    variables = story(demo, tmp_path, environ).variables()
    assert variables["SCIM_SERVER_URL"] == OWN["url"], "the recorder stands in front of it"
    assert variables["SCIM_TOKEN"] == "trial-token"


def test_demo_on_without_a_token_of_its_own_is_an_error(demo: ModuleType) -> None:
    with pytest.raises(demo.Broken, match="set DEMO_TOKEN"):
        demo.chosen_service({**EXPORTED, "DEMO_ON": "https://trial.example.com"})


# --- another service: it says what it will do, asks, and leaves out what is not there


@pytest.mark.parametrize(
    "environ, answer, goes_on",
    [
        ({"DEMO_YES": "1"}, None, True),
        ({"DEMO_YES": "0"}, None, False),
        ({}, None, False),
        ({}, "y", True),
        ({}, " YES ", True),
        ({}, "", False),
        ({}, "n", False),
        ({"DEMO_YES": ""}, "maybe", False),
    ],
)
def test_another_service_is_changed_only_after_a_yes(
    demo: ModuleType,
    capsys: pytest.CaptureFixture[str],
    environ: dict[str, str],
    answer: str | None,
    goes_on: bool,
) -> None:
    elsewhere = demo.demo_elsewhere
    ask = None if answer is None else lambda _question: answer
    if goes_on:
        elsewhere.consent(ELSEWHERE, environ, ask)
    else:
        with pytest.raises(elsewhere.Declined, match="DEMO_YES=1|Nothing was sent"):
            elsewhere.consent(ELSEWHERE, environ, ask)
    said = capsys.readouterr().out
    assert ELSEWHERE in said and "delete both groups" in said and "exist there already" in said


def test_without_a_terminal_the_demo_fails_before_any_request(
    demo: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEMO_ON", "http://127.0.0.1:9/v2")
    monkeypatch.setenv("DEMO_TOKEN", "trial-token")
    monkeypatch.delenv("DEMO_YES", raising=False)
    monkeypatch.setattr("sys.stdin", None)
    assert demo.main() == 2
    assert "set DEMO_YES=1" in capsys.readouterr().err


def served(*lacking: str) -> Any:
    """Return a service of the first step that lacks something, by the words of a filter or verb."""
    users = [{"id": f"u{one}", "userName": "mscott" if not one else f"p{one}"} for one in range(15)]
    users.append({"id": "u99", "userName": "stranger"})
    groups = [{"id": "g1", "displayName": "Dunder Mifflin"}, {"id": "g2", "displayName": "Other"}]

    def send(method: str, path: str, _body: Any) -> tuple[int, Any]:
        if any(one in f"{method} {path}" for one in lacking):
            return 400, None
        if method == "PUT":
            return 200, {}
        found = users if path.startswith("/Users") else groups
        if "displayName" in path:
            found = groups[:1]
        if "groups.value" in path:
            found = users[:15] if "g1" in path else []
        start = int(path.rpartition("startIndex=")[2].partition("&")[0]) - 1
        return 200, {"totalResults": len(found), "Resources": found[start : start + 7]}

    return send


@pytest.mark.parametrize(
    "lacking, variables",
    [
        ((), []),
        (("groups.value",), ["office_groups_filter"]),
        (("displayName",), ["office_name_filter"]),
        (("PUT",), ["office_put"]),
        (("filter=", "PUT"), ["office_name_filter", "office_groups_filter", "office_put"]),
    ],
)
def test_what_the_service_lacks_is_left_out(
    demo: ModuleType, lacking: tuple[str, ...], variables: list[str]
) -> None:
    assert [one.variable for one in demo.demo_elsewhere.lacks(served(*lacking))] == variables


def test_a_filter_that_finds_too_much_or_nobody_is_lacking(demo: ModuleType) -> None:
    honest = served()
    finds: list[Any] = []

    def send(method: str, path: str, body: Any) -> tuple[int, Any]:
        if "groups.value" in path:
            return 200, {"totalResults": len(finds), "Resources": finds}
        return honest(method, path, body)  # type: ignore[no-any-return]

    for finds in ([], [{"id": "u1", "userName": "mscott"}] * 16):
        [lack] = demo.demo_elsewhere.lacks(send)
        assert lack.variable == "office_groups_filter" and "groups.value eq" in lack.words


def test_what_is_left_out_reaches_every_run(demo: ModuleType, tmp_path: Path) -> None:
    environ = {**EXPORTED, "DEMO_ON": "https://trial.example.com", "DEMO_TOKEN": "trial-token"}
    told = story(demo, tmp_path, environ)
    told.left_out = {"office_put": False}
    command = told.command({"office_steps": [6]})
    assert json.loads(command[-1]) == {"office_put": False, "office_steps": [6]}


@pytest.mark.parametrize(
    "status, endpoint, said",
    [
        (401, "/Users", "check DEMO_TOKEN"),
        (404, "/Groups", "does not list groups"),
        (501, "/Users", "does not list users"),
    ],
)
def test_a_service_on_which_the_story_cannot_begin_is_not_written_to(
    demo: ModuleType, status: int, endpoint: str, said: str
) -> None:
    sent = []

    def send(method: str, path: str, _body: Any) -> tuple[int, Any]:
        sent.append(method)
        return (status, None) if path.startswith(endpoint) else (200, {})

    with pytest.raises(demo.demo_elsewhere.Declined, match=said):
        demo.demo_elsewhere.check_reachable(send)
    assert set(sent) == {"GET"}
