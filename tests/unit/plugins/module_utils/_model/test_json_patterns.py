# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pattern finds what the decoder would give, or nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model import json_patterns
from ansible_collections.identity.scim.plugins.module_utils._model.frames import Path
from ansible_collections.identity.scim.plugins.module_utils._model.unread import decoded
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.unread_objects import (
    BLANKS,
    OBJECTS,
    kinds,
    pattern_of,
    written,
)


@given(OBJECTS, OBJECTS, BLANKS, BLANKS, st.booleans())
def test_an_object_that_is_found_is_the_one_that_is_written(
    one: dict[str, Any],
    other: dict[str, Any],
    indent: int | None,
    other_indent: int | None,
    ascii_only: bool,
) -> None:
    pattern = pattern_of(written(one, indent, ascii_only=ascii_only), one, kinds)
    if pattern is None:
        return
    for value, blanks in ((one, indent), (other, other_indent)):
        text = written(value, blanks, ascii_only=ascii_only)
        found = pattern.match(text)
        if found is None:
            assert value is other
            continue
        unread = pattern.unread(found)
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

    pattern = pattern_of(written(one), one, kinds)
    other = other_texts(one, ())
    if pattern is not None and "list" not in one and "\\" not in written(other):
        found = pattern.match(written(other))
        assert found is not None and decoded(pattern.unread(found)) == other


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
    assert pattern_of(text, json.loads(text), kinds) is None


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
    pattern = pattern_of('{"a": "x", "type": "t"}', {"a": "x", "type": "t"}, kinds)
    assert pattern is not None and pattern.match(text) is None


def test_lists_are_read_as_they_are_written() -> None:
    one = {"a": "x", "list": [{"value": "1"}]}
    pattern = pattern_of(written(one), one, kinds)
    assert pattern is not None
    for other in ([], [{"value": "2"}, {"value": "3", "deep": {"a": 1}}]):
        found = pattern.match(written({**one, "list": other}))
        assert found is not None
        unread = pattern.unread(found)
        assert unread is not None and unread["list"] == other
        assert [*unread.layout.lists] == ["list"] and [*unread.layout.top] == ["a"]
    assert pattern.match(written({**one, "list": ["]"]})) is None


def test_not_every_way_to_leave_names_out_is_a_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_patterns, "MOST_LAYOUTS", 2)
    whole = {"a": "x", "b": "x"}
    pattern = pattern_of(written(whole), whole, kinds)
    assert pattern is not None
    for value, is_found in (({"a": "x"}, 1), (whole, 1), ({"b": "x"}, 0), ({"a": "y"}, 1)):
        match = pattern.match(written(value))
        assert match is not None and (pattern.unread(match) is not None) == is_found
