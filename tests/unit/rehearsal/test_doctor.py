# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor examines every imitation, with its profile and without it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Refusal, Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.scenarios import role
from ansible_collections.identity.scim.tests.rehearsal.serve import Served, serving
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
)

# What nobody can guess: its endpoints, and which of its own attributes a new user must have.
UNGUESSABLE = {"entra"}
# The profile says less than the imitation assumes, or the doctor cannot know it.
MORE = {"filter_unknown", "filter_clauses"}

IMPOSSIBLE = (
    "the service has no groups",
    "the service does not create groups",
    "its members cannot be read",
)


def probed(it: Rehearsal, probe: str = "writes") -> dict[str, Any]:
    """Return what the doctor finds."""
    said = it.task("scim_service_provider_info", probe=probe)
    assert not said.failure
    for one in said.result["findings"]:
        assert one["remedy"] or one["status"] == "ok", one
    return said.result


def failed(result: dict[str, Any]) -> list[str]:
    """Return the lines about what does not work."""
    return [one["found"] for one in result["findings"] if one["status"] == "failed"]


@pytest.mark.parametrize("name", IMITATIONS)
def test_nothing_fails_with_the_profile_and_no_active_user_is_left(name: str) -> None:
    with serving(IMITATIONS[name]) as served:
        result = probed(Rehearsal(served, name))
        held = served.held
    assert not failed(result)
    assert set(result["suggested_capabilities"]) <= MORE
    assert not held["groups"] and (not held["emails"] or "traces" in str(result["findings"]))


@pytest.mark.parametrize("name", sorted(set(IMITATIONS) - UNGUESSABLE))
def test_what_is_found_without_a_profile_is_enough_for_the_role(name: str) -> None:
    with serving(IMITATIONS[name]) as served:
        found = probed(Rehearsal(served, "auto"))["suggested_capabilities"]
        again = probed(Rehearsal(served, "auto", found))
    assert not failed(again) and not again["suggested_capabilities"]
    with serving(IMITATIONS[name]) as served:
        it = Rehearsal(served, "auto", found)
        try:
            role(it)
        except Refusal as refusal:
            assert any(one in str(refusal) for one in IMPOSSIBLE), refusal


def test_other_endpoints_are_told_and_what_is_pasted_is_enough_to_read() -> None:
    with serving(IMITATIONS["entra"]) as served:
        found = probed(Rehearsal(served, "auto"), "reads")
        again = probed(Rehearsal(served, "auto", found["suggested_capabilities"]), "reads")
    assert "/users, in small letters" in failed(found)[0]
    assert not failed(again)
    assert again["suggested_capabilities"] == {"paging": "cursor"}


WHAT_STAYS = "so the users that a probe with writes creates are left there"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("github", "the service suspends deleted users for good"),
        ("atlassian", "the service unlinks deleted users for good"),
        ("slack", "the service deactivates deleted users"),
        ("gitlab_self_managed", "the service blocks deleted users"),
        ("oracle", ""),
    ],
)
def test_what_a_probe_with_writes_leaves_is_told_before_it_writes(name: str, said: str) -> None:
    for probe, check in (("reads", False), ("writes", True), ("writes", False)):
        with serving(IMITATIONS[name]) as served:
            it = Rehearsal(served, name)
            result = it.task("scim_service_provider_info", probe=probe, check=check).result
            is_final = "for good" in said
            assert bool(served.writes) is (probe == "writes" and not check and not is_final)
        found = [one["found"] for one in result["findings"] if one["check"] == "writes"]
        assert [one for one in found if WHAT_STAYS in one] == (
            [f"{said}, {WHAT_STAYS}"] if said else []
        )


LASTING = ("github", "atlassian")


@pytest.mark.parametrize("name", LASTING)
def test_nothing_is_written_where_deleted_users_cannot_come_back(name: str) -> None:
    with serving(IMITATIONS[name]) as served:
        result = probed(Rehearsal(served, name))
        assert not served.writes and not result["changed"]
        (line,) = [one for one in result["findings"] if "not tried" in one["found"]]
        assert line["found"] == (
            "not tried, because deleted users cannot come back on this service: three would stay"
        )
        assert line["remedy"].endswith(
            "set capabilities: {irreversible: []} for this task to write all the same"
        )
        result = probed(Rehearsal(served, name, {"irreversible": []}))
        assert served.writes and not failed(result)


