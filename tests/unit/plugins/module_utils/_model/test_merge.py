# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only what is set is managed: merge, and what an answer shows."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.flat import flatten, unflatten
from ansible_collections.identity.scim.plugins.module_utils._model.merge import (
    differing,
    merge,
    saved,
)
from ansible_collections.identity.scim.plugins.module_utils._model.sameness import same
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    USER,
    top_path,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.examples import (
    users,
)

EMAILS = USER.at("emails")
OLD = {"value": "old@x.org", "type": "work", "primary": True}
HOME = {"value": "me@home.org", "type": "home"}
NEW = {"value": "new@x.org", "type": "work"}


def merged(
    current: list[dict[str, Any]], desired: list[dict[str, Any]], *, exact: bool = False
) -> list[dict[str, Any]]:
    after = merge(USER, {"emails": current} if current else {}, {"emails": desired}, exact=exact)
    found: list[dict[str, Any]] = after.get("emails", [])
    return found


def changes(
    current: list[dict[str, Any]], desired: list[dict[str, Any]], *, exact: bool = False
) -> bool:
    before = {"emails": current} if current else {}
    return bool(differing(USER, before, merge(USER, before, {"emails": desired}, exact=exact)))


# what is set, and nothing else


@given(users(), users())
def test_omitted_attributes_stay(current: dict[str, Any], desired: dict[str, Any]) -> None:
    before, wanted = flatten(USER, current), flatten(USER, desired)
    after = merge(USER, before, wanted)
    other_shape = {
        path
        for path in before
        if top_path(path) in wanted or path in {top_path(one) for one in wanted}
    }
    assert {p: v for p, v in after.items() if p not in wanted} == {
        p: v for p, v in before.items() if p not in {*wanted, *other_shape}
    }
    assert all(
        same(USER.at(path), after[path], value)
        for path, value in wanted.items()
        if not isinstance(value, list)
    )


@given(users(), users(), st.booleans())
def test_merging_the_result_again_changes_nothing(
    current: dict[str, Any], desired: dict[str, Any], exact: bool
) -> None:
    wanted = flatten(USER, desired)
    once = merge(USER, flatten(USER, current), wanted, exact=exact)
    assert differing(USER, once, merge(USER, once, wanted, exact=exact)) == ()


@given(users())
def test_nothing_desired_changes_nothing(current: dict[str, Any]) -> None:
    before = flatten(USER, current)
    assert merge(USER, before, {}) == before
    assert differing(USER, before, merge(USER, before, {})) == ()


@pytest.mark.parametrize(
    "current, desired, after",
    [
        ({"name": "Pam Beesly"}, {"name": {"givenName": "Pam"}}, {"name": {"givenName": "Pam"}}),
        ({"custom": {"a": 1, "b": 2}}, {"custom": "x"}, {"custom": "x"}),
        ({"custom": "x"}, {"custom": {"a": 1}}, {"custom": {"a": 1}}),
        ({"custom": {"a": 1, "b": 2}}, {"custom": {"a": 3}}, {"custom": {"a": 3, "b": 2}}),
    ],
)
def test_current_value_of_another_shape_is_replaced(
    current: dict[str, Any], desired: dict[str, Any], after: dict[str, Any]
) -> None:
    assert unflatten(merge(USER, flatten(USER, current), flatten(USER, desired))) == after


def test_a_raw_name_is_the_same_in_any_case() -> None:
    assert merge(
        USER, {"CostCode": 1, "urn:Ex:1:User:a": 1}, {"costcode": 1, "urn:ex:1:user:A": 2}
    ) == {"CostCode": 1, "urn:Ex:1:User:a": 2}


def test_clear_takes_out_leaves_complex_attributes_and_extensions() -> None:
    current = {
        "title": "x",
        "name.givenName": "P",
        "name.familyName": "B",
        f"{ENTERPRISE_URN}:department": "d",
        "nickName": "n",
    }
    after = merge(USER, current, {}, ["title", "name", ENTERPRISE_URN, "locale"])
    assert after == {"nickName": "n"}
    assert set(differing(USER, current, after)) == set(current) - {"nickName"}
    assert merge(
        USER, {"name.givenName": "P", "nickName": "n"}, {}, ["name.givenName", "name", "name"]
    ) == {"nickName": "n"}
    assert merge(
        USER, {"name.givenName": "P", "name.familyName": "B"}, {}, ["name.familyName"]
    ) == {"name.givenName": "P"}
    assert merge(
        USER,
        {"CostCode": 1, "Custom.A": 1, "urn:Ex:1:User:a": 1, "x": 1},
        {},
        ["costcode", "custom", "URN:ex:1:user"],
    ) == {"x": 1}


