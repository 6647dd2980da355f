# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo runs on its own server unless ``DEMO_ON`` names another one."""

from __future__ import annotations

import email.message
import importlib
import io
import json
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from ansible_collections.identity.scim.tests.rehearsal.attributes import only_media_type
from ansible_collections.identity.scim.tests.rehearsal.imitations import imitation_named
from ansible_collections.identity.scim.tests.rehearsal.serve import serving

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
    """Return a service of the first four steps that lacks something, by words of the request."""
    names = ["mscott", "pbeesly", "rhoward", *(f"p{one}" for one in range(12)), "stranger"]
    users = [{"id": f"u{one}", "userName": name} for one, name in enumerate(names)]
    company = {"id": "g1", "displayName": "Micheal Scott Paper Company", "externalId": "e1"}
    groups = [company, {"id": "g2", "displayName": "Other"}]
    if "externalId" in lacking:
        del company["externalId"]

    def send(method: str, path: str, _body: Any) -> tuple[int, Any]:
        if any(one in f"{method} {path}" for one in lacking):
            return 400, None
        if method == "PUT":
            return (200, {}) if path.endswith("/u2") else (400, None)
        found = users if path.startswith("/Users") else groups
        if "displayName" in path:
            found = groups[:1]
        if "groups.value" in path:
            found = users[:3] if "g1" in path else []
        start = 0
        if "startIndex=" in path:
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
        (("externalId",), ["office_group_ids"]),
        (("filter=", "PUT"), ["office_name_filter", "office_groups_filter", "office_put"]),
    ],
)
def test_what_the_service_lacks_is_left_out(
    demo: ModuleType, lacking: tuple[str, ...], variables: list[str]
) -> None:
    assert [one.variable for one in demo.demo_elsewhere.lacks(served(*lacking), {})] == variables


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["mscott"] * 3,
        ["mscott", "pbeesly", "rhoward", "stranger"],
        ["mscott_x", "pbeesly_x", "rhoward_x"],
    ],
)
def test_a_filter_that_finds_others_than_the_founders_is_lacking(
    demo: ModuleType, names: list[str]
) -> None:
    honest = served()
    finds = [{"id": f"u{one}", "userName": name} for one, name in enumerate(names)]

    def send(method: str, path: str, body: Any) -> tuple[int, Any]:
        if "groups.value" in path:
            return 200, {"totalResults": len(finds), "Resources": finds}
        return honest(method, path, body)  # type: ignore[no-any-return]

    [lack] = demo.demo_elsewhere.lacks(send, {})
    assert lack.variable == "office_groups_filter" and "groups.value eq" in lack.words


