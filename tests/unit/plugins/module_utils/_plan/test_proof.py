# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which lists must be proved before a plan rests on what they lack."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.open_questions import Wanted
from ansible_collections.identity.scim.plugins.module_utils._plan.proof import (
    Resting,
    proof_questions,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Doubt,
    Question,
    Reading,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
    overridden,
)

LIST = Doubt(("User", ()))
LOOK_UP = Doubt(("User", (("filter", "x"),)), (("userName", "Ann"),))
OTHER = Doubt(("User", (("filter", "y"),)), (("userName", "bob"),))
ANN = ("User", "userName", "ann")
PLAIN = Wanted(members=False, whole=False)


def rests(removed: Any = (), absent: Any = ()) -> Resting:
    return Resting(frozenset(removed), frozenset(absent), (USER, GROUP))


def doubting(*doubts: Doubt) -> Snapshot:
    snapshot = Snapshot()
    for one in doubts:
        snapshot.add(Reading(kind=USER, doubt=one))
    return snapshot


def doubts(snapshot: Snapshot, resting: Resting, known: Capabilities = Capabilities()) -> list[Any]:
    return [one.doubt for one in proof_questions(resting, PLAIN, snapshot, known)]


@pytest.mark.parametrize(
    "resting, expected",
    [
        (rests(), []),
        (rests(removed=["Group"]), []),
        (rests(absent=[("Group", "displayName", "ann")]), []),
        (rests(removed=["User"]), [LIST]),
        (rests(absent=[ANN]), [LIST]),
    ],
)
def test_l4_a_list_is_proved_where_something_rests_on_it(
    resting: Resting, expected: list[Doubt]
) -> None:
    assert doubts(doubting(LIST), resting) == expected


def test_l4_a_look_up_is_proved_for_the_keys_that_it_lacks() -> None:
    assert doubts(doubting(OTHER, LOOK_UP), rests(absent=[ANN])) == [LOOK_UP]
    assert doubts(doubting(LOOK_UP), rests(removed=["User"])) == []


def test_l4_one_proof_is_enough_where_totals_are_right() -> None:
    both = rests(absent=[ANN, ("User", "userName", "bob")])
    assert doubts(doubting(OTHER, LOOK_UP), both) == [OTHER]
    right = Capabilities().learn("the page after the last", kind="User", totals=True)
    assert doubts(doubting(OTHER, LOOK_UP), both, right) == []
    assert doubts(doubting(LIST), both, overridden({"totals": True})) == []


def test_l4_every_list_is_read_on_where_totals_are_those_of_a_page() -> None:
    both = rests(absent=[ANN, ("User", "userName", "bob")])
    wrong = Capabilities().learn("the page after the last", kind="User", totals=False)
    assert doubts(doubting(OTHER, LOOK_UP), both, wrong) == [OTHER, LOOK_UP]


def test_l4_a_list_that_lacks_what_another_answer_shows_is_read_again_once() -> None:
    snapshot = Snapshot()
    snapshot.add(Reading(kind=USER, resources=({"id": "1", "userName": "ann"},)))
    snapshot.add(Reading(kind=USER, listed=True, came="1 came", ids=frozenset({"2"})))
    assert proof_questions(rests(), PLAIN, snapshot, Capabilities()) == ()
    asked = proof_questions(rests(removed=["User"]), PLAIN, snapshot, Capabilities())
    assert asked == (Question(kind=USER),) and snapshot.listed(USER)
    snapshot.add(Reading(kind=USER, listed=True, came="1 came", ids=frozenset({"2"})))
    assert proof_questions(rests(removed=["User"]), PLAIN, snapshot, Capabilities()) == ()
    assert snapshot.listed(USER) is False
    assert snapshot.came(USER) == "it lacks 'ann', which another answer shows"