@pytest.mark.parametrize(
    "current, desired, clear, after",
    [
        (
            {"name.givenName": "Pam", "name.familyName": "B"},
            {"name.givenName": "Pam"},
            ["name"],
            {"name.givenName": "Pam"},
        ),
        (
            {"name.givenName": "P", "name.familyName": "B"},
            {"name.givenName": "Pam"},
            ["name"],
            {"name.givenName": "Pam"},
        ),
        ({"name.givenName": "Pam"}, {"name.givenName": "Pam"}, ["name"], {"name.givenName": "Pam"}),
        ({}, {"name.givenName": "Pam"}, ["name"], {"name.givenName": "Pam"}),
        ({"name": "Pam Beesly"}, {"name.givenName": "Pam"}, ["name"], {"name.givenName": "Pam"}),
        (
            {f"{ENTERPRISE_URN}:department": "d", f"{ENTERPRISE_URN}:division": "x"},
            {f"{ENTERPRISE_URN}:department": "d"},
            [ENTERPRISE_URN],
            {f"{ENTERPRISE_URN}:department": "d"},
        ),
    ],
)
def test_set_sub_attribute_stays_if_the_attribute_is_cleared(
    current: dict[str, Any], desired: dict[str, Any], clear: list[str], after: dict[str, Any]
) -> None:
    assert merge(USER, current, desired, clear) == after
    assert differing(USER, after, merge(USER, after, desired, clear)) == ()


# multi-valued attributes


@pytest.mark.parametrize(
    "current, desired, exact, after",
    [
        pytest.param(
            [OLD, HOME],
            [NEW],
            False,
            [HOME, {**NEW, "primary": True}],
            id="by type; the new one stays the primary one",
        ),
        pytest.param([OLD, HOME], [NEW], True, [{**NEW, "primary": True}], id="exactly"),
        pytest.param(
            [{**HOME, "display": "h"}, {**HOME, "display": "x"}],
            [HOME, {**HOME, "display": "h"}],
            False,
            [{**HOME, "display": "h"}, {**HOME, "display": "x"}],
            id="an entry that says more does not take what another needs",
        ),
        pytest.param(
            [{**HOME, "display": "h"}, HOME],
            [HOME, {**HOME, "display": "h"}],
            False,
            [HOME, {**HOME, "display": "h"}],
            id="an entry that says just that comes before one that says more",
        ),
        pytest.param([OLD, HOME], [], False, [], id="an empty list removes all"),
        pytest.param([OLD, HOME], [], True, [], id="an empty list removes all, exactly"),
        pytest.param(
            [OLD, HOME],
            [{**HOME, "primary": True}],
            False,
            [{**OLD, "primary": False}, {**HOME, "primary": True}],
            id="setting one primary unsets the other",
        ),
        pytest.param(
            [OLD],
            [{**OLD, "primary": False}],
            False,
            [{**OLD, "primary": False}],
            id="not primary, as desired",
        ),
        pytest.param(
            [OLD], [{"value": "old@x.org", "type": "WORK"}], False, [OLD], id="labels ignore case"
        ),
        pytest.param(
            [OLD],
            [{"value": "OLD@x.org", "type": "work"}],
            False,
            [OLD],
            id="addresses ignore case",
        ),
        pytest.param(
            [{**OLD, "display": "o", "$ref": "r"}],
            [OLD],
            False,
            [{**OLD, "display": "o", "$ref": "r"}],
            id="what the service added stays",
        ),
        pytest.param(
            [{"value": "old@x.org"}],
            [OLD | {"primary": False}],
            False,
            [{"value": "old@x.org"}],
            id="a service without types: by value",
        ),
        pytest.param(
            [OLD, {"value": "old@x.org", "type": "other"}],
            [OLD],
            True,
            [{"value": "old@x.org", "type": "other"}, OLD],
            id="the same value again under another type is the service's own",
        ),
    ],
)
def test_entries(
    current: list[dict[str, Any]],
    desired: list[dict[str, Any]],
    exact: bool,
    after: list[dict[str, Any]],
) -> None:
    assert same(EMAILS, merged(current, desired, exact=exact), after)
    assert changes(current, desired, exact=exact) == (not same(EMAILS, current, after))


def test_addresses_without_a_value_merge_by_type_too() -> None:
    current = {
        "addresses": [
            {"type": "work", "locality": "Scranton", "country": "US"},
            {"type": "home", "locality": "Utica"},
        ]
    }
    desired = {"addresses": [{"type": "work", "locality": "Nashua"}]}
    after = merge(USER, current, desired)
    assert same(
        USER.at("addresses"),
        after["addresses"],
        [
            {"type": "home", "locality": "Utica"},
            {"type": "work", "locality": "Nashua", "country": "US"},
        ],
    )
    assert (
        merge(USER, current, {"addresses": [{"type": "work", "locality": "Scranton"}]}) == current
    )


WORK = {
    "type": "work",
    "locality": "Scranton",
    "streetAddress": "1725 Slough Avenue",
    "formatted": "1725 Slough Avenue, Scranton",
    "primary": True,
}


