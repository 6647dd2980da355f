# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flat form loses nothing and speaks in SCIM paths."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from ansible_collections.identity.scim.plugins.module_utils._model.flat import (
    body,
    boolean,
    flatten,
    number_text,
    same_name,
    spelt_as,
    under,
    unflatten,
)
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    GROUP,
    USER,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.examples import (
    FOREIGN_URN,
    users,
)


@given(users())
def test_unflatten_undoes_flatten(resource: dict[str, Any]) -> None:
    assert unflatten(flatten(USER, resource)) == resource


@given(users())
def test_read_only_attributes_are_not_part_of_the_flat_form(resource: dict[str, Any]) -> None:
    served = {
        **resource,
        "id": "1",
        "meta": {"version": 'W/"1"'},
        "groups": [{"value": "g"}],
        "schemas": [USER.schema],
        "members": [{"value": "m"}],
    }
    assert flatten(USER, served) == flatten(USER, resource)


@given(users())
def test_names_are_read_ignoring_case(resource: dict[str, Any]) -> None:
    shouted = {key.upper() if key != FOREIGN_URN else key: value for key, value in resource.items()}
    assert flatten(USER, shouted) == flatten(USER, resource)


def test_paths() -> None:
    assert flatten(
        USER,
        {
            "userName": "pam",
            "title": None,
            "emails": [],
            "name": {"givenName": "Pam", "familyName": None},
            "phoneNumbers": [{"value": "1", "type": None, "$ref": None}],
            ENTERPRISE_URN: {"department": "Sales", "manager": {"value": "7"}},
            FOREIGN_URN: {"floor": 2},
            "custom": {"a": {"b": 1}},
        },
    ) == {
        "userName": "pam",
        "name.givenName": "Pam",
        "phoneNumbers": [{"value": "1"}],
        f"{ENTERPRISE_URN}:department": "Sales",
        f"{ENTERPRISE_URN}:manager.value": "7",
        f"{FOREIGN_URN}:floor": 2,
        "custom.a": {"b": 1},
    }


@pytest.mark.parametrize(
    "resource, flat",
    [
        ({"active": "True"}, {"active": True}),
        ({"active": "false"}, {"active": False}),
        (
            {"emails": [{"value": "a", "primary": "TRUE"}]},
            {"emails": [{"value": "a", "primary": True}]},
        ),
        ({"roles": ["admin", "user"]}, {"roles": [{"value": "admin"}, {"value": "user"}]}),
        ({"roles": "admin"}, {"roles": [{"value": "admin"}]}),
        ({"emails": {"value": "a@b"}}, {"emails": [{"value": "a@b"}]}),
        ({ENTERPRISE_URN: {"manager": "7"}}, {f"{ENTERPRISE_URN}:manager.value": "7"}),
        ({USER.schema: {"title": "x"}}, {"title": "x"}),
        ({"name": {}}, {}),
        ({"emails": [{"value": None}, None]}, {"emails": []}),
        ({"active": 1}, {"active": True}),
        ({"active": "0"}, {"active": False}),
        ({"active": 2}, {"active": 2}),
        (
            {"title": 7, "userName": 1.0, "nickName": 1.5},
            {"title": "7", "userName": "1", "nickName": "1.5"},
        ),
        ({"name": {"givenName": 1, "": 2}}, {"name.givenName": "1"}),
        ({"phoneNumbers": [5550123]}, {"phoneNumbers": [{"value": "5550123"}]}),
        ({ENTERPRISE_URN: {"manager": 7}}, {f"{ENTERPRISE_URN}:manager.value": "7"}),
        ({ENTERPRISE_URN: {"manager": {"value": 7}}}, {f"{ENTERPRISE_URN}:manager.value": "7"}),
        ({"custom": 7, FOREIGN_URN: {"floor": True}}, {"custom": 7, f"{FOREIGN_URN}:floor": True}),
        ({"dotted.name": 1, "a b": 1, "": 1, "x:y": 1, FOREIGN_URN: {"a.b": 1, "c:d": 2}}, {}),
        ({"urn:x:y:User:a": 1, "urn:x:y:User:b.c": 2, "urn:x:y": []}, {"urn:x:y:User:a": 1}),
    ],
)
def test_e5_unusual_spellings_become_the_same_flat_form(
    resource: dict[str, Any], flat: dict[str, Any]
) -> None:
    assert flatten(USER, resource) == flat


def test_e5_booleans_as_text_and_numbers() -> None:
    assert [boolean(one) for one in ("True", "false", True, "maybe", "", 0, 1.0, 2, None)] == [
        True,
        False,
        True,
        "maybe",
        "",
        False,
        True,
        2,
        None,
    ]
    assert {boolean(one) for one in ("Yes", "y", "T", "on", " ACTIVE ", "enabled", "1")} == {True}
    assert {boolean(one) for one in ("No", "n", "F", "off", "inactive", "Disabled", "0")} == {False}
    assert [number_text(one) for one in (1, 1.0, 1.5, True, "x", None)] == [
        "1",
        "1",
        "1.5",
        True,
        "x",
        None,
    ]


def test_a_name_is_found_ignoring_case_its_own_spelling_first() -> None:
    assert same_name({"TITLE": 1, "title": 2}, "title") == "title"
    assert same_name({"TITLE": 1}, "title") == "TITLE"
    assert same_name({}, "title") is None


def test_body_names_the_schemas_it_uses() -> None:
    flat = {"userName": "pam", f"{ENTERPRISE_URN}:department": "Sales", f"{FOREIGN_URN}:floor": 1}
    assert body(USER, flat) == {
        "schemas": [USER.schema, FOREIGN_URN, ENTERPRISE_URN],
        "userName": "pam",
        ENTERPRISE_URN: {"department": "Sales"},
        FOREIGN_URN: {"floor": 1},
    }
    assert body(GROUP, {"displayName": "Sales"}) == {
        "schemas": [GROUP.schema],
        "displayName": "Sales",
    }


def test_under_takes_a_leaf_a_complex_attribute_or_an_extension() -> None:
    flat = {
        "name.givenName": "P",
        "name.familyName": "B",
        "nickName": "x",
        f"{ENTERPRISE_URN}:manager.value": "1",
        f"{ENTERPRISE_URN}:department": "d",
    }
    assert under("name", flat) == ["name.givenName", "name.familyName"]
    assert under("name.givenName", flat) == ["name.givenName"]
    assert under(f"{ENTERPRISE_URN}:manager", flat) == [f"{ENTERPRISE_URN}:manager.value"]
    assert under(ENTERPRISE_URN, flat) == [
        f"{ENTERPRISE_URN}:manager.value",
        f"{ENTERPRISE_URN}:department",
    ]
    assert under("nam", flat) == []


def test_l9_unknown_paths_are_spelt_as_they_are_wanted() -> None:
    flat = {"URN:X:User:BADGE": "red", "title": "x"}
    assert spelt_as(("urn:x:User:badge", "other"), flat) == {
        "urn:x:User:badge": "red",
        "title": "x",
    }
    assert spelt_as(("title",), flat) is flat
