# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of users' ids is the set of their keys."""

from __future__ import annotations

from collections.abc import Callable, Set
from operator import and_, eq, ge, gt, le, lt, ne, or_, sub, xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.user_keys import (
    NO_USERS,
    UserKeys,
    united,
)

IDS = st.frozensets(st.sampled_from("abAB12"), max_size=4)
KEYS = st.frozensets(st.builds(Key, st.sampled_from(("User", "Group")), st.sampled_from("abA1")))
OPERATORS = (and_, or_, sub, xor, eq, ne, le, lt, ge, gt)


def plain(ids: frozenset[str]) -> frozenset[Key]:
    return frozenset(Key("User", ident) for ident in ids)


@pytest.mark.parametrize("operator", OPERATORS)
@given(IDS, IDS, KEYS)
def test_every_operator_gives_what_it_gives_for_sets_of_keys(
    operator: Callable[[object, object], object],
    ids: frozenset[str],
    others: frozenset[str],
    keys: frozenset[Key],
) -> None:
    mine = UserKeys(ids)
    assert operator(mine, UserKeys(others)) == operator(plain(ids), plain(others))
    assert operator(mine, keys) == operator(plain(ids), keys)
    assert operator(keys, mine) == operator(keys, plain(ids))
    assert operator(set(keys), mine) == operator(set(keys), plain(ids))


@given(IDS, IDS, KEYS)
def test_it_is_asked_like_a_set_of_keys(
    ids: frozenset[str], others: frozenset[str], keys: frozenset[Key]
) -> None:
    mine, same = UserKeys(ids), plain(ids)
    assert sorted(mine) == sorted(same) and len(mine) == len(same) and bool(mine) == bool(same)
    assert hash(mine) == hash(same) and {mine} == {same}
    assert [key in mine for key in keys] == [key in same for key in keys]
    assert mine.isdisjoint(keys) == same.isdisjoint(keys)
    assert mine.isdisjoint(UserKeys(others)) == same.isdisjoint(plain(others))
    assert set(keys).union(mine) == keys | same
    assert united([mine, keys, UserKeys(others)]) == same | keys | plain(others)
    assert united([mine, UserKeys(others)]) == same | plain(others)


def test_a_group_or_a_text_with_the_id_of_a_user_is_not_in_it() -> None:
    mine = UserKeys(["1"])
    assert Key("User", "1") in mine
    assert Key("Group", "1") not in mine and "1" not in mine
    assert mine != frozenset({Key("Group", "1")}) and mine != "1"


def test_an_addition_in_place_changes_no_other_set() -> None:
    first = found = UserKeys(["1"])
    found |= UserKeys(["2"])  # type: ignore[assignment]
    assert sorted(first) == [Key("User", "1")] and len(found) == 2


def test_nothing_is_united_to_no_users() -> None:
    assert united([]) == NO_USERS == frozenset() and not NO_USERS


def test_it_shows_its_ids() -> None:
    both: Set[Key] = UserKeys(["2", "1"])
    assert repr(both) == "UserKeys(['1', '2'])"