def test_nothing_is_written_where_users_cannot_be_read() -> None:
    with serving(IMITATIONS["entra"]) as served:
        result = probed(Rehearsal(served, "auto"))
        assert not served.writes
    assert {one["check"] for one in result["findings"] if one["status"] == "failed"} == {
        "reading users",
        "reading groups",
    }
    (line,) = [one for one in result["findings"] if one["check"] == "writes"]
    assert "reading users" in line["remedy"]


def test_what_a_service_demands_has_a_remedy_that_is_enough() -> None:
    known: dict[str, Any] = {"paths": {"users": "/users", "groups": "/groups"}, "paging": "cursor"}
    with serving(IMITATIONS["entra"]) as served:
        for _attempt in range(9):
            result = probed(Rehearsal(served, "auto", known))
            lines = [one for one in result["findings"] if one["check"] == "creating users"]
            if lines[0]["status"] == "ok":
                break
            assert "capabilities: {required: [User.ATTRIBUTE]}" in lines[0]["remedy"]
            path = lines[0]["found"].partition(": ")[2].partition(" is required")[0]
            known.setdefault("required", []).append(f"User.{path}")
        assert lines[0]["status"] == "ok" and "User.password" in known["required"]


def members_seen(served: Served, provider: str, **capabilities: Any) -> tuple[str, Any]:
    """Return what a probe that only reads says of members, and the capability."""
    result = probed(Rehearsal(served, provider, capabilities), "reads")
    (line,) = [one for one in result["findings"] if one["check"] == "members"]
    return line["found"], result["suggested_capabilities"].get("members_read")


BY_USERS = "groups show no members, but users are found by their groups"
BY_MEMBERS = "groups show no members, but groups are found by their members"


@pytest.mark.parametrize("name", ["aws", "entra"])
def test_reads_find_members_that_only_filters_find(name: str) -> None:
    with serving(IMITATIONS[name]) as served:
        for user in ("jim", "pam"):
            served.store.user(user)
        served.store.group("empty", [])
        assert members_seen(served, name)[0] == "no group with members was seen"
        served.store.group("staff", ["pam"])
        assert members_seen(served, name) == (BY_USERS, None)
        paths = {"paths": {"users": "/users", "groups": "/groups"}} if name == "entra" else {}
        assert members_seen(served, "auto", **paths) == (BY_USERS, "users_by_group")
        refuse = honours_only("Groups")
        served.store.quirks.insert(0, refuse)
        assert members_seen(served, "auto", **paths) == (BY_MEMBERS, "groups_by_user")
        served.store.quirks[0] = honours_only()
        assert members_seen(served, "auto", **paths)[0] == "no group with members was seen"


def honours_only(*kinds: str) -> Quirk:
    """Return a quirk that ignores filters on members in lists of other types."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        is_about = any(one in asked.query.get("filter", "") for one in ("groups.", "members."))
        if asked.lists and is_about and asked.kind not in kinds:
            return honest(asked.without("filter"))
        return honest(asked)

    return quirk


@pytest.mark.parametrize("probe", ["reads", "writes"])
@pytest.mark.parametrize("name", IMITATIONS)
def test_a_token_that_may_only_read_is_examined_and_writes_nothing(name: str, probe: str) -> None:
    with serving(IMITATIONS[name]) as served:
        it = Rehearsal(served, name, connection={"token": served.reader})
        said = it.task("scim_service_provider_info", probe=probe)
        assert not said.failure and not said.changed and not served.held["emails"]
        tries = probe == "writes" and name not in LASTING
        assert bool(served.writes) is tries  # refused, but tried
    lines = [one for one in said.result["findings"] if one["status"] == "failed"]
    assert [one["check"] for one in lines] == (["creating users"] if tries else [])
    assert all("the token lacks rights" in one["remedy"] for one in lines)