@pytest.mark.parametrize(
    "current, desired, exact, after",
    [
        pytest.param(
            [WORK],
            [{"type": "Work", "postalCode": "18503"}],
            False,
            [
                {
                    "type": "work",
                    "locality": "Scranton",
                    "streetAddress": "1725 Slough Avenue",
                    "postalCode": "18503",
                    "primary": True,
                }
            ],
            id="what is not desired stays, but for how it is written as a whole",
        ),
        pytest.param(
            [WORK],
            [{"type": "work", "postalCode": "1", "formatted": "f"}],
            False,
            [{**WORK, "postalCode": "1", "formatted": "f"}],
            id="unless that is desired",
        ),
        pytest.param(
            [WORK],
            [{"type": "work", "formatted": "f"}],
            False,
            [
                {
                    "type": "work",
                    "formatted": "f",
                    **{name: WORK[name] for name in ("locality", "streetAddress", "primary")},
                }
            ],
            id="only that",
        ),
        pytest.param(
            [WORK],
            [{"type": "work", "locality": "Scranton", "primary": False}],
            False,
            [{**WORK, "primary": False}],
            id="no part of it changes",
        ),
        pytest.param(
            [WORK],
            [{"type": "work", "postalCode": "1"}],
            True,
            [{"type": "work", "postalCode": "1", "primary": True}],
            id="exactly",
        ),
        pytest.param(
            [WORK, {"type": "work", "locality": "Utica"}],
            [{"type": "work", "postalCode": "1"}],
            False,
            [{"type": "work", "postalCode": "1", "primary": True}],
            id="of two it is not clear which",
        ),
        pytest.param(
            [WORK],
            [{"type": "work", "postalCode": "1"}, {"type": "work", "postalCode": "2"}],
            False,
            [{"type": "work", "postalCode": "1"}, {"type": "work", "postalCode": "2"}],
            id="nor for two",
        ),
        pytest.param(
            [WORK],
            [
                {"type": "work", "postalCode": "1"},
                {"type": "home", "locality": "Utica", "primary": True},
            ],
            False,
            [
                {
                    "type": "work",
                    "locality": "Scranton",
                    "streetAddress": "1725 Slough Avenue",
                    "postalCode": "1",
                },
                {"type": "home", "locality": "Utica", "primary": True},
            ],
            id="another one is the primary one now",
        ),
        pytest.param(
            [{"locality": "Scranton"}],
            [{"postalCode": "1"}],
            False,
            [{"locality": "Scranton", "postalCode": "1"}],
            id="without a type",
        ),
    ],
)
def test_omitted_parts_of_an_address_stay(
    current: list[dict[str, Any]],
    desired: list[dict[str, Any]],
    exact: bool,
    after: list[dict[str, Any]],
) -> None:
    kind = USER.at("addresses")
    once = merge(USER, {"addresses": current}, {"addresses": desired}, exact=exact)["addresses"]
    assert same(kind, once, after)
    assert same(
        kind,
        merge(USER, {"addresses": once}, {"addresses": desired}, exact=exact)["addresses"],
        once,
    )


def test_unchanged_values_are_those_of_the_current_resource() -> None:
    current = {
        "title": "x",
        "emails": [OLD, HOME],
        "name.givenName": "P",
        "custom": [True, {"a": 1}],
    }
    after = merge(USER, current, copy.deepcopy(current))
    assert after == current and list(after) == list(current)
    assert all(after[path] is value for path, value in current.items())


# what an answer shows


@given(users(), users())
def test_written_value_that_comes_back_is_saved(
    current: dict[str, Any], desired: dict[str, Any]
) -> None:
    before = flatten(USER, current)
    after = merge(USER, before, flatten(USER, desired))
    assert all(saved(USER, path, after.get(path), after) for path in differing(USER, before, after))


@pytest.mark.parametrize(
    "desired, answer, expected",
    [
        (None, {}, True),
        (None, {"emails": []}, True),
        ([], {}, True),
        (None, {"emails": [OLD]}, False),
        ([NEW], {"emails": [NEW]}, True),
        ([NEW], {"emails": [{**NEW, "display": "n"}]}, True),
        ([NEW], {}, False),
        ([NEW], {"emails": [OLD]}, False),
        ([NEW], {"emails": [NEW, OLD]}, False),
        ([NEW], {"emails": [NEW, {"value": "new@x.org", "type": "other"}]}, True),
        ([NEW], {"emails": [{"value": "new@x.org"}]}, True),
        ([{**NEW, "primary": True}], {"emails": [NEW]}, False),
        ([NEW], {"emails": "new@x.org"}, False),
    ],
)
def test_saved_entries(desired: Any, answer: dict[str, Any], expected: bool) -> None:
    assert saved(USER, "emails", desired, answer) is expected


@pytest.mark.parametrize(
    "desired, answer, expected",
    [
        ("x", {"title": "x"}, True),
        ("x", {"title": "X"}, False),
        ("x", {}, False),
        (None, {}, True),
        (None, {"title": "x"}, False),
    ],
)
def test_saved_values(desired: Any, answer: dict[str, Any], expected: bool) -> None:
    assert saved(USER, "title", desired, answer) is expected
