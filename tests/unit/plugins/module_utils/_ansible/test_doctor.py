# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A probe finds what a service does, says what to set, and leaves nothing behind."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks import lookups_quirks
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirky,
    altered,
)

MODULE = "scim_service_provider_info"


def probed(
    server: Quirky, probe: str = "writes", /, *, check: bool = False, **more: Any
) -> web.Said:
    server.judged = False
    with web.hostile(store=server) as service:
        return web.run(service, MODULE, check=check, probe=probe, **more)


def office(*quirks: Any) -> Quirky:
    server = Quirky(*quirks, judged=False)
    for name in ("jim", "pam", "dwight", "roy"):
        server.user(name)
    server.group("staff", ["roy"])
    return server


def statuses(said: web.Said) -> set[str]:
    return {one["status"] for one in said.result["findings"]}


def found(said: web.Said, check: str) -> list[str]:
    return [one["found"] for one in said.result["findings"] if one["check"] == check]


def refusing(*methods: str, kind: str = "", status: int = 403) -> Any:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method in methods and kind in ("", asked.kind):
            return Answer(status, {"detail": "not allowed", "status": str(status)})
        return honest(asked)

    return quirk


def lacking(*names: str) -> Any:
    """Attributes that are taken and not kept."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        body = copy.deepcopy(asked.body)
        if asked.method == "POST" and asked.kind == "Users":
            for name in names:
                body.pop(name, None)
        return honest(Asked(asked.method, asked.segments, asked.query, body))

    return quirk


def rewriting(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    body = copy.deepcopy(asked.body)
    if asked.method == "POST" and asked.kind == "Users":
        body["displayName"] = body["displayName"].upper()
    return honest(Asked(asked.method, asked.segments, asked.query, body))


def without_members(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    def change(body: Any) -> Any:
        for one in body.get("Resources", [body]):
            one.pop("members", None)
        return body

    return altered(honest(asked), change) if asked.kind == "Groups" else honest(asked)


def found_by(endpoint: str, path: str) -> Any:
    """Groups show no members, but this filter finds who is in them."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        wanted = asked.query.get("filter", "")
        if asked.kind != endpoint or not wanted.startswith(f"{path} eq "):
            return without_members(server, asked, honest)
        ident = wanted.removeprefix(f"{path} eq ").strip('"')
        rows = []
        for group in server.held["Groups"].values():
            inside = [one["value"] for one in group.get("members", ())]
            if endpoint == "Users" and group["id"] == ident:
                rows = [{"id": one} for one in inside]
            elif ident in inside:
                rows.append({"id": group["id"]})
        return Answer(200, {"Resources": rows, "totalResults": len(rows)})

    return quirk


def test_a_service_that_follows_the_rfc_needs_nothing() -> None:
    server = office()
    before = copy.deepcopy(server.held)
    said = probed(server)
    assert not said.failure and not said.changed
    assert statuses(said) <= {"ok", "note", "warning"}
    assert set(said.result["suggested_capabilities"]) <= {"filter_unknown"}
    assert server.held == before
    assert found(said, "removing members") == ["works in the form filter"]
    assert found(said, "address")[0].endswith("without TLS")


def test_reads_write_nothing_and_so_does_check_mode() -> None:
    for probe, check in (("reads", False), ("writes", True)):
        server = office()
        said = probed(server, probe, check=check)
        assert not said.failure
        assert all(one.method == "GET" for one in server.asked)
        assert found(said, "members") == ["lists show the members of groups"]


@pytest.mark.parametrize(
    "quirk, capabilities",
    [
        (lookups_quirks.filtering(lookups_quirks.first_only), {"filter_clauses": 1}),
        (lookups_quirks.filtering(lookups_quirks.last_only), {"filter_clauses": 1}),
        (lookups_quirks.filtering(lookups_quirks.minding_case), {"filter_case": "exact"}),
        (lookups_quirks.filtering(lookups_quirks.ignored), {"filters": {"users": False}}),
        (lookups_quirks.filtering(lookups_quirks.blind), {"filters": {"users": False}}),
        (refusing("PATCH", kind="Users", status=501), {"patch": {"users": False}}),
        (refusing("PUT", kind="Users", status=405), {"put": {"users": False}}),
        (refusing("DELETE", kind="Users", status=405), {"delete": {"users": False}}),
        (rewriting, {"rewrite": {"User.displayName": "opaque"}}),
        (lookups_quirks.filtering(lookups_quirks.blind), {"filters": {"groups": False}}),
        (lacking("nickName"), {"unsaved": ["User.nickName"]}),
        (without_members, {"members_read": "none"}),
        (found_by("Users", "groups.value"), {"members_read": "users_by_group"}),
        (found_by("Groups", "members.value"), {"members_read": "groups_by_user"}),
        (refusing("GET", "POST", kind="Groups", status=404), {"groups": False}),
    ],
)
def test_what_a_service_does_otherwise_becomes_capabilities_to_paste(
    quirk: Any, capabilities: dict[str, Any]
) -> None:
    said = probed(office(quirk))
    assert not said.failure
    offered = said.result["suggested_capabilities"]
    for name, value in capabilities.items():
        if isinstance(value, dict):
            assert offered[name].items() >= value.items()
        else:
            assert offered[name] == value
    text = "\n".join(said.result["report"])
    assert "Set these capabilities:" in text and next(iter(capabilities)) in text


