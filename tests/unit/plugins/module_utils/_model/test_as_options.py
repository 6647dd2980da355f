# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options made from a resource can be set again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from ansible_collections.identity.scim.plugins.module_utils._model.as_options import options_of
from ansible_collections.identity.scim.plugins.module_utils._input.resource_options import (
    USER_OPTIONS,
)
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    GROUP,
    USER,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.examples import users


def options(resource: dict[str, Any]) -> dict[str, Any]:
    return options_of(USER, resource, lambda ident: {"id": ident})


@given(users())
def test_every_option_is_one_of_the_module(resource: dict[str, Any]) -> None:
    known = {one.name for one in USER_OPTIONS}
    found = options({**resource, "id": "1", "meta": {}, "password": "s3cret", "schemas": []})
    assert set(found) <= known - {"id", "password", "groups"}
    assert "s3cret" not in str(found)


@given(users())
def test_names_ignore_case(resource: dict[str, Any]) -> None:
    assert options({name.upper(): value for name, value in resource.items()}) == options(resource)


@pytest.mark.parametrize(
    "resource, expected",
    [
        ({"userName": "pam", "title": " ", "nickName": None}, {"user_name": "pam"}),
        ({"userName": 7, "title": True}, {"user_name": "7"}),
        ({"active": "True"}, {"active": True}),
        ({"active": "perhaps"}, {}),
        ({"name": {"givenName": "Pam", "familyName": ""}}, {"name": {"given_name": "Pam"}}),
        ({"name": {"familyName": ""}}, {}),
        ({"name": "Pam"}, {}),
        ({"unknown": 1, "id": "1", "groups": [{"value": "g"}]}, {}),
        ({"TITLE": "first", "title": "second"}, {"title": "first"}),
    ],
)
def test_single_values(resource: dict[str, Any], expected: dict[str, Any]) -> None:
    assert options(resource) == expected


@pytest.mark.parametrize(
    "emails, expected",
    [
        ({"value": "a@x"}, [{"value": "a@x"}]),
        (["a@x"], [{"value": "a@x"}]),
        ([{"value": "a@x", "type": "work"}] * 2, [{"value": "a@x", "type": "work"}]),
        (
            [{"value": "a@x", "type": "Work"}, {"value": "a@x", "type": "work"}],
            [{"value": "a@x", "type": "Work"}],
        ),
        (
            [{"value": "a@x", "primary": True}, {"value": "b@x", "primary": "true"}],
            [{"value": "a@x"}, {"value": "b@x"}],
        ),
        (
            [{"value": "a@x", "primary": True}, {"value": "b@x", "primary": False}],
            [{"value": "a@x", "primary": True}, {"value": "b@x", "primary": False}],
        ),
        ([{"value": "none"}, {"type": "work"}, {"value": None}, {}], None),
        ([{"display": "Pam"}], [{"display": "Pam"}]),
        ([], None),
    ],
)
def test_entries(emails: Any, expected: Any) -> None:
    assert options({"emails": emails}) == ({"emails": expected} if expected else {})


def test_entries_without_a_value_are_told_apart_by_their_content() -> None:
    work = {"streetAddress": "1 Main", "type": "work"}
    rows = [work, {**work, "streetAddress": "2 Main"}, work]
    assert options({"addresses": rows})["addresses"] == [
        {"street_address": "1 Main", "type": "work"},
        {"street_address": "2 Main", "type": "work"},
    ]


@pytest.mark.parametrize("manager", ["7", {"value": "7", "displayName": "Jim"}])
def test_manager_is_a_reference(manager: Any) -> None:
    resource = {ENTERPRISE_URN: {"manager": manager}}
    assert options(resource) == {"enterprise": {"manager": {"id": "7"}}}


@pytest.mark.parametrize("enterprise", [{"manager": " "}, {"manager": {}}, {}, None, "x"])
def test_extension_without_values_is_left_out(enterprise: Any) -> None:
    assert options({ENTERPRISE_URN: enterprise}) == {}


def test_group() -> None:
    group = {"id": "1", "displayName": "Sales", "externalId": "s", "members": [{"value": "2"}]}
    assert options_of(GROUP, group, str) == {"display_name": "Sales", "external_id": "s"}