def test_what_is_left_out_is_said_and_set_for_the_playbook(
    demo: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {**EXPORTED, "DEMO_ON": "https://trial.example.com", "DEMO_TOKEN": "trial-token"}
    told = story(demo, tmp_path, environ)
    told.send = served("filter=", "PUT", "externalId")
    told.leave_out()
    said = capsys.readouterr().out.splitlines()
    assert {line.partition(": ")[0].strip() for line in said} == {
        "left out from here on, since the service lacks it"
    }
    assert [line.partition(": ")[2] for line in said] == [
        "the filter 'displayName eq'",
        "external ids of groups",
        "members by the filter 'groups.value eq'",
        "PUT for users",
    ]
    lacking = ("name_filter", "group_ids", "groups_filter", "put")
    assert told.settings == {f"office_{one}": False for one in lacking}
    assert json.loads(told.command({"office_steps": [5]})[-1])["office_put"] is False


def test_what_is_left_out_reaches_every_run(demo: ModuleType, tmp_path: Path) -> None:
    environ = {**EXPORTED, "DEMO_ON": "https://trial.example.com", "DEMO_TOKEN": "trial-token"}
    told = story(demo, tmp_path, environ)
    told.settings = {"office_put": False}
    command = told.command({"office_steps": [6]})
    assert json.loads(command[-1]) == {"office_put": False, "office_steps": [6]}


# --- what the service demands of new users


def demanding(*names: str) -> Any:
    """Return a service that takes users with some attributes only, and what was sent to it."""
    sent: list[tuple[str, str, Any]] = []

    def send(method: str, path: str, body: Any) -> tuple[int, Any]:
        sent.append((method, path, body))
        lacking = [one for one in names if path == "/Users" and one not in body]
        return (400, {"detail": f"{lacking[0]} is\nrequired"}) if lacking else (201, {})

    return send, sent


ENTRA = "urn:ietf:params:scim:schemas:extension:Microsoft:Entra:2.0:User"


@pytest.mark.parametrize(
    "names, options",
    [
        ((), []),
        (("externalId", "emails", "name", "active"), []),
        (("displayName",), ["display_name"]),
        (("password",), ["password"]),
        (("displayName", "password"), ["display_name", "password"]),
        (("displayName", "password", ENTRA), ["display_name", "password", "attributes"]),
    ],
)
def test_what_the_service_demands_of_users_is_found_out_with_the_first_of_them(
    demo: ModuleType, names: tuple[str, ...], options: list[str]
) -> None:
    send, sent = demanding(*names)
    found = demo.demo_elsewhere.demands(send, {})
    assert list(found) == options and "mscott" not in json.dumps(found)
    assert {one["userName"] for _method, path, one in sent if path == "/Users"} == {"mscott"}
    assert "{user_name}" not in json.dumps(sent) and ENTRA not in sent[1][2]


def test_what_no_option_of_ours_satisfies_is_told_with_the_way_to_set_it(demo: ModuleType) -> None:
    send, sent = demanding("costCenter")
    with pytest.raises(demo.demo_elsewhere.Declined) as info:
        demo.demo_elsewhere.demands(send, {})
    said = str(info.value)
    assert "400: costCenter is required" in said and "DEMO_DEMANDS" in said and len(sent) == 9


def test_demo_demands_is_taken_as_it_is(demo: ModuleType) -> None:
    send, sent = demanding("costCenter")
    options = {"attributes": {"costCenter": "c-{user_name}"}}
    assert demo.demo_elsewhere.demands(send, {"DEMO_DEMANDS": json.dumps(options)}) == options
    assert [path for _method, path, _body in sent] == ["/Groups"]
    for wrong in ("[]", "{", "display_name"):
        with pytest.raises(demo.demo_elsewhere.Declined, match="must be a JSON object"):
            demo.demo_elsewhere.demands(send, {"DEMO_DEMANDS": wrong})


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_service_that_creates_no_groups_gets_no_user(demo: ModuleType, status: int) -> None:
    sent = []

    def send(method: str, path: str, _body: Any) -> tuple[int, Any]:
        sent.append(path)
        return status, {"detail": "no"}

    with pytest.raises(demo.demo_elsewhere.Declined, match=f"creates no groups .{status}: no"):
        demo.demo_elsewhere.demands(send, {})
    assert sent == ["/Groups"]


def test_demands_reach_every_run_and_the_user_that_is_replaced(
    demo: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {**EXPORTED, "DEMO_ON": "https://trial.example.com", "DEMO_TOKEN": "trial-token"}
    monkeypatch.setenv("DEMO_SERVICE", "aws")
    told = story(demo, tmp_path, environ)
    told.send, _sent = demanding("displayName")
    told.begin_elsewhere()
    demands = {"display_name": "{user_name}"}
    assert json.loads(told.command({})[-1]) == {
        "scim_service_provider": "aws",
        "office_demands": demands,
    }
    ryan = demo.demo_elsewhere.story_user("Ryan", "Howard", demands)
    assert (ryan["userName"], ryan["displayName"]) == ("rhoward", "rhoward")


def test_a_user_of_the_story_is_as_the_playbook_has_it(demo: ModuleType) -> None:
    office = yaml.safe_load((TOOLS.parent / "playbooks/vars/office.yml").read_text())
    [ryan] = [one for one in office["office_members"] if one["user_name"] == "rhoward"]
    found = demo.demo_elsewhere.story_user("Ryan", "Howard", {})
    assert found["externalId"] == "8587ac97-454f-5b1c-9eca-a5f69caeb8f6"
    assert found["emails"] == ryan["emails"]
    assert found["name"] == {
        "formatted": ryan["name"]["formatted"],
        "familyName": ryan["name"]["family_name"],
        "givenName": ryan["name"]["given_name"],
    }
    assert "uid=Ryan.Howard," in ryan["external_id"]


# --- how a service is spoken to


def test_writes_to_endpoints_in_small_letters_are_described(demo: ModuleType) -> None:
    entries = [
        {"method": "POST", "path": "/users", "status": 201, "write": True},
        {"method": "PATCH", "path": "/groups/g1", "status": 204, "write": True},
        {"method": "PATCH", "path": "/groups/g1", "status": 204, "write": True},
    ]
    assert demo.described(entries) == "1 person created, 1 group changed"


def test_endpoints_media_type_and_pages_of_a_service_are_learnt(demo: ModuleType) -> None:
    entra = imitation_named("entra")
    with serving(
        replace(entra, quirks=(only_media_type("application/json"), *entra.quirks))
    ) as one:
        send = demo.demo_elsewhere.requests_to(one.url, one.token)
        demo.demo_elsewhere.check_reachable(send)
        for again in (send, demo.demo_elsewhere.requests_to(one.url, one.token)):
            found = demo.demo_elsewhere.demands(again, {})
            assert list(found) == ["display_name", "password", "attributes"]
            listed = demo.demo_elsewhere.listed(again, "/Users")
            assert [user["userName"] for user in listed] == ["mscott"]


class Known:
    """An opener that knows some paths by their status, and refuses all others with 404."""

    def __init__(self) -> None:
        self.answers: dict[str, int] = {}
        self.paths: list[str] = []

    def open(self, asked: urllib.request.Request, timeout: float) -> Any:
        path = asked.full_url.removeprefix(ELSEWHERE)
        self.paths.append(path)
        status, headers = self.answers.get(path, 404), email.message.Message()
        raise urllib.error.HTTPError(asked.full_url, status, "refused", headers, io.BytesIO(b"{}"))


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422, 429, 500, 501])
def test_any_answer_but_404_shows_that_the_endpoint_is_in_small_letters(
    demo: ModuleType, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    known = Known()
    monkeypatch.setattr("urllib.request.build_opener", lambda *_handlers: known)
    known.answers = {"/users": status}
    send = demo.demo_elsewhere.requests_to(ELSEWHERE, "trial-token")
    assert send("POST", "/Users", {})[0] == status
    assert send("GET", "/Users", None)[0] == status
    assert known.paths == ["/Users", "/users", "/users"], "the spelling is learnt"


def test_an_endpoint_that_is_nowhere_is_asked_for_as_the_rfc_spells_it(
    demo: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Known()
    monkeypatch.setattr("urllib.request.build_opener", lambda *_handlers: known)
    send = demo.demo_elsewhere.requests_to(ELSEWHERE, "trial-token")
    assert [send("POST", "/Groups", {})[0] for _time in range(2)] == [404, 404]
    assert known.paths == ["/Groups", "/groups"] * 2


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
