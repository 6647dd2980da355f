# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well the members of groups are known, and what decides it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.known_members import KnownMembers

ANN = [{"value": "ann"}]


def rows(number: int) -> list[dict[str, Any]]:
    return [{"value": f"u{one}"} for one in range(number)]


def test_l5_a_list_that_shows_a_member_says_that_lists_show_members() -> None:
    known = KnownMembers()
    known.add_list("empty", None)
    assert known.rows("empty") is None and known.decides("empty")
    known.add_list("red", ANN)
    assert known.in_lists and known.is_whole("empty") and not known.decides("empty")


@pytest.mark.parametrize("shows", [True, False])
def test_l5_a_group_by_its_id_decides_for_lists(shows: bool) -> None:
    known = KnownMembers()
    known.add_list("red", None)
    known.add_list("blue", [])
    known.add("red", ANN if shows else None)
    assert known.in_lists is not shows
    assert known.is_whole("red") and known.is_whole("blue") is not shows


def test_l5_a_poorer_answer_does_not_replace_a_better_one() -> None:
    known = KnownMembers()
    known.add("red", ANN)
    known.add_list("red", None)
    known.add_list("red", rows(3))
    found = known.rows("red")
    assert found is not None and [one.ident for one in found.rows] == ["ann"]


@pytest.mark.parametrize(
    "members, named, whole",
    [(20, "u99", False), (20, "u1", True), (19, "u99", True), (0, "u99", True)],
)
def test_l16_members_are_cut_if_a_round_number_lacks_a_user_who_names_the_group(
    members: int, named: str, whole: bool
) -> None:
    known = KnownMembers()
    known.add("red", rows(members))
    known.add_user({"id": named, "groups": [{"value": "red"}]})
    assert known.is_whole("red") is whole and known.is_named("red")
    notes = list(known.notes(lambda key: key.id))
    assert (not notes) is whole


def test_n1_notes_name_the_groups() -> None:
    known = KnownMembers()
    for number in range(7):
        known.add(f"g{number}", [None])
    known.add("blue", [{"$ref": "/Users/1"}])
    assert list(known.notes(lambda key: key.id)) == [
        "groups with members without an id, so not all are known: "
        "'g0', 'g1', 'g2', 'g3', 'g4' and 2 more",
        "groups with members without an id, known by their $ref: 'blue'",
    ]


@pytest.mark.parametrize(("most", "is_whole"), [(0, True), (3, True), (2, False), (1, False)])
def test_a_group_that_shows_as_many_members_as_the_service_does_is_not_whole(
    most: int, is_whole: bool
) -> None:
    known = KnownMembers()
    members = [{"value": "u1"}, {"value": "u2"}]
    known.note_limit("g1", members, most)
    known.add("g1", members)
    assert known.is_whole("g1") is is_whole
    assert bool(list(known.notes(lambda key: key.id))) is not is_whole
    known.note_limit("g1", members, 0)
    assert known.is_whole("g1")


@pytest.mark.parametrize("first", ["members", "user"])
def test_a_user_that_this_run_moves_is_no_sign_that_members_are_cut(first: str) -> None:
    known = KnownMembers()
    user = {"id": "new", "groups": [{"value": "red"}]}
    if first == "user":
        known.add_user(user)
    known.add("red", rows(10))
    known.add_user(user)
    assert not known.is_whole("red")
    known.add_moves("red", ["new"])
    assert known.is_whole("red") and not list(known.notes(lambda key: key.id))


@pytest.mark.parametrize("is_known", [True, False])
def test_l5_a_list_that_shows_fewer_members_does_not_replace_a_better_one(is_known: bool) -> None:
    known = KnownMembers()
    both = [{"value": "ann"}, {"value": "bob"}]
    known.add_list("red", both)
    for poorer in (None, [], both[:1]):
        known.add_list("red", poorer, is_known=is_known, is_page=True)
        found = known.rows("red")
        assert found is not None and [row.ident for row in found.rows] == ["ann", "bob"]
    known.add_list("red", [*both, {"value": "cid"}], is_page=True)
    found = known.rows("red")
    assert found is not None and len(found.rows) == 3


def test_l5_the_answer_to_a_filter_says_nothing_of_a_list_of_all_groups() -> None:
    known = KnownMembers()
    known.add_list("red", [{"value": "ann"}])
    known.add_list("blue", None, is_page=True)
    assert known.in_lists and known.rows("blue") is None and known.decides("blue")
    known.add("blue", [{"value": "ann"}])
    assert known.in_lists is False and not known.decides("blue")


def test_n1_it_is_said_why_not_all_members_of_a_group_are_known() -> None:
    known = KnownMembers()
    known.add("odd", [{"value": "u1"}, None])
    known.add("cut", [{"value": f"u{number}"} for number in range(10)])
    known.add_groups(["u11"], ["cut", "none"])
    known.add("full", [{"value": "u1"}])
    known.note_limit("full", [{"value": "u1"}], 1)
    assert [known.why_unseen(one) for one in ("odd", "cut", "full", "none")] == [
        "a member has no id",
        "it does not show all users that name it",
        "it shows as many members as the service shows",
        "",
    ]


def test_the_most_members_of_a_group_are_those_of_the_latest_answers() -> None:
    known = KnownMembers()
    assert not known.most
    known.add_list("red", rows(3))
    assert known.most == 3
    known.add("blue", rows(5))
    assert known.most == 5
    known.add("blue", ANN)
    assert known.most == 3
