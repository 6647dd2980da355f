# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open keys are found by what pages show, also among many."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.open_keys import OpenKeys
from ansible_collections.identity.scim.plugins.module_utils._plan.verdicts import is_unique

ANN = {"id": "u1", "userName": "Ann", "externalId": "x1"}


def test_e9_a_unique_name_that_a_resource_shows_is_settled() -> None:
    found = OpenKeys(USER, [("userName", "ann"), ("externalId", "x1"), ("userName", "bob")])
    assert found.shown_by([ANN]) == [("userName", "ann")]
    assert is_unique(USER, "userName") and not is_unique(GROUP, "displayName")


def test_every_spelling_of_a_name_is_settled() -> None:
    found = OpenKeys(USER, [("userName", "ann"), ("userName", "ANN")])
    assert found.shown_by([ANN]) == [("userName", "ann"), ("userName", "ANN")]


def test_a_key_that_was_closed_is_not_shown_again() -> None:
    found = OpenKeys(USER, [("userName", "ann")])
    del found["userName", "ann"]
    assert not found.shown_by([ANN]) and not found


def test_names_of_groups_are_not_unique() -> None:
    assert not OpenKeys(GROUP, [("displayName", "a")]).shown_by([{"id": "g", "displayName": "a"}])
