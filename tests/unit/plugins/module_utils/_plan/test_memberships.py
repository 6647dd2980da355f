# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is none of a run's business leaves nothing: people who are spared, and teams that are only added to."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    converge,
    settled,
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store


def store_of(*people: str) -> Store:
    store = Store()
    for name in people:
        store.user(name)
    store.group("red", list(people))
    return store


@pytest.mark.parametrize("named", ["ryan", "RYAN", "emp-7", "its id", "Ryan@example.com"])
def test_who_is_spared_stays_in_the_team_and_active_and_others_leave(named: str) -> None:
    """O7: by every key that a person of an inventory may be known by."""
    store = store_of("pam", "ryan", "toby")
    store["ryan"].update(
        {
            "externalId": "emp-7",
            "emails": [
                {"value": "info@example.com"},
                {"value": "ryan@Example.com", "type": "work"},
            ],
        }
    )
    wishes = wanted(
        teams=[team("red", "pam")],
        leavers_except=[store["ryan"]["id"] if named == "its id" else named],
    )
    converge(store, wishes, INACTIVE)
    assert store.members("red") == {"pam", "ryan"}
    assert store["ryan"]["active"] and not store["toby"]["active"]
    settled(store, wishes, INACTIVE)


def test_who_is_spared_and_not_there_is_not_added() -> None:
    store = store_of("pam")
    store.user("ryan")
    wishes = wanted(teams=[team("red", "pam")], leavers_except=["ryan"])
    settled(store, wishes, INACTIVE)


def test_who_is_spared_leaves_where_that_is_stated() -> None:
    store = store_of("pam", "ryan")
    converge(
        store,
        wanted(
            teams=[team("red", "pam", {"user_name": "ryan", "state": "inactive"})],
            leavers_except=["ryan"],
        ),
        INACTIVE,
    )
    assert store.members("red") == {"pam"} and not store["ryan"]["active"]


@pytest.mark.parametrize(
    "whole, own, left",
    [
        ("exact", None, {"pam"}),
        ("exact", "additive", {"pam", "toby"}),
        ("additive", "exact", {"pam"}),
        ("additive", None, {"pam", "toby"}),
    ],
)
def test_a_team_says_for_itself_whether_it_is_exact(
    whole: str, own: str | None, left: set[str]
) -> None:
    store = store_of("pam", "toby")
    converge(store, wanted(whole, teams=[team("red", "pam", membership=own)]), INACTIVE)
    assert store.members("red") == left
