# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What answers say of ids, without a service."""

from __future__ import annotations

from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Portion
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Question
from ansible_collections.identity.scim.plugins.module_utils._plan.sought_ids import SoughtIds
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden

KNOWN = overridden({})
PROOFS = (("id", "k1"), ("id", "k2"))


def sought(*ids: str, is_listed: bool = False, **more: Any) -> SoughtIds:
    question = Question(kind=USER, ids=ids, **{"listed_ids": True, "proofs": PROOFS, **more})
    return SoughtIds(question, is_listed=is_listed)


def portion(*ids: str) -> Portion:
    return tuple(("id", one) for one in ids)


def answer(ids: SoughtIds, asked: Portion, *found: str) -> bool:
    """Take in what a filter gave. Return whether it failed to find known resources."""
    given = ids.judged(asked, [{"id": one} for one in found])
    ids.take_found(given)
    return given.has_failed


def test_a_filter_tells_what_was_found_under_which_id_and_what_is_lacking() -> None:
    ids = sought("U1", "u2", "x")
    found = ids.judged(portion("U1", "u2", "x"), [{"id": "u1"}, {"id": "u2"}, {"id": "u9"}])
    assert [one["id"] for one in found.fitting] == ["u1", "u2"]
    assert found.aliases == {"U1": "u1"} and found.lacking == ("x",) and not found.evaluated


def test_l1_two_known_users_around_a_filter_prove_that_the_others_are_gone() -> None:
    ids = sought("x", "y", own_ids=True)
    asked = ids.enclosed(portion("x", "y"), KNOWN)
    assert asked == portion("k2", "x", "y", "k1") and ids.asked(asked) == portion("x", "y")
    assert not answer(ids, asked, "k1", "k2") and ids.proven_gone() == ["x", "y"]


def test_l1_an_id_may_be_another_spelling_where_no_member_is_known_by_its_own_id() -> None:
    ids = sought("x", "y")
    answer(ids, ids.enclosed(portion("x", "y"), KNOWN), "k1", "k2")
    assert not ids.proven_gone() and ids.addresses(2) == 1
    assert ids.take_address("x", is_gone=True) == ["y"]
    blind = sought("x", "y", "z")
    answer(blind, blind.enclosed(portion("x", "y", "z"), KNOWN), "k1", "k2")
    assert blind.take_address("x", is_gone=False) == [] and blind.addresses(2) == 2
    assert blind.take_address("y", is_gone=True) == []


def test_l1_a_filter_that_finds_a_listed_id_understands_the_others() -> None:
    ids = sought("u1", "x")
    answer(ids, ids.enclosed(portion("u1", "x"), KNOWN), "k1", "k2", "u1")
    assert ids.proven_gone() == ["x"]


def test_l1_a_filter_that_finds_a_part_of_what_is_known_proves_nothing() -> None:
    for found in (("k2",), ("k1",), ()):
        ids = sought("x", "y", own_ids=True)
        asked = ids.enclosed(portion("x", "y"), KNOWN)
        given = ids.judged(asked, [{"id": one} for one in found])
        ids.take_found(given)
        assert given.has_failed and not ids.proven_gone() and not ids.proofs
        taught = {"filter_clauses": 1} if found else {"filter_ids": False}
        assert given.lesson("User").values == taught


def test_l1_an_answer_with_others_proves_nothing() -> None:
    ids = sought("x", "y", own_ids=True)
    answer(ids, ids.enclosed(portion("x", "y"), KNOWN), "k1", "k2", "u9")
    assert not ids.proven_gone()


def test_l1_users_that_were_found_prove_the_next_filter() -> None:
    ids = sought("u1", "u2", "x", "y", proofs=())
    asked = portion("u1", "u2", "x", "y")
    assert ids.enclosed(asked, KNOWN) == asked and not answer(ids, asked, "u1", "u2")
    again = ids.asked_again(KNOWN)
    assert again == portion("x", "y") and ids.asked_again(KNOWN) == ()
    answer(ids, ids.enclosed(again, KNOWN), "u1", "u2")
    assert ids.proven_gone() == ["x", "y"]


def test_l1_what_lies_between_two_found_ones_is_evaluated() -> None:
    ids = sought("u1", "x", "u2", "y", proofs=())
    answer(ids, portion("u1", "x", "u2", "y"), "u1", "u2")
    assert ids.proven_gone() == ["x"] and ids.asked_again(KNOWN) == ()


def test_l1_forty_ids_have_room_between_two_others_as_long_as_no_limit_is_known() -> None:
    names = [f"x{number}" for number in range(41)]
    ids = sought(*names)
    assert [len(one) for one in ids.portions(portion(*names), KNOWN)] == [40, 1]
    ten = overridden({"filter_clauses": 10})
    assert [len(one) for one in ids.portions(portion(*names), ten)] == [8, 8, 8, 8, 8, 1]
    assert len(ids.enclosed(portion(*names[:8]), ten)) == 10
    single = overridden({"filter_clauses": 1})
    assert ids.enclosed(portion("x0"), single) == portion("x0")
    alone = overridden({"filter_alone": ["User.id"]})
    assert [len(one) for one in ids.portions(portion("x0", "x1"), alone)] == [1, 1]
    assert ids.enclosed(portion("x0"), alone) == portion("x0")
    short = overridden({"filter_length": 200})
    assert all(len(one) < 7 for one in ids.portions(portion(*names), short))


def test_l1_a_refused_filter_is_followed_by_one_id_alone() -> None:
    ids = sought("x", "y", "z", own_ids=True)
    asked = ids.enclosed(portion("x", "y", "z"), KNOWN)
    assert ids.portions_again(asked, KNOWN) == [portion("x"), portion("y", "z")]
    assert ids.enclosed(portion("x"), KNOWN) == portion("x")
    answer(ids, portion("x"))
    asked = ids.enclosed(portion("y", "z"), KNOWN)
    assert len(asked) == 4 and ids.portions_again(asked, KNOWN) == [portion("y", "z")]


def test_l1_one_address_confirms_what_a_whole_list_lacks() -> None:
    ids = sought("x", "y", "U1", by_list=True)
    assert ids.take_list(["x", "y", "U1"], [{"id": "u1"}]) == {"U1": "u1"}
    assert ids.addresses(2) == 1 and ids.take_address("x", is_gone=True) == ["y"]
    known = sought("x", "y", is_listed=True, by_list=True, own_ids=True)
    assert known.addresses(2) == 1
    for more in ({"by_list": True}, {"own_ids": True}):
        assert sought("x", "y", is_listed=True, **more).addresses(2) == 2