@pytest.mark.parametrize("misread", [("\\",), (",", " eq "), ("ü",), ()])
@pytest.mark.parametrize("way", ["refused", "all"])
@pytest.mark.parametrize("probe", ["reads", "writes"])
def test_characters_that_are_misread_in_filters_are_told(
    misread: tuple[str, ...], way: str, probe: str
) -> None:
    def misreading(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        value = "".join(asked.query.get("filter", "").partition('"')[1:])
        if not any(text in value.strip('"') for text in misread):
            return honest(asked)
        if way == "refused":
            return Answer(400, {"detail": "the filter cannot be read"})
        return honest(asked.without("filter"))

    said = probed(office(misreading), probe)
    offered = said.result["suggested_capabilities"]
    # A quotation mark is sent with a backslash before it.
    wanted = {*misread, '"'} if "\\" in misread else set(misread)
    assert set(offered.get("filter_unsafe", ())) == wanted
    if misread:
        assert any("are misread" in one for one in found(said, "filters on users"))
        again = probed(office(misreading), probe, connection={"capabilities": offered})
        assert "filter_unsafe" not in again.result["suggested_capabilities"]
    else:
        assert "values may have unusual characters" in found(said, "filters on users")


def test_what_is_pasted_is_not_told_again() -> None:
    quirk = lookups_quirks.filtering(lookups_quirks.first_only)
    offered = probed(office(quirk)).result["suggested_capabilities"]
    again = probed(office(quirk), connection={"capabilities": offered})
    assert again.result["suggested_capabilities"] == {}
    assert again.result["report"][-1] == "No capabilities need to be set."


def test_a_token_without_rights_is_one_line_with_a_remedy() -> None:
    said = probed(office(refusing("GET", "POST", "PATCH", "PUT", "DELETE")))
    assert not said.failure
    rows = [one for one in said.result["findings"] if one["status"] == "failed"]
    assert {one["check"] for one in rows} == {"reading users", "reading groups"}
    assert all(one["remedy"] for one in rows)


@pytest.mark.parametrize(
    ("profile", "status", "said"),
    [
        ("slack", 403, "for slack: the scope admin"),
        ("slack", 401, "for slack: an owner makes an app"),
        ("slack", 404, "for slack: https://api.slack.com/scim/v2 (Slack, SCIM API reference)"),
        ("keycloak", 403, "the role manage-users of the client realm-management"),
        ("sentry", 403, "give it those to manage users and groups"),
        ("", 403, "give it those to manage users and groups"),
    ],
)
def test_the_remedy_names_the_permission_of_the_service(
    profile: str, status: int, said: str
) -> None:
    server = office(refusing("GET", "POST", "PATCH", "PUT", "DELETE", status=status))
    connection = {"service_provider": profile} if profile else {}
    rows = probed(server, connection=connection).result["findings"]
    told = [one["remedy"] for one in rows if one["status"] == "failed"]
    assert told and all(said in one for one in told)
    assert profile or all("for " not in one for one in told)


def test_a_token_with_read_rights_leaves_nothing_and_says_so() -> None:
    server = office(refusing("POST", "PATCH", "PUT", "DELETE"))
    before = copy.deepcopy(server.held)
    said = probed(server)
    assert not said.changed and server.held == before
    assert any("403" in one for one in found(said, "creating users"))


def test_what_cannot_be_removed_again_is_named() -> None:
    server = office(refusing("DELETE", kind="Users"))
    said = probed(server)
    assert said.changed
    (left,) = found(said, "traces")
    assert all(
        one["userName"] in left
        for one in server.held["Users"].values()
        if one["userName"].startswith("scim-doctor-")
    )


def test_an_answer_that_is_lost_midway_leaves_nothing_behind() -> None:
    def broken(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH":
            return Answer(200, "no object")
        return honest(asked)

    server = office(broken)
    before = copy.deepcopy(server.held)
    assert not probed(server).failure and server.held == before


@pytest.mark.parametrize("prefix", ["", "a", "o'neil", "x" * 41, "-ab", "a b c"])
def test_a_prefix_that_is_no_plain_name_is_refused(prefix: str) -> None:
    server = office()
    said = probed(server, probe_prefix=prefix)
    assert said.failure.startswith("probe_prefix must be") and not server.asked


def test_a_service_that_does_not_answer_is_a_line_too() -> None:
    with web.hostile(store=office()) as service:
        address = service.url
    said = web.run(
        web.Hostile(office(), url=address), MODULE, probe="reads", connection={"retries": 0}
    )
    rows = [one for one in said.result["findings"] if one["status"] == "failed"]
    assert [one["check"] for one in rows] == ["connection"] and rows[0]["remedy"]


def test_every_line_that_is_not_ok_says_what_to_do() -> None:
    quirks = (
        lookups_quirks.filtering(lookups_quirks.blind),
        lacking("nickName"),
        rewriting,
        without_members,
        refusing("PUT", kind="Users", status=405),
        refusing("DELETE", kind="Users", status=405),
    )
    said = probed(office(*quirks))
    for one in said.result["findings"]:
        assert one["remedy"] or one["status"] == "ok"
    text = "\n".join(said.result["report"])
    assert 'do: set capabilities: {"filters": {"users": false}}' in text


@pytest.mark.parametrize(("name", "said"), [("wso2", "wso2"), ("auto", "none for this address")])
def test_the_page_says_which_profile_is_used(name: str, said: str) -> None:
    answer = probed(office(), "reads", connection={"service_provider": name})
    assert found(answer, "profile") == [said]


def test_members_are_found_in_a_group_that_is_on_no_first_page() -> None:
    server = office()
    for number in range(40):
        server.group(f"g{number}", ["jim"] if number == 39 else [])
    said = probed(server)
    assert found(said, "members") == ["lists show the members of groups"]
    assert "members_read" not in said.result["suggested_capabilities"]


def by_cursor(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """An index is refused; a cursor is not, with a page of two at most."""
    if not asked.lists or asked.kind not in ("Users", "Groups"):
        return honest(asked)
    if "startIndex" in asked.query:
        return Answer(400, {"detail": "startIndex is not supported"})
    start = int(asked.query.get("cursor") or 1)
    inner = asked.without("cursor").asking(startIndex=str(start), count="2")

    def page(body: Any) -> Any:
        after = start + len(body["Resources"])
        more = {"nextCursor": str(after)} if after <= body["totalResults"] else {}
        return {**body, **more}

    return altered(honest(inner), page)


@pytest.mark.parametrize("probe", ["reads", "writes"])
def test_pages_by_cursor_are_found_and_no_filter_is_blamed(probe: str) -> None:
    said = probed(office(by_cursor), probe)
    assert said.result["suggested_capabilities"]["paging"] == "cursor"
    assert "filters" not in said.result["suggested_capabilities"]
    assert "by cursor" in found(said, "paging of users")
    assert "failed" not in statuses(said)


def test_a_service_without_pages_is_found_with_two_users() -> None:
    def whole(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked.without("startIndex", "count")) if asked.lists else honest(asked)
        if not asked.lists:
            return answer
        return altered(answer, lambda body: {**body, "totalResults": len(body["Resources"])})

    said = probed(Quirky(whole))
    assert said.result["suggested_capabilities"]["paging"] == "none"


def test_attributes_that_a_patch_leaves_alone_are_fixed() -> None:
    def stubborn(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        paths = [one["path"] for one in asked.body["Operations"]] if asked.method == "PATCH" else []
        if asked.kind == "Users" and set(paths) & {"userName", "emails"}:
            return Answer(200, dict(server.held["Users"][asked.segments[1]]))
        return honest(asked)

    said = probed(office(stubborn))
    assert said.result["suggested_capabilities"]["fixed"] == ["User.emails", "User.userName"]
    assert "patch" not in said.result["suggested_capabilities"]


def test_a_group_that_is_refused_with_members_is_made_without() -> None:
    def without(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST" and (asked.body or {}).get("members"):
            return Answer(400, {"detail": "members are changed by PATCH"})
        return honest(asked)

    said = probed(office(without))
    assert said.result["suggested_capabilities"]["create_members"] is False
    assert "failed" not in statuses(said)
    assert found(said, "removing members") == ["works in the form filter"]


@pytest.mark.parametrize(
    ("change", "form"),
    [
        (str.lower, "lower"),
        (lambda name: name.lower().replace(" ", "-"), "slug"),
        (lambda _name: "t-815", "opaque"),
    ],
)
def test_the_form_of_rewritten_group_names_is_told(change: Any, form: str) -> None:
    def naming(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        body = copy.deepcopy(asked.body)
        if asked.method == "POST" and asked.kind == "Groups":
            body["displayName"] = change(body["displayName"])
        return honest(Asked(asked.method, asked.segments, asked.query, body))

    said = probed(office(naming))
    assert said.result["suggested_capabilities"]["rewrite"] == {"Group.displayName": form}
