# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open keys are found by what pages show, also among many."""

from __future__ import annotations

import tracemalloc
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._input.directory import directory_of
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.open_keys import (
    OpenKeys,
    OpenRows,
    open_keys,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.desired_rows import DesiredRows
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
    found.close([("userName", "ann")])
    assert not found.shown_by([ANN]) and not found


def test_names_of_groups_are_not_unique() -> None:
    assert not OpenKeys(GROUP, [("displayName", "a")]).shown_by([{"id": "g", "displayName": "a"}])


NAMES = st.sampled_from(("ann", "ANN", "bob", "cid", "User:x", "dan"))
MAILS = st.lists(st.sampled_from("abcdefghijk"), max_size=10, unique=True).map(
    lambda found: [{"value": f"{one}@x.org"} for one in found]
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"user_name": NAMES},
        optional={
            "external_id": st.sampled_from(("E1", "e1", "E2")),
            "emails": MAILS,
            "state": st.just("inactive"),
        },
    ),
    max_size=6,
)
BY = st.sampled_from((None, ["email", "user_name"], ["external_id", "user_name"]))


def both(rows: list[dict[str, Any]], match_by: Any) -> tuple[OpenRows, OpenKeys]:
    """Return the open keys of a roster, and the same ones as a list."""
    params = {"membership": "exact", "users": rows, "match_by": match_by}
    desired_rows = directory_of(params)
    assert isinstance(desired_rows, DesiredRows)
    keys = desired_rows.take_keys()
    found = open_keys(USER, keys)
    assert isinstance(found, OpenRows)
    return found, OpenKeys(USER, list(keys))


def are_equal(one: OpenKeys, other: OpenKeys) -> bool:
    return len(one) == len(other) and sorted(one) == sorted(other)


@given(ROWS, BY, st.data())
def test_rows_are_open_as_their_keys_are(rows: list[dict[str, Any]], by: Any, data: Any) -> None:
    if not rows:
        return
    some, all_of_them = both(rows, by)
    assert are_equal(some, all_of_them)
    shut = data.draw(st.lists(st.sampled_from(list(all_of_them)), unique=True))
    some.close(shut)
    all_of_them.close(shut)
    assert are_equal(some, all_of_them)
    assert not any(one in some for one in shut) and all(one in some for one in all_of_them)
    shown = [{"id": "1", "userName": data.draw(NAMES)}]
    assert sorted(some.shown_by(shown, (), shown)) == sorted(all_of_them.shown_by(shown))
    assert are_equal(some, all_of_them)
    unsure = set(data.draw(st.lists(st.sampled_from(list(all_of_them)))) if all_of_them else ())
    assert sorted(some.close_but(unsure)) == sorted(all_of_them.close_but(unsure))
    assert are_equal(some, all_of_them) and set(some) == unsure
    some.clear()
    assert not some and not list(some)


def test_keys_of_settled_rows_are_closed_and_not_named() -> None:
    some, _keys = both([{"user_name": "ann", "external_id": "E1"}, {"user_name": "bob"}], None)
    ann = {"id": "1", "userName": "ann", "externalId": "E1"}
    assert not some.shown_by([ann], [0], []) and ("userName", "ann") not in some
    assert some.close_but((), lambda number: number == 0) == [("userName", "bob")]
    assert not some


def test_ten_thousand_open_rows_take_less_than_a_mebibyte() -> None:
    desired_rows = directory_of(
        {"membership": "exact", "users": [{"user_name": f"u{one}"} for one in range(10_000)]}
    )
    assert isinstance(desired_rows, DesiredRows)
    tracemalloc.start()
    found = open_keys(USER, desired_rows.take_keys())
    used, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 10_000 and used < 2**20
