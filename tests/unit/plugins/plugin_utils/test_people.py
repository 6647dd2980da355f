# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups as hosts and groups: names, variables, and what is not shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.inventory.people import sanitized
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import ENTERPRISE_URN
from ansible_collections.identity.scim.plugins.plugin_utils._people import arrange

PAM = {"id": "1", "userName": "pam"}
JIM = {"id": "2", "userName": "jim"}


def arranged(
    users: list[Any],
    groups: list[Any],
    members: Mapping[str, set[str] | None] | None = None,
    hostname: str = "userName",
) -> Any:
    kinds = {one["id"]: "Group" for one in groups}

    def members_of(group: Key) -> set[Key] | None:
        found = (members or {}).get(group.id)
        return None if found is None else {Key(kinds.get(one, "User"), one) for one in found}

    found = arrange(users, groups, members_of, hostname, sanitized)
    return {
        "hosts": {row["name"]: row["vars"] for row in found["hosts"]},
        "groups": {row["name"]: row for row in found["groups"]},
        "notes": found["notes"],
    }


def group(ident: str, name: Any, **more: Any) -> dict[str, Any]:
    return {"id": ident, "displayName": name, **more}


def test_attributes_are_options_and_nothing_else_is_there() -> None:
    user = {
        **PAM,
        "schemas": ["x"],
        "meta": {"location": "x"},
        "groups": [{"value": "9"}],
        "password": "s3cret",
        "unknown": 1,
        "title": "",
        "active": "True",
        "name": {"givenName": "Pam", "familyName": None},
        "X509Certificates": [{"value": "MII"}],
        "addresses": [{"streetAddress": "1 Main", "type": "work"}],
        "emails": [
            {"value": "p@x", "type": "work", "primary": True},
            {"value": "p@x", "type": "WORK"},
            {"value": "none"},
            {"display": None},
        ],
        ENTERPRISE_URN.upper(): {"department": "Art", "manager": {"value": "2", "$ref": "x"}},
    }
    assert arranged([user, JIM], [])["hosts"]["pam"] == {
        "user_name": "pam",
        "active": True,
        "name": {"given_name": "Pam"},
        "x509_certificates": [{"value": "MII"}],
        "addresses": [{"street_address": "1 Main", "type": "work"}],
        "emails": [{"value": "p@x", "type": "work", "primary": True}],
        "enterprise": {"department": "Art", "manager": "jim"},
    }


def test_manager_without_a_host_is_named_by_id_and_two_primaries_by_none() -> None:
    user = {
        **PAM,
        ENTERPRISE_URN: {"manager": "77"},
        "emails": [{"value": "a@x", "primary": True}, {"value": "b@x", "primary": True}],
    }
    assert arranged([user], [])["hosts"]["pam"] == {
        "user_name": "pam",
        "enterprise": {"manager": {"id": "77"}},
        "emails": [{"value": "a@x"}, {"value": "b@x"}],
    }


def test_groups_are_teams_with_valid_names_and_their_own() -> None:
    found = arranged(
        [PAM, JIM],
        [group("a", "Dunder Mifflin", externalId="dm"), group("b", "Sales")],
        {"a": {"1", "b"}, "b": {"2"}},
    )["groups"]
    assert found["Dunder_Mifflin"] == {
        "name": "Dunder_Mifflin",
        "hosts": ["pam"],
        "children": ["Sales"],
        "vars": {
            "scim_team": True,
            "scim_team_name": "Dunder Mifflin",
            "scim_team_external_id": "dm",
        },
    }
    assert found["Sales"]["hosts"] == ["jim"]


@pytest.mark.parametrize("members", [{"a": {"1", "gone"}}, {"a": None}, {}])
def test_a_group_that_is_not_shown_whole_is_additive(members: Any) -> None:
    found = arranged([{**PAM, "groups": [{"value": "a"}]}], [group("a", "A")], members)["groups"][
        "A"
    ]
    assert found["vars"]["scim_team_membership"] == "additive" and found["hosts"] == ["pam"]


def test_equal_group_names_get_stable_suffixes() -> None:
    rows = [
        group("a", "Sales A"),
        group("b", "Sales-A"),
        group("c", "all"),
        group("d", "pam"),
        group("e", None),
        group("f", "sales_a"),
    ]
    found = arranged([PAM], rows, {one["id"]: set() for one in rows})
    assert len(found["groups"]) == 5 and not {"Sales_A", "sales_a", "all", "pam"} & set(
        found["groups"]
    )
    assert set(arranged([PAM], rows[::-1], {one["id"]: set() for one in rows})["groups"]) == set(
        found["groups"]
    )
    assert found["notes"] == ["the group with id 'e' has no display name and is left out"]


def test_host_names() -> None:
    mail = {**PAM, "emails": [{"value": "p@x"}]}
    assert set(arranged([mail, JIM], [], hostname="emails[0].value")["hosts"]) == {"p@x", "jim"}
    assert set(arranged([{"id": "3", "userName": "a\nb\u202e"}], [])["hosts"]) == {"a\\x0ab\\u202e"}
    left = arranged([{"id": "3", "userName": "LocalHost"}, {"id": "4"}], [])
    assert not left["hosts"] and len(left["notes"]) == 2
    left = arranged(
        [
            {"id": "3", "userName": "all"},
            {"id": "4", "userName": "ungrouped"},
            {"id": "5", "userName": "All"},
        ],
        [group("g", "G")],
        {"g": {"3", "5"}},
    )
    assert set(left["hosts"]) == {"All"} and left["groups"]["G"]["hosts"] == ["All"]
    assert left["groups"]["G"]["vars"]["scim_team_membership"] == "additive"
    assert left["notes"] == [
        f"the user '{name}' is named like a group that every inventory has and is left out; choose another hostname"
        for name in ("all", "ungrouped")
    ]
    with pytest.raises(ScimError, match="users 'pam' and 'jim' would both be the host 'same'"):
        arranged([{**PAM, "title": "same"}, {**JIM, "title": "same"}], [], hostname="title")
    with pytest.raises(ScimError, match="hostname is not a valid JMESPath"):
        arranged([PAM], [], hostname="[")


def test_users_and_groups_may_have_equal_ids() -> None:
    groups = [group("1", "Same"), group("2", "Other")]
    members = {Key("Group", "1"): {Key("User", "1"), Key("Group", "2")}, Key("Group", "2"): set()}
    found = arrange([PAM, JIM], groups, members.get, "userName", sanitized)
    (other, same) = found["groups"]
    assert (same["hosts"], same["children"]) == (["pam"], ["Other"])
    assert (other["hosts"], other["children"]) == ([], [])
