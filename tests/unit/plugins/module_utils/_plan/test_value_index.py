# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values at look-up paths, and what is found by them."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import EMAIL
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Resource
from ansible_collections.identity.scim.plugins.module_utils._plan.value_index import (
    ValueIndex,
    has_value,
    values,
)

PAM = {"id": "u1", "userName": "PAM", "externalId": "X", "emails": [{"value": "Pam@x"}]}


@pytest.mark.parametrize(
    "resource, path, found",
    [
        ({"userName": "pam"}, "userName", ["pam"]),
        ({"userName": 7}, "userName", ["7"]),
        ({"userName": True}, "userName", []),
        ({"emails": [{"value": "a"}, {"value": "b"}]}, EMAIL, ["a", "b"]),
        ({"emails": ["a"]}, EMAIL, ["a"]),
        ({}, EMAIL, []),
    ],
)
def test_values_of_a_key_are_texts(resource: Resource, path: str, found: list[str]) -> None:
    assert values(resource, path) == found


def test_resource_has_a_value_in_the_form_of_its_schema() -> None:
    assert has_value(USER, PAM, "userName", "pam")
    assert not has_value(USER, PAM, "externalId", "x")


def test_an_index_has_what_came_before_and_after_a_question() -> None:
    index = ValueIndex()
    assert not index.ids(("User", "userName", "pam"))
    index.add(USER, "u1", PAM)
    index.add(USER, "u2", {"id": "u2", "userName": "pam"})
    index.add(GROUP, "g1", {"id": "g1", "displayName": "pam"})
    assert list(index.ids(("User", "userName", "pam"))) == ["u1", "u2"]
    assert list(index.ids(("User", EMAIL, "pam@x"))) == ["u1"]
    assert list(index.ids(("Group", "displayName", "pam"))) == ["g1"]
    index.add(USER, "u1", {**PAM, "userName": "beesly"})
    index.add(USER, "u1", {**PAM, "userName": "halpert"})
    for name in ("pam", "beesly", "halpert"):
        assert "u1" in index.ids(("User", "userName", name))
