# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is in which group: members with names, addresses and ids."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults.hostile import Said, hostile, run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky


def office(alike: bool = False, *quirks: Any) -> Quirky:
    """Return a service with two groups, one of them in the other."""
    store = Quirky(*quirks)
    store.alike = alike
    store.user(
        "pam",
        displayName="Pam Beesly",
        emails=[{"value": "p@home.org"}, {"value": "pam@x.org", "primary": True}],
    )
    store.user("jim", emails=[{"value": "jim@x.org", "type": "work"}])
    store.user("creed", active=False)
    store.group("Sales", ["jim", "creed"])
    store.group("Office", ["pam", "Sales"])
    store.group("Empty")
    return store


def read(store: Store, **options: Any) -> Said:
    with hostile(store) as service:
        return run(service, "scim_group_info", **options)


@pytest.mark.parametrize("alike", [False, True])
def test_members_have_names_addresses_and_ids(alike: bool) -> None:
    store = office(alike)
    said = read(store, members="names")
    groups = {
        one["displayName"]: one["members"] for one in said.result["groups"] if one.get("members")
    }
    assert groups.keys() == {"Sales", "Office"}
    pam, sales = groups["Office"]
    assert pam["value"] == store.id_of("pam") and pam["type"] == "User" and pam["active"] is True
    assert (pam["userName"], pam["displayName"], pam["email"]) == (
        "pam",
        "Pam Beesly",
        "pam@x.org",
    )
    if not alike:  # else the second member is the user of that number
        assert sales["type"] == "Group" and sales["displayName"] == "Sales"
    rows = said.result["memberships"]
    assert [(one["group"], one["user_name"], one["email"], one["active"]) for one in rows][:3] == [
        ("Sales", "jim", "jim@x.org", True),
        ("Sales", "creed", None, False),
        ("Office", "pam", "pam@x.org", True),
    ]
    assert len(rows) == 4 and rows[0]["id"] == store.id_of("jim")
    assert rows[0]["group_id"] == store.id_of("Sales") and not said.warnings


def test_ids_are_the_default_and_cost_no_request_more() -> None:
    store = office()
    said = read(store)
    assert "memberships" not in said.result and said.result["requests"] <= 2
    assert set(said.result["groups"][0]["members"][0]) == {"value"}


def test_a_member_that_is_gone_keeps_its_id_and_is_noted() -> None:
    store = office()
    store["Sales"]["members"].append({"value": "u99"})
    said = read(store, display_name="Sales", members="names")
    assert said.result["groups"][0]["members"][-1] == {"value": "u99", "display": "", "type": ""}
    assert said.result["memberships"][-1]["id"] == "u99"
    assert said.warnings == ["these members could not be read, so only their ids are returned: u99"]


def test_one_group_by_name_and_a_query_over_names() -> None:
    said = read(office(), display_name="Sales", members="names", query="[].members[].userName")
    assert said.result["query_result"] == ["jim", "creed"]


@pytest.mark.parametrize(
    "options", [{"excluded_attributes": ["members"]}, {"attributes": ["displayName"]}]
)
def test_names_of_members_that_are_left_out_are_an_error(options: dict[str, Any]) -> None:
    said = read(office(), members="names", **options)
    assert said.failure.startswith("members: names needs the members; add members to attributes")


def test_return_query_returns_nothing_else() -> None:
    options = {"query": "[].displayName", "return": "query"}
    said = read(office(), **options)
    assert said.result["query_result"] == ["Sales", "Office", "Empty"]
    assert said.result["total_results"] == 3 and "groups" not in said.result
    said = read(office(), members="names", **options)
    assert "memberships" not in said.result
    assert read(office(), **{"return": "query"}).failure.startswith("return: query needs query")


@pytest.mark.parametrize(
    "query, warns",
    [("displayName", True), ("[0].display_name", True), ("[9]", True), ("[]", False)],
)
def test_a_query_that_gives_null_for_resources_says_so(query: str, warns: bool) -> None:
    said = read(office(), query=query)
    found = [one for one in said.warnings if "gives null for a list of 3" in one]
    assert bool(found) is warns
    assert not read(Quirky(), query=query).warnings


@pytest.mark.parametrize(
    "emails", [5, True, "pam@x.org", {"value": "pam@x.org"}, [5], [["x"]], None]
)
def test_n1_addresses_of_any_shape_stop_nothing(emails: Any) -> None:
    store = office()
    store["pam"]["emails"] = emails
    said = read(store, members="names")
    rows = {one["user_name"]: one["email"] for one in said.result["memberships"]}
    assert rows["jim"] == "jim@x.org"
    assert rows["pam"] == ("pam@x.org" if isinstance(emails, dict) else None)
