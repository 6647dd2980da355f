# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of a PUT is the resource as it was received, with the change in it (L7)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.change import (
    Change,
    MembershipChange,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Desired, Secrets
from ansible_collections.identity.scim.plugins.module_utils._plan.replacement import replacement

DEPARTMENT = f"{ENTERPRISE_URN}:department"


def change(
    received: dict[str, Any] | None, before: dict[str, Any], after: dict[str, Any]
) -> Change:
    return Change(
        key=Key("User", "7"),
        name="ann",
        desired=Desired(kind=USER),
        before=before,
        after=after,
        received=received,
    )


def test_l7_read_only_attributes_are_left_out_and_all_else_stays() -> None:
    received = {
        "id": "7",
        "Meta": {"version": "1"},
        "groups": [{"value": "g"}],
        "schemas": [USER.schema, "urn:x:y:User"],
        "members": [1],
        "urn:x:y:User": {"a.b": None},
    }
    assert replacement(change(received, {}, {"title": "x"})) == {
        "id": "7",
        "schemas": [USER.schema, "urn:x:y:User"],
        "members": [1],
        "urn:x:y:User": {"a.b": None},
        "title": "x",
    }


def test_l7_schemas_follow_what_is_written_and_removed() -> None:
    received = {"schemas": [USER.schema], "id": "7"}
    body = replacement(change(received, {}, {DEPARTMENT: "d"}))
    assert body["schemas"] == [USER.schema, ENTERPRISE_URN]
    received = {"schemas": [USER.schema, ENTERPRISE_URN], ENTERPRISE_URN: {"department": "d"}}
    body = replacement(change(received, {DEPARTMENT: "d"}, {}))
    assert body == {"schemas": [USER.schema], "id": "7"}
    assert replacement(change({}, {}, {DEPARTMENT: "d"}))["schemas"] == [
        USER.schema,
        ENTERPRISE_URN,
    ]


def test_l7_a_change_without_a_resource_is_written_from_its_attributes() -> None:
    assert replacement(change(None, {"title": "x"}, {"title": "x", "locale": "de"})) == {
        "schemas": [USER.schema],
        "id": "7",
        "title": "x",
        "locale": "de",
    }


def test_l7_schemas_name_those_of_secrets() -> None:
    secrets = Secrets(attributes={"urn:x:y:User:pin": "1"}, always=True)
    one = Change(
        key=Key("User", "7"),
        name="ann",
        desired=Desired(kind=USER, secrets=secrets),
        before={},
        after={},
        received={"schemas": [USER.schema]},
    )
    body = replacement(one)
    assert body["schemas"] == [USER.schema, "urn:x:y:User"] and "urn:x:y:User" not in body


def group(received: dict[str, Any], membership: MembershipChange | None) -> Change:
    return Change(
        key=Key("Group", "g"),
        name="staff",
        desired=Desired(kind=GROUP),
        before={},
        after={"displayName": "staff"},
        received=received,
        membership=membership,
    )


def test_n1_rows_of_members_that_stay_go_back_with_their_ids() -> None:
    rows = [
        {"Value": "a", "display": "Ann"},
        {"$ref": "https://x.org/v2/Users/b"},
        None,
        {"display": "nobody"},
        "c",
        {"value": "d"},
        {"value": "a"},
        {"value": None},
    ]
    current = frozenset(Key("User", one) for one in "abcd")
    membership = MembershipChange(
        current=current, joins=(Key("User", "e"),), leaves=(Key("User", "d"),)
    )
    found = replacement(group({"Members": rows, "displayName": "staff"}, membership))
    assert found == {
        "schemas": [GROUP.schema],
        "id": "g",
        "displayName": "staff",
        "members": [
            {"Value": "a", "display": "Ann"},
            {"value": "b", "$ref": "https://x.org/v2/Users/b"},
            {"display": "nobody"},
            "c",
            {"value": "e"},
        ],
    }


def test_members_that_cannot_be_read_are_not_replaced() -> None:
    with pytest.raises(ScimError, match="cannot be read"):
        replacement(group({}, None))
