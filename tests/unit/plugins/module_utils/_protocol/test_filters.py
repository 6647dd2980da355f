# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A value in a filter is read back as it was, whatever it holds."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._protocol.filters import (
    any_of,
    chunks,
    literal,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._protocol.reader import (
    clauses,
)

texts = st.text(st.characters(exclude_categories=["Cs"]))
comparisons = st.lists(
    st.tuples(st.sampled_from(("userName", "externalId", "emails.value")), texts),
    min_size=1,
    max_size=12,
)


@settings(max_examples=200)
@given(texts)
def test_p4_a_literal_is_read_back(text: str) -> None:
    """P4: any text."""
    assert json.loads(literal(text)) == text
    assert clauses(any_of([("userName", text)])) == [("userName", text)]


@given(comparisons)
def test_p4_many_comparisons_are_read_back(wanted: list[tuple[str, str]]) -> None:
    """P4: several in one filter."""
    assert clauses(any_of(wanted)) == wanted


@pytest.mark.parametrize(
    "text, written",
    [
        ('a"b', r'"a\"b"'),
        ("a\\b", r'"a\\b"'),
        ("a\nb", r'"a\nb"'),
        ("*", '"*"'),
        ('" or userName pr or userName eq "', r'"\" or userName pr or userName eq \""'),
        ("🙂é", '"🙂é"'),
        ("", '""'),
    ],
)
def test_b12_quoting(text: str, written: str) -> None:
    assert literal(text) == written


def test_values_that_are_not_text_are_json_literals() -> None:
    assert [literal(one) for one in (True, False, None, 3)] == ["true", "false", "null", "3"]


def test_half_of_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ValueError):
        literal("a\ud800")


@given(comparisons, st.integers(1, 5), st.integers(20, 400))
def test_portions_hold_everything_in_order_within_both_bounds(
    wanted: list[tuple[str, str]], most: int, length: int
) -> None:
    portions = list(chunks(wanted, most, length))
    assert [one for portion in portions for one in portion] == wanted
    for portion in portions:
        assert 1 <= len(portion) <= most
        assert len(portion) == 1 or len(quote(any_of(portion), safe="")) <= length


def test_portions_are_as_few_as_they_can_be() -> None:
    wanted = [("userName", f"user{number}") for number in range(100)]
    assert [len(portion) for portion in chunks(wanted, 40, 7000)] == [40, 40, 20]
    assert [len(portion) for portion in chunks(wanted, 1, 7000)] == [1] * 100
    assert not list(chunks([], 40, 7000))
