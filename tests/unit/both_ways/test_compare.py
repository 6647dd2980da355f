# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the comparison of results by both paths."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).resolve().parents[2] / "both_ways/compare.py"
SPEC = importlib.util.spec_from_file_location("both_ways_compare", FILE)
assert SPEC and SPEC.loader
compare = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(compare)


def line(place: str = "/tmp/a/targets/x/tasks/main.yml:3", way: str = "ok", **result: Any) -> str:
    """A line as the callback writes it."""
    return json.dumps({"place": place, "name": "n", "host": "h", "way": way, "result": result})


def found(module: list[str], worker: list[str]) -> list[str]:
    """What differs."""
    return list(compare.differences(compare.read(module), compare.read(worker)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0123456789abcdef0123456789abcdef", "1123456789abcdef0123456789abcdef"),
        ("at http://127.0.0.1:4000/v2", "at http://127.0.0.1:5000/v2"),
        ('W/"a1"', 'W/"b2"'),
        ("2026-11-24T10:00:00.5Z", "2026-11-25T10:00:01+00:00"),
        ("/tmp/ansible-1/x is no file", "/tmp/ansible-2/y is no file"),
    ],
)
def test_what_differs_in_every_run_is_equal(one: str, other: str) -> None:
    assert not found([line(msg=one)], [line(msg=other, invocation={})])
    assert not found([line(deep=[{"a": one}])], [line(deep=[{"a": other}])])


def test_a_member_that_is_shown_by_its_id_may_stand_anywhere_in_a_diff() -> None:
    idents = [letter + "123456789abcdef0123456789abcdef" for letter in "0f"]
    one = {"after": {"members": f"2 -> 0, - {idents[0]}, - dschrute"}}
    other = {"after": {"members": f"2 -> 0, - dschrute, - {idents[1]}"}}
    assert not found([line(diff=one)], [line(diff=other)])
    another = {"after": {"members": f"2 -> 0, - jhalpert, - {idents[1]}"}}
    assert found([line(diff=one)], [line(diff=another)])


def test_the_folder_of_a_run_and_its_seconds_do_not_count() -> None:
    there = "/tmp/b/targets/x/tasks/main.yml:3"
    assert not found([line(summary={"seconds": 1.5})], [line(there, summary={"seconds": 2})])


def test_what_ansible_adds_to_a_result_and_to_its_items_does_not_count() -> None:
    item = {"changed": True}
    more = {**item, "invocation": {"module_args": {}}, "_ansible_no_log": False}
    assert not found([line(results=[more])], [line(results=[item])])
    assert found([line(results=[{**more, "changed": False}])], [line(results=[item])])


def test_the_order_of_operations_counts_and_that_of_a_listing_does_not() -> None:
    rows = [{"id": "a"}, {"id": "b"}]
    assert not found([line(users=rows)], [line(users=rows[::-1])])
    assert found([line(operations=rows)], [line(operations=rows[::-1])])


def test_other_results_are_told_by_key() -> None:
    assert found([line(changed=True, msg="a")], [line(changed=False, msg="a")]) == [
        "x/tasks/main.yml:3 (n, h), result 1: changed is True as a module, False in the worker"
    ]
    assert "failed in the worker" in found([line()], [line(way="failed")])[0]


def test_a_result_that_is_missing_is_told() -> None:
    assert found([line(), line()], [line()]) == [
        "x/tasks/main.yml:3 (n, h): 2 results as a module, 1 in the worker"
    ]
