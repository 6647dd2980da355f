# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plain row says the same as the desired state that is made of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._input.plain_users import (
    is_plain,
    plain_row,
)
from ansible_collections.identity.scim.plugins.module_utils._input.resources import user_desired
from ansible_collections.identity.scim.plugins.module_utils._model.flat import unflatten

words = st.text("abcXYZ019 .-'@", min_size=1, max_size=8).filter(str.strip)
mails = st.sampled_from(("a@x.org", "B@y.org", "c.d@z.org"))
entries = st.lists(
    st.fixed_dictionaries(
        {"value": mails},
        optional={"type": st.sampled_from(("work", "home")), "primary": st.booleans()},
    ),
    max_size=3,
)
rows = st.fixed_dictionaries(
    {"user_name": words},
    optional={
        "external_id": words,
        "display_name": words,
        "title": words,
        "active": st.booleans(),
        "state": st.sampled_from(("present", "inactive")),
        "emails": entries,
        "phone_numbers": entries,
        "addresses": st.just([{"locality": "Rome", "street_address": "A 1"}]),
        "name": st.fixed_dictionaries({}, optional={"given_name": words, "family_name": words}),
        "enterprise": st.fixed_dictionaries({}, optional={"department": words, "manager": words}),
        "match_by": st.just(["email", "user_name"]),
        "groups": st.just({"add": ["G"]}),
    },
)


@settings(max_examples=300, deadline=None)
@given(rows, st.sampled_from((None, ["user_name"], ["email", "external_id", "user_name"])))
def test_a_plain_row_is_what_its_desired_state_says(row: dict[str, Any], match_by: Any) -> None:
    found = plain_row(row, match_by) if is_plain(row) else None
    if found is None:
        return
    desired = user_desired({**row, "match_by": row.get("match_by") or match_by})
    assert found.name == desired.own_name
    assert found.keys == desired.keys
    assert found.attributes == unflatten(desired.content.attributes)
    assert found.links == desired.content.links
    assert desired.state == "present" and not (desired.groups or desired.content.clear)


@pytest.mark.parametrize(
    "row",
    [
        {"user_name": "ann", "state": "inactive"},
        {"user_name": "ann", "password": "secret"},
        {"user_name": "ann", "groups": {"add": ["G"]}},
        {"user_name": "ann", "clear": ["title"]},
        {"user_name": "ann", "attributes": {"x": 1}},
        {"user_name": "ann", "emails": {"add": [{"value": "a@x.org"}]}},
        {"user_name": "ann", "previous_user_names": ["ana"]},
        {"user_name": "ann", "id": "u1"},
        {"user_name": "zoé"},
        {"external_id": "E1"},
    ],
)
def test_a_row_that_asks_for_more_is_not_plain(row: dict[str, Any]) -> None:
    assert not is_plain(row) or plain_row(row) is None


def test_usual_rows_are_plain() -> None:
    row = {
        "user_name": "ann",
        "external_id": "E1",
        "name": {"given_name": "Ann"},
        "emails": [{"value": "ann@x.org", "type": "work", "primary": True}],
        "enterprise": {"department": "D", "manager": "bob"},
        "state": "present",
    }
    assert is_plain(row) and plain_row(row) is not None
