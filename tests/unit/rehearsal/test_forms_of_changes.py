# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of attributes in check mode and in a run: the same requests, by PATCH or by PUT.

``Rehearsal.step`` holds that, and that a second run writes nothing.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Refusal, Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.scenarios import person
from ansible_collections.identity.scim.tests.rehearsal.serve import serving

Row = dict[str, Any]
USERS: dict[str, Row] = {
    "a name": {"name": {"given_name": "Anna", "family_name": "N"}},
    "an address": {"emails": [{"value": "anna@example.org", "type": "work", "primary": True}]},
    "a user name": {"user_name": "anna", "previous_user_names": ["ann"]},
    "the state": {"active": False},
    "the name and the state": {
        "name": {"given_name": "Anna", "family_name": "N"},
        "active": False,
    },
    "a title": {"title": "Manager"},
}
GROUPS: dict[str, tuple[Row, Row]] = {
    "a name": (
        {"display_name": "A", "external_id": "g1"},
        {"display_name": "B", "external_id": "g1", "previous_names": ["A"]},
    ),
    "an external id": (
        {"display_name": "A", "match_by": ["display_name"]},
        {"display_name": "A", "external_id": "g1", "match_by": ["display_name"]},
    ),
    "a name and members": (
        {"display_name": "A", "members": {"set": ["ann"]}},
        {"display_name": "B", "previous_names": ["A"], "members": {"set": ["bob"]}},
    ),
}


@pytest.mark.parametrize("change", USERS)
@pytest.mark.parametrize("service", IMITATIONS)
def test_a_change_of_a_user_is_predicted_as_it_is_done(service: str, change: str) -> None:
    with serving(IMITATIONS[service]) as served:
        it = Rehearsal(served, service)
        first = person(it, "ann", active=True)
        it.step("scim_user", **first)
        it.step("scim_user", **{**first, **USERS[change]})


@pytest.mark.parametrize("change", GROUPS)
@pytest.mark.parametrize("service", IMITATIONS)
def test_a_change_of_a_group_is_predicted_as_it_is_done(service: str, change: str) -> None:
    before, after = GROUPS[change]
    with serving(IMITATIONS[service]) as served:
        it = Rehearsal(served, service)
        for name in ("ann", "bob"):
            it.task("scim_user", **person(it, name))
        try:
            it.step("scim_group", **before)
        except Refusal:
            return
        it.step("scim_group", **after)


@pytest.mark.parametrize("option", ["name", "external_id"])
def test_what_patch_does_not_take_is_written_by_put(option: str) -> None:
    with serving(IMITATIONS["django-scim2"]) as served:
        it = Rehearsal(served, "django-scim2")
        first = person(it, "ann", active=True)
        it.step("scim_user", **first)
        served.store.forget()
        if option == "name":
            del first["name"]
            it.step("scim_user", **first, clear=["name"])
            assert "name" not in (it.user("ann") or {})
        else:
            it.step("scim_user", **first, external_id="id-ann")
            assert (it.user("ann") or {})["externalId"] == "id-ann"
        assert [one.method for one in served.store.asked if one.body] == ["PUT"]
