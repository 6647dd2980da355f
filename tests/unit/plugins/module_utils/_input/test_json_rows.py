# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON and NDJSON: one row at a time, strictly, with the line of every mistake."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._input import json_rows
from ansible_collections.identity.scim.plugins.module_utils._input.items import BadFile, Item
from ansible_collections.identity.scim.plugins.module_utils._input.json_rows import (
    json_items,
    ndjson_items,
)

Found = list[tuple[int, Any, str]]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


def whole(text: str) -> list[Item]:
    return list(json_items(io.StringIO(text)))


def lines(text: str) -> list[Item]:
    return list(ndjson_items(io.StringIO(text)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[{"a": "00123"}]', [(1, {"a": "00123"}, "")]),
        ('[\n {"a": 1},\n\n {"a": 2}\n]\n', [(2, {"a": 1}, ""), (4, {"a": 2}, "")]),
        ('{"users": [{}], "teams": [1]}', [(1, {}, "users"), (1, 1, "teams")]),
        ('{"x-note": [1],\n "team_roster":\n [{}], "users": null}', [(3, {}, "teams")]),
        ('{"groups": [], "users": ["{{ x }}"]}', [(1, "{{ x }}", "users")]),
    ],
)
def test_items_of_a_json_file(text: str, found: Found) -> None:
    assert [(one.line, one.value, one.section) for one in whole(text)] == found


@pytest.mark.parametrize("portion", [1, 2, 7, 2**18])
@given(rows=st.lists(VALUES, min_size=1, max_size=4), indent=st.sampled_from([None, 1]))
def test_a_file_is_read_in_portions_of_any_size(
    portion: int, rows: list[Any], indent: int | None
) -> None:
    kept, json_rows.PORTION = json_rows.PORTION, portion
    try:
        assert [one.value for one in whole(json.dumps(rows, indent=indent))] == rows
        assert [one.value for one in whole(json.dumps({"users": rows}, indent=indent))] == rows
    finally:
        json_rows.PORTION = kept


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_each_line_of_ndjson_is_an_item(rows: list[Any]) -> None:
    found = lines("".join(f"{json.dumps(one)}\n\n" for one in rows))
    assert [(one.line, one.value) for one in found] == [(2 * n + 1, r) for n, r in enumerate(rows)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no row"),
        ("[]", "has no row"),
        ("{}", "has no row"),
        ('{"users": []}', "has no row"),
        ('"x"', "is not a roster; a file is a list of rows, or "),
        ("null", "is not a roster; "),
        ('[{"a": 1}\n{"a": 2}]', "line 2 is not valid JSON: expected a comma or ]"),
        ('[\n{"a": }]', "line 2 is not valid JSON: expecting value"),
        ('[{"a": 1},]', "line 1 is not valid JSON: "),
        ('[{"a": 1}', "line 1 is not valid JSON: expected a comma or ]"),
        ('[{"a": "x', "line 1 is not valid JSON: unterminated string"),
        ("[1] x", "line 1 is not valid JSON: text follows the end"),
        ('[{"a": NaN}]', "line 1 has NaN, which is no number of JSON"),
        ('[{"a": -Infinity}]', "line 1 has -Infinity, which is no number of JSON"),
        (f'[{{"a": {2**63}}}]', "line 1 has a number of more than 64 bits; quote it"),
        (f'[{{"a": {"9" * 5000}}}]', "line 1 has a number of more than 64 bits; quote it"),
        ("[" * 100_000, "line 1 is nested too deeply"),
        ('{"people": [{}]}', "line 1 has the unknown key people; a file is a list of rows, "),
        ('{"users": [{}],\n"users": [{}]}', "line 2 has users a second time"),
        ('{"users": {}}', "line 1 is not valid JSON: expected a list of rows below users"),
        ("{1: 2}", "line 1 is not valid JSON: a key must be text in quotes"),
    ],
)
def test_what_is_no_roster_is_one_sentence(text: str, said: str) -> None:
    with pytest.raises(BadFile) as info:
        whole(text)
    assert str(info.value).startswith(said), info.value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1,}', "is not valid JSON: "),
        ('{"a": 1} {"a": 2}', "has more than one JSON value; write one object in each line"),
        ('{"a": 1},', "has more than one JSON value"),
        ('{"a": "x', "is not valid JSON: unterminated string"),
        ('{"a": 1, "a": 2}', "has the key a twice; remove one"),
        ('{"x": {"a": 1, "a": 2}}', "has the key a twice; remove one"),
        ('{"a": NaN}', "has NaN, which is no number of JSON"),
        (f'{{"a": {-(2**63) - 1}}}', "has a number of more than 64 bits"),
        ("[" * 100_000, "is nested too deeply"),
    ],
)
def test_b7_a_bad_line_leaves_the_others(text: str, said: str) -> None:
    found = lines(f'{{"a": 0}}\n\n{text}\n{{"a": 3}}\n')
    assert [one.line for one in found] == [1, 3, 4]
    assert found[1].problem.startswith(said), found[1]
    assert not found[0].problem and not found[2].problem


def test_a_key_that_is_there_twice_is_a_problem_of_its_row() -> None:
    found = whole('[{"a": 1, "a": 2}, {"a": 1}]')
    assert [one.problem for one in found] == ["has the key a twice; remove one", ""]


def test_a_blank_file_of_lines_has_no_row() -> None:
    with pytest.raises(BadFile, match="has no row"):
        lines("\n \n")


def test_a_file_of_ten_thousand_rows_is_not_in_memory_at_once() -> None:
    text = io.StringIO(
        json.dumps([{"user_name": f"u{n}", "title": "x" * 300} for n in range(10_000)])
    )
    tracemalloc.start()
    assert sum(1 for _one in json_items(text)) == 10_000
    _used, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * 2**20
