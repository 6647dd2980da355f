# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries that a service made of new ones beside the old ones."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.doubled import (
    added,
    content,
    without_doubles,
)
from ansible_collections.identity.scim.plugins.module_utils._model.pairing import entries_after
from ansible_collections.identity.scim.plugins.module_utils._model.sameness import same
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER

EMAILS = USER.at("emails")
ADDRESSES = USER.at("addresses")
Rows = list[dict[str, Any]]


def mails(text: str) -> Rows:
    """Return entries of words such as ``a:work`` or, if primary, ``a:work!``."""
    found = []
    for word in text.split():
        value, _colon, kind = word.rstrip("!").partition(":")
        entry: dict[str, Any] = {"value": value, "type": kind} if kind else {"value": value}
        if word.endswith("!"):
            entry["primary"] = True
        found.append(entry)
    return found


@pytest.mark.parametrize(
    "before, written, now, left",
    [
        ("a:o", "a:o a:work", "a:o a:o", "a:o"),
        ("a:o b:o", "a:o b:o a:work b:home", "a:o b:o a:o b:o", "a:o b:o"),
        ("a:o", "a:o a:work c:home", "a:o a:o c:o", "a:o c:o"),
        ("a:t1 b:t2", "a:t1 b:t2 a:work b:home", "a:t1 b:t2 a:t3 b:t4", "a:t1 b:t2"),
        ("a:o! b:o", "a:o b:o a:work! b:home", "a:o b:o a:o! b:o", "a:o! b:o"),
        ("a:o! b:o", "a:o b:o a:work b:home!", "a:o b:o a:o b:o!", "a:o b:o!"),
        ("k:work", "a:work", "k:work k:work", "k:work"),
        ("", "a:work", "a:work a:work", "a:work"),
        # Nothing is doubled where a service does what it was asked, or keeps a copy.
        ("a:o", "a:o a:work", "a:o a:work", None),
        ("a:work", "a:work b:home", "a:work b:home a:other b:other", None),
        ("", "a:work", "a:work a:other", None),
        ("", "a:work a:home", "a:o a:o", None),
        ("a:o a:o", "a:o a:o b:o", "a:o a:o b:o", None),
        ("a:o", "b:work", "b:o", None),
    ],
)
def test_e3_doubles_are_told_from_what_was_written(
    before: str, written: str, now: str, left: str | None
) -> None:
    found = without_doubles(EMAILS, mails(before), mails(written), mails(now))
    assert found == (None if left is None else mails(left))


def test_e3_addresses_are_compared_without_a_value() -> None:
    home = {"streetAddress": "Main St 1", "type": "o"}
    found = without_doubles(ADDRESSES, [home], [home, {**home, "type": "work"}], [home, home])
    assert found == [home]


def test_an_old_entry_that_is_written_again_is_none_that_was_added() -> None:
    assert added(EMAILS, mails("a:o!"), mails("a:o a:work")) == mails("a:work")


entries = st.lists(
    st.builds(
        lambda value, kind: {"value": value, "type": kind},
        st.sampled_from("abc"),
        st.sampled_from(("work", "home", "o")),
    ),
    max_size=4,
    unique_by=lambda one: (one["value"], one["type"]),
)


@settings(max_examples=300, deadline=None)
@given(entries, entries, st.booleans())
def test_e3_no_value_is_lost_and_what_is_written_back_comes_to_rest(
    before: Rows, desired: Rows, own_types: bool
) -> None:
    def kept(rows: Rows) -> Rows:
        return [{**one, "type": "o"} for one in rows] if own_types else rows

    before = kept(before)
    written = entries_after(EMAILS, desired, before)
    now = kept(written)
    left = without_doubles(EMAILS, before, written, now)
    if not own_types:
        assert left is None
    if left is None:
        return
    assert {content(EMAILS, one) for one in left} == {content(EMAILS, one) for one in now}
    assert len(left) < len(now) and same(EMAILS, left, kept(left))
    assert without_doubles(EMAILS, before, left, kept(left)) is None
