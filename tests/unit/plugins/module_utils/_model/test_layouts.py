# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An object that is not decoded is what the decoder would give, or it is decoded."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model import layouts
from ansible_collections.identity.scim.plugins.module_utils._model.layouts import (
    LIST,
    TEXT,
    Kinds,
    Layouts,
    Path,
    Written,
    frame_of,
    marked_slot,
    members_of,
    written_as,
)
from ansible_collections.identity.scim.plugins.module_utils._model.unread import decoded

NAMES = st.sampled_from(("a", "b", "type", "list", "ä"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False)
    | st.text(max_size=3)
    | st.sampled_from(("x", "y", "]", "{", '"', "\\", ",", "\n")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)
BLANKS = st.sampled_from((None, 0, 1))


def kinds(path: Path) -> str | None:
    """What a text may be: those named type are part of a layout, list is one as it is written."""
    if path == ("list",):
        return LIST
    return None if path[-1] == "type" else TEXT


def layout_of(text: str, value: Any, kinds: Kinds) -> Written | None:
    """How one object is written, None if that cannot be told."""
    members = members_of(text, value, kinds)
    return written_as(members) if members else None


def written(value: Any, indent: int | None = None, *, ascii_only: bool = False) -> str:
    return json.dumps(value, ensure_ascii=ascii_only, indent=indent)


@given(OBJECTS, OBJECTS, BLANKS, BLANKS, st.booleans())
def test_an_object_that_is_found_is_the_one_that_is_written(
    one: dict[str, Any],
    other: dict[str, Any],
    indent: int | None,
    other_indent: int | None,
    ascii_only: bool,
) -> None:
    layout = layout_of(written(one, indent, ascii_only=ascii_only), one, kinds)
    if layout is None:
        return
    for value, blanks in ((one, indent), (other, other_indent)):
        text = written(value, blanks, ascii_only=ascii_only)
        found = layout.match(text)
        if found is None:
            assert value is other
            continue
        unread = layout.unread(found)
        assert unread is not None
        assert found.end() == len(text)
        assert written(unread.whole) == written(value)
        assert written(dict(unread)) == written(value) and len(unread) == len(value)


@given(OBJECTS)
def test_a_layout_fits_what_differs_in_texts(one: dict[str, Any]) -> None:
    def other_texts(value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            return {name: other_texts(inner, (*path, name)) for name, inner in value.items()}
        if isinstance(value, list):
            return [other_texts(inner, (*path, n)) for n, inner in enumerate(value)]
        return f"<{value}>" if isinstance(value, str) and path[-1] != "type" else value

    layout = layout_of(written(one), one, kinds)
    other = other_texts(one, ())
    if layout is not None and "list" not in one and "\\" not in written(other):
        found = layout.match(written(other))
        assert found is not None and decoded(layout.unread(found)) == other


@pytest.mark.parametrize(
    "text",
    (
        '{"a": "\\u0041"}',
        '{"a": "x", "a": "x"}',
        '{"a": 1.50, "b": "x"}',
        '{"list": [[1]], "b": "x"}',
        '["x"]',
    ),
)
def test_what_cannot_be_told_from_the_text_has_no_layout(text: str) -> None:
    assert layout_of(text, json.loads(text), kinds) is None


@pytest.mark.parametrize(
    "text",
    (
        '{"a": "x\\"", "type": "t"}',
        '{"a": "x\ty", "type": "t"}',
        '{"a": "x", "type": "u"}',
        '{"a": "x", "type": "t", "b": 1}',
        '{"a": null, "type": "t"}',
        '{"type": "t", "a": "x"}',
        '{"A": "x", "type": "t"}',
        '{"a": ["x"], "type": "t"}',
    ),
)
def test_what_differs_in_more_than_texts_is_not_found(text: str) -> None:
    layout = layout_of('{"a": "x", "type": "t"}', {"a": "x", "type": "t"}, kinds)
    assert layout is not None and layout.match(text) is None


def test_lists_are_read_as_they_are_written() -> None:
    one = {"a": "x", "list": [{"value": "1"}]}
    layout = layout_of(written(one), one, kinds)
    assert layout is not None
    for other in ([], [{"value": "2"}, {"value": "3", "deep": {"a": 1}}]):
        found = layout.match(written({**one, "list": other}))
        assert found is not None
        unread = layout.unread(found)
        assert unread is not None and unread["list"] == other
        assert [*unread.layout.lists] == ["list"] and [*unread.layout.top] == ["a"]
    assert layout.match(written({**one, "list": ["]"]})) is None


def test_marks_name_the_slots() -> None:
    frame = frame_of({"a": "x", "b": {"c": ["y", 1]}})
    assert frame.paths == (("a",), ("b", "c", 0))
    marked = frame.marked()
    assert [marked_slot(one) for one in (marked["a"], *marked["b"]["c"], "x")] == [0, 1, None, None]
    assert frame.filled(["p", "q"]) == {"a": "p", "b": {"c": ["q", 1]}}
    less = frame.without("a")
    assert less.paths == (("b", "c", 0),) and less.filled(["q"]) == {"b": {"c": ["q", 1]}}
    assert frame.without("z") is frame
    assert [frame.at(one) for one in (("b", "c", 1), ("b", "c", 2), ("z",), ("a", "z"))] == [
        1,
        None,
        None,
        None,
    ]


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


def test_not_every_way_to_leave_names_out_is_a_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "MOST_LAYOUTS", 2)
    whole = {"a": "x", "b": "x"}
    one = layout_of(written(whole), whole, kinds)
    assert one is not None
    for value, is_found in (({"a": "x"}, 1), (whole, 1), ({"b": "x"}, 0), ({"a": "y"}, 1)):
        match = one.match(written(value))
        assert match is not None and (one.unread(match) is not None) == is_found


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
