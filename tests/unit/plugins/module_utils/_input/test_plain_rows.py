# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick check passes only rows that the full check passes, and keeps them as they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._input.plain_rows import is_plain_user
from ansible_collections.identity.scim.plugins.module_utils._input.resource_options import USER_ITEM
from ansible_collections.identity.scim.plugins.module_utils._input.resources import user_desired
from ansible_collections.identity.scim.plugins.module_utils._input.row_checks import RowReader

PAM = {
    "user_name": "pam",
    "external_id": "emp-1",
    "title": "Empfangsdame für Müller",
    "name": {"given_name": "Pam", "family_name": "Beesly"},
    "emails": [{"value": "pam@x.org", "type": "work", "primary": True}, {"value": "p@x.org"}],
    "enterprise": {"department": "Sales", "manager": "mscott"},
    "phone_numbers": [{"value": "+1 570", "type": "work"}],
    "active": True,
}


@pytest.mark.parametrize("row", [PAM, {"user_name": "a"}, {"user_name": "a", "state": "absent"}])
def test_an_ordinary_row_is_plain(row: dict[str, Any]) -> None:
    assert is_plain_user(row)


@pytest.mark.parametrize(
    "more",
    [
        {"username": "x"},
        {"title": ""},
        {"title": " x"},
        {"title": "a\nb"},
        {"title": "********"},
        {"title": "\ud800"},
        {"title": 7},
        {"title": None},
        {"title": "x" * 1000},
        {"active": "yes"},
        {"state": "gone"},
        {"active": True, "state": "inactive"},
        {"name": {}},
        {"name": {"givenname": "x"}},
        {"name": "x"},
        {"emails": "x"},
        {"emails": [{"value": "x"}]},
        {"emails": [{"type": "work"}]},
        {"emails": ["a@b.c"]},
        {"emails": [{"value": "a@b.c"}, {"value": "a@b.c"}]},
        {"emails": [{"value": "a@b.c", "primary": True}, {"value": "b@b.c", "primary": True}]},
        {"emails": [{"value": "a@b.c", "kind": "x"}]},
        {"emails": {"set": []}},
        {"enterprise": {"manager": {"id": "7"}}},
        {"match_by": ["email"]},
        {"password": "secret"},
        {"attributes": {"x": 1}},
        {"groups": {"add": ["x"]}},
    ],
)
def test_a_row_that_may_be_wrong_is_looked_at_closely(more: dict[str, Any]) -> None:
    assert not is_plain_user({"user_name": "pam", **more})
    assert not is_plain_user({"external_id": "pam"}) and not is_plain_user(["pam"])


ANY = st.none() | st.booleans() | st.text(max_size=4) | st.sampled_from(["a@b.c", "********", "x"])
NAMES = [one.name for one in USER_ITEM]
PARTS = ["value", "type", "primary", "given_name", "department", "manager", "display"]
INNER = st.dictionaries(st.sampled_from(PARTS), ANY, max_size=2)


@given(
    st.dictionaries(
        st.sampled_from([*NAMES, "unknown"]), ANY | INNER | st.lists(INNER, max_size=2), max_size=4
    ),
    ANY,
)
def test_a_plain_row_has_no_error_and_is_kept(row: dict[str, Any], name: Any) -> None:
    row = {"user_name": name, **row}
    if is_plain_user(row):
        reader = RowReader(
            "a user", USER_ITEM, user_desired, is_plain=lambda one: False, secrets=[]
        )
        found = reader.read(row)
        assert not found.problems and not found.problem and found.row == row
