# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows are kept as bytes and read again, by number and in order."""

from __future__ import annotations

import tracemalloc
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._input.rows import Part, Rows

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(), PLAIN)))
def test_rows_are_read_as_they_were_added(given_rows: list[dict[str, Any]]) -> None:
    rows = Rows.of(given_rows)
    assert list(rows) == list(rows) == given_rows
    assert [rows[number] for number in range(len(rows))] == given_rows


def test_a_row_that_is_read_is_new() -> None:
    rows = Rows.of([{"user_name": "pam", "emails": [{"value": "a@b.c"}]}])
    rows[0]["emails"].clear()
    assert rows[0]["emails"] == [{"value": "a@b.c"}]


def test_place_is_an_index_or_a_line() -> None:
    rows = Rows.of([{}, {}])
    assert rows.place(1) == "users[1]"
    lines = Rows("people.csv line ", "")
    lines.append({"user_name": "pam"}, 7)
    assert lines.place(0) == "people.csv line 7" == lines.spot(7)


class Marked(str):
    """A text as Ansible marks it."""


def test_texts_that_ansible_marks_are_texts() -> None:
    rows = Rows.of([{Marked("user_name"): Marked("pam"), "emails": [{"value": Marked("a@b.c")}]}])
    assert rows[0] == {"user_name": "pam", "emails": [{"value": "a@b.c"}]}
    assert {*map(type, [*rows[0], rows[0]["user_name"]])} == {str}


def test_a_row_may_belong_to_several_parts() -> None:
    people = Rows("people.csv line ", "")
    sales, board = Part(people), Part(people)
    sales.append({"user_name": "pam"}, 2, waits=True)
    sales.append({"user_name": "jim"}, 3)
    board.include(1)
    assert [one["user_name"] for one in sales] == ["pam", "jim"] and len(board) == 1
    assert board.place(0) == "people.csv line 3" and list(board) == [{"user_name": "jim"}]
    assert people.waits(0) and not people.waits(1)


def test_half_of_a_surrogate_pair_is_kept_for_its_error() -> None:
    assert Rows.of([{"user_name": "\ud800"}])[0] == {"user_name": "\ud800"}


def test_ten_thousand_rows_take_less_than_five_mebibytes() -> None:
    row = {"user_name": "pbeesly", "emails": [{"value": "pam.beesly@dundermifflin.com"}]}
    rows = Rows()
    tracemalloc.start()
    for number in range(10_000):
        rows.append({**row, "external_id": f"emp-{number}"}, number)
    used, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < 5 * 2**20
