# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row that waits says the same as the desired state that is made of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._input.plain_rows import is_plain_user
from ansible_collections.identity.scim.plugins.module_utils._input.plain_users import (
    RowForm,
    may_wait,
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


def waits(row: dict[str, Any]) -> bool:
    return is_plain_user(row) and may_wait(row)


def shows(row: dict[str, Any], resource: dict[str, Any]) -> bool:
    return RowForm(tuple(row)).shows(list(row.values()), resource)


@settings(max_examples=300, deadline=None)
@given(rows, st.sampled_from((None, ["user_name"], ["email", "external_id", "user_name"])))
def test_a_row_that_waits_says_what_its_desired_state_says(row: dict[str, Any], by: Any) -> None:
    if not waits(row):
        return
    found = RowForm(tuple(row), by).keys(list(row.values()))
    desired = user_desired({**row, "match_by": row.get("match_by") or by})
    assert found.name == desired.own_name
    assert found.keys == desired.keys
    assert RowForm(tuple(row), by).first_key(list(row.values())) == desired.keys[0]
    assert found.links == desired.content.links
    assert desired.state == "present" and not (desired.groups or desired.content.clear)
    resource = {**unflatten(desired.content.attributes), "id": "1", "title": "CEO"}
    if "title" not in row:
        assert shows(row, resource)


@settings(max_examples=300, deadline=None)
@given(rows, rows)
def test_a_resource_shows_a_row_only_if_it_has_all_that_is_set(
    row: dict[str, Any], other: dict[str, Any]
) -> None:
    if not (waits(row) and waits(other)):
        return
    wanted = user_desired(row).content.attributes
    held = user_desired(other).content.attributes
    has_all = all(path in held and held[path] == value for path, value in wanted.items())
    assert shows(row, unflatten(held)) is has_all


def test_a_resource_with_an_unknown_part_is_looked_at_closely() -> None:
    row = {"user_name": "ann", "name": {"given_name": "Ann"}}
    assert shows(row, {"userName": "ann", "name": {"givenName": "Ann", "familyName": "B"}})
    assert not shows(row, {"userName": "ann", "name": {"givenName": "Ann", "GivenName": "B"}})


def test_a_manager_alone_needs_no_extension_in_the_resource() -> None:
    row = {"user_name": "ann", "enterprise": {"manager": "bob"}}
    assert shows(row, {"userName": "ann"}) and RowForm(tuple(row)).keys(list(row.values())).links


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
        {"user_name": "ann", "enterprise": {"manager": "zoé"}},
        {"user_name": "zoé"},
        {"external_id": "E1"},
    ],
)
def test_a_row_that_asks_for_more_does_not_wait(row: dict[str, Any]) -> None:
    assert not waits(row)


def test_usual_rows_wait() -> None:
    row = {
        "user_name": "ann",
        "external_id": "E1",
        "name": {"given_name": "Ann"},
        "emails": [{"value": "ann@x.org", "type": "work", "primary": True}],
        "enterprise": {"department": "D", "manager": "bob"},
        "state": "present",
    }
    assert waits(row)
