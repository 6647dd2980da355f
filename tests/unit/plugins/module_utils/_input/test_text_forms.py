# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows by their texts say the same as each row by itself, and find the same users."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._input.plain_users import RowForm
from ansible_collections.identity.scim.plugins.module_utils._input.resources import user_desired
from ansible_collections.identity.scim.plugins.module_utils._input.text_forms import (
    TextForm,
    attribute_path,
)
from ansible_collections.identity.scim.plugins.module_utils._model.flat import unflatten
from ansible_collections.identity.scim.plugins.module_utils._model.frames import frame_of
from ansible_collections.identity.scim.plugins.module_utils._model.schema import ENTERPRISE_URN
from ansible_collections.identity.scim.plugins.module_utils._plan.sieve import kind_of_text
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._input.test_plain_users import (
    rows,
    waits,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.unread_objects import (
    pattern_of,
)


def texts_of(row: Any) -> list[str]:
    if isinstance(row, str):
        return [row]
    if isinstance(row, (dict, list)):
        return [
            one
            for inner in (row.values() if isinstance(row, dict) else row)
            for one in texts_of(inner)
        ]
    return []


@settings(max_examples=300, deadline=None)
@given(rows, st.sampled_from((None, ["user_name"], ["email", "external_id", "user_name"])))
def test_texts_say_by_what_a_row_finds_its_user(row: dict[str, Any], by: Any) -> None:
    if not waits(row):
        return
    form, whole = TextForm(frame_of(row), by), RowForm(tuple(row), by)
    joined = "\n".join(texts_of(row))
    assert form.keys(joined) == whole.keys([*row.values()])
    assert form.first_key(joined) == whole.first_key([*row.values()])


def changed(draw: st.DrawFn, user: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """Return a user with one thing that is different."""
    found = copy.deepcopy(user)
    kind = draw(st.integers(0, 7))
    if kind == 0:
        found["title"] = draw(st.sampled_from(("CEO", row.get("title", "x"), None)))
    if kind == 1:
        found["userName"] = found["userName"].swapcase()
    if kind == 2:
        found.pop(draw(st.sampled_from(sorted(found))))
    if kind == 3 and found.get("emails"):
        found["emails"] = found["emails"][::-1]
    if kind == 4 and found.get("emails"):
        found["emails"][0]["type"] = "other"
    if kind == 5:
        found[ENTERPRISE_URN] = {**found.get(ENTERPRISE_URN, {}), "unknown": "x"}
    if kind == 6:
        found["active"] = draw(st.sampled_from((True, False, None, "true")))
    if kind == 7:
        found["nickName"] = "x"
    return found


@st.composite
def users(draw: st.DrawFn, row: dict[str, Any]) -> dict[str, Any]:
    """A user as a row wants it, or nearly so."""
    attributes = user_desired(row).content.attributes
    user = {"id": draw(st.sampled_from(("1", "2"))), **unflatten(attributes)}
    if draw(st.booleans()):
        user["groups"] = [{"value": "g"}] * draw(st.integers(0, 2))
    return changed(draw, user, row) if draw(st.booleans()) else user


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_texts_show_the_users_that_the_row_itself_shows(data: st.DataObject) -> None:
    row = data.draw(rows.filter(waits))
    form, whole = TextForm(frame_of(row)), RowForm(tuple(row))
    joined = "\n".join(texts_of(row))
    pattern = None
    for _turn in range(3):
        user = data.draw(users(row))
        shown = whole.shows([*row.values()], user)
        assert form.shows(joined, user) is shown
        text = json.dumps(user)
        pattern = pattern_of(text, user, kind_of_text) if pattern is None else pattern
        found = pattern.match(text) if pattern is not None else None
        if pattern is not None and found is not None:
            event(f"shown: {shown}")
            assert form.shows(joined, pattern.unread(found)) is shown


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("user_name",), ("userName",)),
        (("state",), ()),
        (("name", "given_name"), ("name", "givenName")),
        (("emails", 1, "value"), ("emails", 1, "value")),
        (("addresses", 0, "street_address"), ("addresses", 0, "streetAddress")),
        (("enterprise", "department"), (ENTERPRISE_URN, "department")),
        (("enterprise", "manager"), ()),
    ],
)
def test_a_place_in_a_row_is_one_in_a_user(path: Any, found: Any) -> None:
    assert attribute_path(path) == found
