# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change laid onto a resource changes what it names, and nothing else (L7)."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given

from ansible_collections.identity.scim.plugins.module_utils._model.flat import flatten
from ansible_collections.identity.scim.plugins.module_utils._model.overlay import overlaid
from ansible_collections.identity.scim.plugins.module_utils._model.merge import differing, merge
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    USER,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.examples import users

MANAGER = f"{ENTERPRISE_URN}:manager.value"
FOREIGN = "urn:example:2.0:User"


@pytest.mark.parametrize(
    "resource, after, paths, expected",
    [
        ({"Title": "a", "x": None}, {"title": "b"}, ["title"], {"Title": "b", "x": None}),
        ({"title": "a", "TITLE": "b"}, {"title": "c"}, ["title"], {"title": "c"}),
        ({"title": "a"}, {}, ["title"], {}),
        (
            {"name": {"GivenName": "a", "z.y": 1}},
            {"name.givenName": "b"},
            ["name.givenName"],
            {"name": {"GivenName": "b", "z.y": 1}},
        ),
        ({"name": {"givenName": "a"}}, {}, ["name.givenName"], {}),
        (
            {"name": "Ann Lee"},
            {"name.givenName": "Ann"},
            ["name", "name.givenName"],
            {"name": {"givenName": "Ann"}},
        ),
        ({}, {f"{FOREIGN}:a": 1}, [f"{FOREIGN}:a"], {FOREIGN: {"a": 1}}),
        ({FOREIGN.upper(): {"A": 1}}, {}, [f"{FOREIGN}:a"], {}),
        (
            {FOREIGN: {"a.b": 1, "a": {"b": 2}}},
            {},
            [f"{FOREIGN}:a.b"],
            {FOREIGN: {"a.b": 1}},
        ),
        ({f"{FOREIGN}:a": 1}, {f"{FOREIGN}:a": 2}, [f"{FOREIGN}:a"], {f"{FOREIGN}:a": 2}),
        (
            {USER.schema: {"title": "a"}},
            {"title": "b", "locale": "de"},
            ["title", "locale"],
            {USER.schema: {"title": "b"}, "locale": "de"},
        ),
        (
            {ENTERPRISE_URN: {"manager": {"value": "1", "displayName": "Bob"}, "x": [None]}},
            {MANAGER: "2", f"{ENTERPRISE_URN}:manager.displayName": "Bob"},
            [MANAGER],
            {ENTERPRISE_URN: {"manager": {"value": "2"}, "x": [None]}},
        ),
        (
            {"emails": [None, {"value": "h", "type": "home", "n": None}, "w"]},
            {"emails": [{"value": "h", "type": "home"}, {"value": "w2"}]},
            ["emails"],
            {"emails": [{"value": "h", "type": "home", "n": None}, {"value": "w2"}]},
        ),
    ],
)
def test_l7_only_what_changes_is_laid_onto_it(
    resource: dict[str, Any], after: dict[str, Any], paths: list[str], expected: dict[str, Any]
) -> None:
    before = copy.deepcopy(resource)
    assert overlaid(USER, resource, after, paths) == expected
    assert resource == before


@given(users(), users())
def test_l7_what_was_laid_is_there_afterwards(
    current: dict[str, Any], desired: dict[str, Any]
) -> None:
    before = flatten(USER, current)
    after = merge(USER, before, flatten(USER, desired))
    result = overlaid(USER, current, after, differing(USER, before, after))
    ignored = f"{ENTERPRISE_URN}:manager"
    kept = {path for path in after if not path.startswith(ignored) or path == MANAGER}
    found = flatten(USER, result)
    assert not [one for one in differing(USER, after, found) if one in kept]
