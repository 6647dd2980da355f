# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of a difference make just that difference on a strict service."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.flat import flatten, unflatten
from ansible_collections.identity.scim.plugins.module_utils._model.merge import differing, merge
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._protocol.patch import (
    join,
    leave,
    operations,
    patch,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.examples import users
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._protocol.reader import (
    patched,
)

MANAGER = f"{ENTERPRISE_URN}:manager"


def ops(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    return operations(USER, before, after, differing(USER, before, after))


@settings(max_examples=80)
@given(
    users(),
    users(),
    st.sets(
        st.sampled_from(
            ("title", "name", "name.givenName", "emails", ENTERPRISE_URN, MANAGER, "roles")
        ),
        max_size=3,
    ),
)
def test_p5_operations_make_the_difference(
    current: dict[str, Any], desired: dict[str, Any], clear: set[str]
) -> None:
    """P5: a service that follows the paths of the operations to the letter stores what is desired."""
    before = flatten(USER, current)
    after = merge(USER, before, dict(flatten(USER, desired)), sorted(clear))
    made = patched(current, ops(before, after))
    assert differing(USER, flatten(USER, made), after) == ()
    assert differing(USER, after, flatten(USER, made)) == ()


@given(users(), users())
def test_no_operation_is_about_what_stays(current: dict[str, Any], desired: dict[str, Any]) -> None:
    before, after = flatten(USER, current), flatten(USER, desired)
    found = ops(before, after)
    paths = [one["path"] for one in found]
    assert len(paths) == len(set(paths))
    assert not [
        one
        for one in paths
        for other in paths
        if one != other and other.startswith((f"{one}.", f"{one}["))
    ]
    assert bool(found) == bool(differing(USER, before, after))


@pytest.mark.parametrize(
    "before, after, expected",
    [
        ({}, {"title": "x"}, [{"op": "add", "path": "title", "value": "x"}]),
        ({"title": "x"}, {"title": "y"}, [{"op": "replace", "path": "title", "value": "y"}]),
        ({"title": "x"}, {}, [{"op": "remove", "path": "title"}]),
        (
            {},
            {"name.givenName": "P", "name.familyName": "B"},
            [{"op": "add", "path": "name", "value": {"givenName": "P", "familyName": "B"}}],
        ),
        (
            {"name.givenName": "P"},
            {"name.givenName": "P", "name.familyName": "B"},
            [{"op": "add", "path": "name.familyName", "value": "B"}],
        ),
        (
            {"name.givenName": "P", "name.familyName": "B"},
            {"name.givenName": "P"},
            [{"op": "remove", "path": "name.familyName"}],
        ),
        ({"name.givenName": "P", "name.familyName": "B"}, {}, [{"op": "remove", "path": "name"}]),
        (
            {"emails": [{"value": "a"}]},
            {"emails": [{"value": "b"}]},
            [{"op": "replace", "path": "emails", "value": [{"value": "b"}]}],
        ),
        ({"emails": [{"value": "a"}]}, {}, [{"op": "remove", "path": "emails"}]),
        (
            {},
            {f"{ENTERPRISE_URN}:department": "d"},
            [{"op": "add", "path": f"{ENTERPRISE_URN}:department", "value": "d"}],
        ),
        ({}, {f"{MANAGER}.value": "1"}, [{"op": "add", "path": MANAGER, "value": {"value": "1"}}]),
        (
            {f"{MANAGER}.value": "1", f"{MANAGER}.displayName": "Old"},
            {f"{MANAGER}.value": "2", f"{MANAGER}.displayName": "Old"},
            [{"op": "replace", "path": MANAGER, "value": {"value": "2"}}],
        ),
        (
            {f"{MANAGER}.value": "1", f"{MANAGER}.displayName": "Old"},
            {},
            [{"op": "remove", "path": MANAGER}],
        ),
    ],
)
def test_operations(
    before: dict[str, Any], after: dict[str, Any], expected: list[dict[str, Any]]
) -> None:
    assert ops(before, after) == expected


ids = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8),
    unique=True,
    max_size=6,
)


@given(ids, ids, st.sampled_from(("filter", "list")))
def test_only_the_named_members_join_and_leave(
    current: list[str], others: list[str], form: str
) -> None:
    group = {"displayName": "Sales", "members": [{"value": one} for one in current]}
    if others:
        joined = patched(group, join(others))
        assert {row["value"] for row in joined["members"]} == {*current, *others}
        left = patched(group, leave(others, form))
        assert {row["value"] for row in left.get("members", [])} == {*current} - {*others}


def test_removal_always_names_the_members_to_remove() -> None:
    assert leave(["1", 'a"] or members[value pr'], "filter") == [
        {"op": "remove", "path": 'members[value eq "1"]'},
        {"op": "remove", "path": r'members[value eq "a\"] or members[value pr"]'},
    ]
    assert leave(["1", "2"], "list") == [
        {"op": "remove", "path": "members", "value": [{"value": "1"}, {"value": "2"}]}
    ]
    assert not leave([], "filter")


def test_body_of_a_patch() -> None:
    assert patch(join(["1"])) == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "add", "path": "members", "value": [{"value": "1"}]}],
    }


def test_unflattened_after_is_what_a_put_would_send() -> None:
    assert unflatten({f"{MANAGER}.value": "1", "name.givenName": "P"}) == {
        ENTERPRISE_URN: {"manager": {"value": "1"}},
        "name": {"givenName": "P"},
    }


NAME = {"givenName": "p", "familyName": "b"}


@pytest.mark.parametrize(
    "form, expected",
    [
        ("path", [("add", "title", "x"), ("replace", "name.givenName", "p")]),
        ("replace", [("replace", "title", "x"), ("replace", "name.givenName", "p")]),
        ("whole", [("replace", "title", "x"), ("replace", "name", NAME)]),
        ("object", [("add", None, {"title": "x", "name": NAME})]),
    ],
)
def test_e7_forms_of_the_same_change(form: str, expected: list[Any]) -> None:
    before = {"name.givenName": "old", "name.familyName": "b"}
    after = {"title": "x", "name.givenName": "p", "name.familyName": "b"}
    found = operations(USER, before, after, ("title", "name.givenName"), form)
    assert [(one["op"], one.get("path"), one["value"]) for one in found] == expected


def test_e7_lists_and_removals_stay_operations_of_their_own() -> None:
    before = {"nickName": "old", "title": "t"}
    after = {"emails": [{"value": "a@x"}], "title": "x"}
    found = operations(USER, before, after, ("emails", "nickName", "title"), "object")
    assert [(one["op"], one.get("path")) for one in found] == [
        ("add", None),
        ("add", "emails"),
        ("remove", "nickName"),
    ]
