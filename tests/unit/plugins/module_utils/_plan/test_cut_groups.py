# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that may have more members than they show, and what proves that they do not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.plugins.module_utils._plan.cut_groups import (
    are_homes,
    count_question,
    groups_in_doubt,
    home_question,
    is_told,
    may_have_more,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.memberships import Memberships
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Question,
    Reading,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden

RED, BLUE, ANN = Key("Group", "red"), Key("Group", "blue"), Key("User", "ann")
NONE = Memberships()


def known(**sizes: int) -> Snapshot:
    """Return a snapshot of ann and of groups that show so many other users."""
    snapshot = Snapshot()
    snapshot.add(Reading(kind=USER, resources=({"id": "ann", "userName": "ann"},)))
    for name, size in sizes.items():
        rows = [{"value": f"u{number}"} for number in range(size)]
        group = {"id": name, "displayName": name, "members": rows}
        snapshot.add(Reading(kind=GROUP, resources=(group,), members_shown=True))
    return snapshot


@pytest.mark.parametrize(
    "sizes, found",
    [
        ({"red": 10, "blue": 3}, (RED,)),
        ({"red": 10, "blue": 10}, (BLUE, RED)),
        ({"red": 10, "blue": 11}, ()),
        ({"red": 100, "blue": 20}, (RED,)),
        ({"red": 30, "blue": 25}, ()),
        ({"red": 9}, ()),
        ({"red": 0}, ()),
    ],
)
def test_l13_the_largest_groups_with_round_numbers_are_in_doubt(
    sizes: dict[str, int], found: tuple[Key, ...]
) -> None:
    assert groups_in_doubt(NONE, known(**sizes), overridden({})) == found


@pytest.mark.parametrize(
    "sizes, caps, expected",
    [
        ({"red": 10}, {}, True),
        ({"red": 10}, {"members_limit": 0}, False),
        ({"red": 10}, {"members_read": "users_by_group"}, False),
        ({"red": 10, "blue": 11}, {}, False),
        ({"red": 11}, {}, False),
        ({"red": 0}, {}, False),
    ],
)
def test_l16_a_round_list_may_be_cut_unless_something_known_proves_it(
    sizes: dict[str, int], caps: dict[str, Any], expected: bool
) -> None:
    snapshot = known(**sizes)
    shown = snapshot.seen_members(RED)
    assert may_have_more(shown, snapshot, overridden(caps)) is expected


@pytest.mark.parametrize("caps", [{"members_limit": 0}, {"members_read": "users_by_group"}])
def test_l13_no_group_is_in_doubt_if_all_members_are_known_to_be_shown(
    caps: dict[str, Any],
) -> None:
    assert groups_in_doubt(NONE, known(red=10), overridden(caps)) == ()


def test_l13_a_group_whose_members_the_task_knows_is_not_in_doubt() -> None:
    change = MembershipChange(current=frozenset(), joins=frozenset(), leaves=frozenset())
    assert groups_in_doubt(Memberships(changes={RED: change}), known(red=10), overridden({})) == ()


@pytest.mark.parametrize("users, found", [(10, ()), (11, (RED,)), (1, (RED,)), (None, (RED,))])
def test_l13_a_filter_proves_groups_only_if_it_finds_as_many_users(
    users: int | None, found: tuple[Key, ...]
) -> None:
    snapshot = known(red=10)
    snapshot.add(Reading(kind=GROUP, counted={("red",): users}))
    assert groups_in_doubt(NONE, snapshot, overridden({})) == found
    assert not count_question([ANN], NONE, snapshot, overridden({}))


def test_l13_the_users_of_all_groups_in_doubt_are_counted_at_once() -> None:
    snapshot = known(red=10, blue=10)
    asked = Question(kind=GROUP, ids=("blue", "red"), counted=True, optional=True)
    assert count_question([ANN], NONE, snapshot, overridden({})) == (asked,)
    assert not count_question([], NONE, snapshot, overridden({}))
    for caps in (
        {"filters": False},
        {"filter_clauses": 1},
        {"filter_attributes": ["User.userName"]},
    ):
        assert not count_question([ANN], NONE, snapshot, overridden(caps))
    snapshot.add_refusal(asked, "no such filter")
    assert not count_question([ANN], NONE, snapshot, overridden({}))


def test_l13_a_leaver_is_told_of_by_an_entry_that_names_groups_or_by_a_group() -> None:
    snapshot = known(red=10)
    assert not is_told(ANN, [RED], snapshot)
    assert is_told(Key("User", "u3"), [RED], snapshot)
    named = {"id": "ann", "userName": "ann", "groups": [{"value": "blue"}]}
    snapshot.add(Reading(kind=USER, resources=(named,)))
    assert is_told(ANN, [RED], snapshot)


def shown_in(snapshot: Snapshot, name: str, *users: str) -> Snapshot:
    """Return the snapshot with one more group that shows these users."""
    group = {"id": name, "displayName": name, "members": [{"value": one} for one in users]}
    snapshot.add(Reading(kind=GROUP, resources=(group,), members_shown=True))
    return snapshot


@pytest.mark.parametrize(
    "found, told",
    [
        ({"blue"}, True),
        ({"blue", "pink"}, True),
        ({"blue", "red"}, False),
        ({"pink"}, False),
        ({"red"}, False),
        (set(), False),
    ],
)
def test_l13_a_filter_tells_of_a_leaver_if_it_finds_what_is_shown(
    found: set[str], told: bool
) -> None:
    snapshot = shown_in(known(red=10), "blue", "ann")
    snapshot.add(Reading(kind=USER, homes={"ann": frozenset(found)}))
    assert is_told(ANN, [RED], snapshot) is told
    assert are_homes(ANN, found, snapshot) is ("blue" in found)


def test_l13_leavers_are_looked_for_in_groups_if_a_shown_group_can_prove_the_filter() -> None:
    snapshot = known(red=10)
    assert not home_question([ANN], NONE, snapshot, overridden({}))
    shown_in(snapshot, "blue", "ann")
    asked = Question(kind=USER, ids=("ann",), homes=True, optional=True)
    assert home_question([ANN], NONE, snapshot, overridden({})) == (asked,)
    for caps in ({"filters": False}, {"filter_attributes": ["Group.displayName"]}):
        assert not home_question([ANN], NONE, snapshot, overridden(caps))
    assert not home_question([ANN], NONE, snapshot, overridden({"members_limit": 0}))
    snapshot.add_refusal(asked, "no such filter")
    assert not home_question([ANN], NONE, snapshot, overridden({}))
