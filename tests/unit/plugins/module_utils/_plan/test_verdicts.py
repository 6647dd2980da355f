# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What answers to filters say and prove."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.verdicts import (
    MOST_STRANGERS,
    enclosed,
    impossible,
    judged,
    with_proofs,
    with_room,
)

A, B, C = (("displayName", name) for name in "abc")


def group(name: str) -> dict[str, str]:
    return {"id": f"g-{name}", "displayName": name}


def test_d1_comparisons_that_are_not_between_two_found_ones_are_unproven() -> None:
    assert judged(GROUP, (A, B, C), []).unproven == (A, B, C)
    assert judged(GROUP, (A,), []).unproven == ()
    assert judged(GROUP, (A, B, C), [group("a")]).unproven == (B, C)
    assert judged(GROUP, (A, B, C), [group("B")]).unproven == (A, C)
    assert judged(GROUP, (A, B, C), [group("c")]).unproven == (A, B)
    assert judged(GROUP, (A, B, C), [group("a"), group("c")]).unproven == ()
    own = ("externalId", "x")
    both = {**group("a"), "externalId": "x"}
    assert judged(GROUP, (A, B, own), [both]).unproven == (B,)


def test_d1_the_key_that_may_repeat_is_the_first_and_the_last_comparison() -> None:
    ident, name = ("externalId", "x"), ("userName", "a")
    assert enclosed(USER, (name, ident), 40) == (ident, name, ident)
    assert enclosed(USER, (ident,), 40) == (ident,) and enclosed(USER, (name,), 40) == (name,)
    assert enclosed(USER, (ident, name), 2) == (ident, name)
    verdict = judged(USER, (ident, name, ident), [])
    assert verdict.unproven == (name,) and verdict.lacking == (ident, name)


def test_d4_a_stranger_makes_a_comparison_without_a_match_doubtful() -> None:
    verdict = judged(GROUP, (A,), [group("PRIMARY/a")])
    assert verdict.is_doubtful and not verdict.is_ignored
    assert [one["id"] for one in verdict.strangers] == ["g-PRIMARY/a"]
    assert not judged(GROUP, (A,), [group("a"), group("PRIMARY/a")]).is_doubtful
    assert not judged(GROUP, (A,), []).is_doubtful


def test_more_strangers_than_can_be_meant_show_an_ignored_filter() -> None:
    many = [group(f"x{number}") for number in range(MOST_STRANGERS + 1)]
    assert judged(GROUP, (A,), many).is_ignored
    assert not judged(GROUP, (A,), many[1:]).is_ignored
    assert judged(GROUP, (A, B), many[:3]).is_ignored
    assert not judged(GROUP, (A, B), [*many, group("a")]).is_ignored


def test_the_impossible_name_is_like_the_real_one() -> None:
    path, value = impossible(A)
    assert path == "displayName" and value.startswith("a") and value != "a"


def test_d1_proofs_are_the_first_and_the_last_comparison_and_have_room() -> None:
    portion, proofs = (A, B), (C, ("displayName", "d"))
    assert with_proofs(portion, proofs, 40, works=True) == (proofs[1], A, B, C)
    assert with_proofs((A,), proofs, 1, works=False) == (C,)
    assert with_proofs((A,), proofs, 40, works=False) == (proofs[1], A, C)
    assert with_proofs((A,), proofs, 1, works=True) == (A,)
    assert with_proofs(portion, (), 40, works=False) == portion
    assert with_room([(A, B, C)], proofs, 4) == [(A, B), (C,)]
    assert with_room([(A, B)], proofs, 2) == [(A,), (B,)]


def test_d2_a_resource_that_one_attribute_alone_can_have_brought_shows_that_it_is_found_by() -> (
    None
):
    ann = {"id": "1", "userName": "ann", "externalId": "a"}
    name, ident = ("userName", "ann"), ("externalId", "a")
    assert judged(USER, (name,), [ann]).found_by == {"userName"}
    assert judged(USER, (name, ident), [ann]).found_by == set()
    assert judged(USER, (("userName", "bob"), ident), [ann]).found_by == {"externalId"}
