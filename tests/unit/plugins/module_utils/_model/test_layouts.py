# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Layouts are learnt as objects come, and found again where that is worth while."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model import layouts
from ansible_collections.identity.scim.plugins.module_utils._model.layouts import Layouts
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.unread_objects import (
    BLANKS,
    OBJECTS,
    kinds,
    written,
)


def test_layouts_are_learnt_after_some_objects_and_then_seldom() -> None:
    known = Layouts(kinds)
    found = []
    for number in range(40):
        text = written({"a": f"x{number}"})
        one = known.find(text)
        found.append(one is not None)
        if one is None:
            known.learn(text, json.loads(text))
        else:
            assert one[0]["a"] == f"x{number}" and one[1] == len(text)
    assert found == [False] * layouts.FIRST + [True] * (40 - layouts.FIRST)


def test_layouts_that_seldom_fit_are_not_tried() -> None:
    known = Layouts(kinds)
    for number in range(layouts.ENOUGH):
        text = written({"a": "x", f"b{number}": 1})
        assert known.are_useful and known.find(text) is None
        known.learn(text, json.loads(text))
    assert known.find(written({"a": "x", "b15": 1})) is None and not known.are_useful


def test_no_layouts_find_nothing() -> None:
    known = Layouts.none()
    for _turn in range(20):
        assert known.find('{"a": "x"}') is None
        known.learn('{"a": "x"}', {"a": "x"})


def test_each_text_of_a_list_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "FIRST", 1)
    known = Layouts(kinds)
    checked: list[str] = []
    for number in range(5):
        text = written({"a": str(number), "list": [number // 2]})
        one = known.find(text)
        if one is None:
            known.learn(text, json.loads(text))
        else:
            known.check_lists(one[0], checked.append)
    assert checked == ["[0]", "[1]", "[2]"]


def test_names_in_lists_become_names_of_the_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "FIRST", 1)
    known = Layouts(kinds)
    checked: list[str] = []

    def decoded_once(text: str) -> Any:
        checked.append(text)
        return json.loads(text)

    for more in ({}, {}, {"b": "x"}, {"b": "x"}):
        text = written({"a": "x", **more, "list": [{"c": {"d": 1}}]})
        one = known.find(text)
        if one is None:
            known.learn(text, json.loads(text))
            continue
        known.check_lists(one[0], decoded_once)
        assert one[0].layout.names == {"a", "list", "c", "d", *more}
    assert len(checked) == 1


def test_lists_of_ever_other_names_are_not_read_as_they_are_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layouts, "FIRST", 1)
    known = Layouts(kinds)
    first = written({"list": [{}]})
    assert known.find(first) is None
    known.learn(first, json.loads(first))
    found = known.find(written({"list": [{f"n{one}": 1 for one in range(layouts.MOST_NAMES)}]}))
    assert found is not None
    for _turn in range(2):
        with pytest.raises(ValueError):
            known.check_lists(found[0], json.loads)


def test_a_long_list_is_checked_each_time_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "FIRST", 1)
    monkeypatch.setattr(layouts, "LONGEST", 40)
    known = Layouts(kinds)
    short = written({"list": [{"c": "x"}]})
    assert known.find(short) is None
    known.learn(short, json.loads(short))
    found = known.find(written({"list": [{"c": "x" * 40}]}))
    assert found is not None
    checked: list[str] = []
    for _turn in range(2):
        known.check_lists(found[0], checked.append)
    assert len(checked) == 2


@given(st.lists(OBJECTS, min_size=1, max_size=6), OBJECTS, BLANKS)
def test_objects_that_share_names_are_found_as_they_are_written(
    learnt: list[dict[str, Any]], other: dict[str, Any], indent: int | None
) -> None:
    known = Layouts(kinds)
    for value in (*learnt, other, *learnt):
        text = written(value, indent)
        found = known.find(f" {text} ", 1)
        if found is None:
            known._misses = known._next  # pylint: disable=protected-access
            known.learn(text, value)
        else:
            assert found[1] == len(text) + 1
            assert written(found[0].whole) == written(value)


def learnt_from(*texts: str) -> Layouts:
    known = Layouts(kinds)
    for text in texts:
        if known.find(text) is None:
            known._misses = known._next  # pylint: disable=protected-access
            known.learn(text, json.loads(text))
    return known


def test_names_that_may_be_missing_and_values_of_several_forms_need_one_pattern() -> None:
    known = learnt_from(
        '{"a": "x", "b": ["y"], "c": "z"}', '{"a": "x", "c": true}', '{"b": ["y", "z"]}'
    )
    assert len(known._recent) == 1  # pylint: disable=protected-access
    for text in (
        '{"a": "1"}',
        '{"b": ["2"], "c": true}',
        '{"a": "1", "b": ["2", "3"], "c": "4"}',
        '{ "a": "1" , "c": true}',
    ):
        found = known.find(text)
        assert found is not None and found[0].whole == json.loads(text)
    assert known.find('{"a" : "1"}') is None


@pytest.mark.parametrize(
    "text",
    (
        '{"a": "1",}',
        '{"a": "1", }',
        '{"a": "1" "c": true}',
        '{, "a": "1"}',
        '{"c": true, "a": "1"}',
        '{"a": "1", "a": "1"}',
        '{"a": "1"',
        '{"a": "1", "d": 1}',
        '{"b": ["y" "z"]}',
        "{}",
    ),
)
def test_a_text_that_is_no_object_of_known_names_is_not_found(text: str) -> None:
    known = learnt_from(
        '{"a": "x", "b": ["y"], "c": "z"}', '{"a": "x", "c": true}', '{"b": ["y", "z"]}'
    )
    found = known.find(text)
    assert found is None or (text == "{}" and found[0].whole == {})


def test_names_in_another_order_need_another_pattern() -> None:
    known = learnt_from('{"a": "x", "c": "z"}', '{"c": "z", "a": "x"}')
    assert len(known._recent) == 2  # pylint: disable=protected-access
    for text in ('{"a": "1", "c": "2"}', '{"c": "1", "a": "2"}'):
        found = known.find(text)
        assert found is not None and list(found[0].whole) == list(json.loads(text))
