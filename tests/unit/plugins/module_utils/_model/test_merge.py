# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only what is set is managed: merge, comparison and what an answer shows."""

from __future__ import annotations

import copy
import random
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.flat import flatten, unflatten
from ansible_collections.identity.scim.plugins.module_utils._model.merge import (
    covers,
    differing,
    fold,
    identical,
    key_of,
    merge,
    pair,
    resolve,
    same,
    saved,
    settle_primary,
)
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    GROUP,
    USER,
    top_path,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.examples import (
    entries,
    paths,
    users,
    words,
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


def entries_after(
    desired: list[dict[str, Any]], current: list[dict[str, Any]], *, exact: bool = False
) -> list[dict[str, Any]]:
    return settle_primary(resolve(pair(desired, current), exact=exact))


@settings(max_examples=200)
@given(entries(), entries(), st.booleans())
def test_three_steps_are_what_merge_does(
    current: list[dict[str, Any]], desired: list[dict[str, Any]], exact: bool
) -> None:
    assert same(
        EMAILS, merged(current, desired, exact=exact), entries_after(desired, current, exact=exact)
    )


@given(entries(), entries())
def test_pairs_hold_every_entry_once(
    current: list[dict[str, Any]], desired: list[dict[str, Any]]
) -> None:
    pairs = pair(desired, current)
    assert all(covers(entry, one) for one, entry in pairs.paired)
    assert same(EMAILS, [*(one for one, _entry in pairs.paired), *pairs.new], desired)
    assert same(EMAILS, [*(entry for _one, entry in pairs.paired), *pairs.left], current)
    assert not any(covers(entry, one) for one in pairs.new for entry in pairs.left)


def test_pairs_make_room_for_each_other() -> None:
    plain, more = {"value": "a"}, {"value": "a", "display": "x"}
    pairs = pair([plain, more], [more, plain])
    assert pairs.paired == [(plain, plain), (more, more)]
    assert pair([more, plain], [more, plain]).paired == [(more, more), (plain, plain)]
    assert (pairs.new, pairs.left) == ([], [])


def test_resolve_tells_kept_replaced_and_added_entries_apart() -> None:
    pairs = pair([NEW], [OLD, HOME])
    resolved = resolve(pairs)
    assert (resolved.kept, resolved.paired) == ([HOME], [])
    assert (resolved.added, resolved.replaced) == ([(NEW, NEW)], [OLD])
    assert resolve(pairs, exact=True).kept == []


def test_resolve_keeps_a_repeated_value_even_if_exact() -> None:
    repeated = {"value": "old@x.org", "type": "other"}
    assert resolve(pair([OLD], [OLD, repeated]), exact=True).kept == [repeated]


def test_resolve_without_desired_entries_keeps_none() -> None:
    assert settle_primary(resolve(pair([], [OLD, HOME]))) == []


def test_primary_moves_to_the_desired_entry_or_to_the_only_new_one() -> None:
    assert settle_primary(resolve(pair([NEW], [OLD]))) == [{**NEW, "primary": True}]
    desired = [{**HOME, "primary": True}]
    assert settle_primary(resolve(pair(desired, [OLD, HOME]))) == [
        {**OLD, "primary": False},
        {**HOME, "primary": True},
    ]
    two = [NEW, {"value": "newer@x.org", "type": "work"}]
    assert settle_primary(resolve(pair(two, [OLD]))) == two


@settings(max_examples=200)
@given(entries(), entries(), st.booleans())
def test_every_desired_entry_is_there_afterwards(
    current: list[dict[str, Any]], desired: list[dict[str, Any]], exact: bool
) -> None:
    after = entries_after(desired, current, exact=exact)
    for one in desired:
        assert any(covers(entry, one) for entry in after), one


@settings(max_examples=200)
@given(entries(), entries(), st.booleans())
def test_at_most_one_is_primary(
    current: list[dict[str, Any]], desired: list[dict[str, Any]], exact: bool
) -> None:
    after = entries_after(desired, current, exact=exact)
    assert sum(bool(entry.get("primary")) for entry in after) <= 1


@settings(max_examples=200)
@given(entries(), entries(), st.booleans())
def test_merging_twice_changes_nothing(
    current: list[dict[str, Any]], desired: list[dict[str, Any]], exact: bool
) -> None:
    once = entries_after(desired, current, exact=exact)
    assert same(EMAILS, entries_after(desired, once, exact=exact), once)


@given(entries(), entries(), st.randoms())
def test_the_order_of_entries_is_no_difference(
    current: list[dict[str, Any]], desired: list[dict[str, Any]], luck: random.Random
) -> None:
    shuffled = luck.sample(current, len(current))
    assert same(EMAILS, current, shuffled)
    assert changes(current, desired) == changes(shuffled, desired)


@given(entries(), entries())
def test_entries_of_other_types_stay(
    current: list[dict[str, Any]], desired: list[dict[str, Any]]
) -> None:
    after = entries_after(desired, current)
    if desired:
        named = {str(one.get("type", "")).lower() for one in desired}
        for entry in current:
            if str(entry.get("type", "")).lower() not in named:
                assert any(
                    entry["value"] == one["value"] and entry.get("type") == one.get("type")
                    for one in after
                )


@pytest.mark.parametrize("exact", [False, True])
def test_no_second_primary_is_written_for_the_same_address(exact: bool) -> None:
    current = [{"value": "new@x.org", "type": "other", "primary": True}]
    after = entries_after([{**NEW, "primary": True}], current, exact=exact)
    assert same(EMAILS, after, [{"value": "new@x.org", "type": "other"}, {**NEW, "primary": True}])
    doubled = [
        {**NEW, "primary": True},
        *current,
    ]  # as some services answer: no difference, so never written
    assert not changes(doubled, [{**NEW, "primary": True}], exact=exact)


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
            [{"value": "me@home.org"}, {**HOME, "display": "h"}],
            [HOME, {**HOME, "display": "h"}],
            False,
            [{"value": "me@home.org"}, {**HOME, "display": "h"}],
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
            [{"value": "OLD@x.org", "type": "work", "primary": True}],
            id="values keep the case as desired",
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


# when two values are the same

KINDS_OF_VALUES = {
    f"{one.type}{' list' if one.many else ''}{' exact' if one.case_exact else ''}": path
    for kind in (USER, GROUP)
    for path, one in (*paths(kind), ("custom", kind.at("custom")))
    if not one.secret
}
# Few and near each other, so that two that are drawn are often the same and often nearly the same.
NEAR = st.sampled_from(
    ("pam", "Pam", "é", "e\u0301", "É", "ß", "ss", "İ", "i\u0307", "\u212b", "\xc5", "1", "true")
)
SCALARS = st.one_of(NEAR, st.booleans(), st.sampled_from((0, 1, 1.0)), st.none())


@st.composite
def near_entries(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Entries in any order, with nulls and falsehoods that mean nothing."""
    rows = draw(
        st.lists(
            st.fixed_dictionaries(
                {"value": st.sampled_from(("a", "é", "e\u0301"))},
                optional={
                    "type": st.sampled_from(("work", "Work", None)),
                    "primary": st.sampled_from((True, False, None)),
                    "display": st.sampled_from(("x", None)),
                },
            ),
            max_size=2,
        )
    )
    found: list[dict[str, Any]] = draw(st.permutations(rows))
    return found


VALUES = st.one_of(
    SCALARS,
    near_entries(),
    st.dictionaries(
        st.sampled_from("ab"), st.one_of(SCALARS, st.lists(SCALARS, max_size=2)), max_size=2
    ),
    st.lists(SCALARS, max_size=2),
)


def rewritten(draw: st.DrawFn, value: Any) -> Any:
    """The same value in another writing, or one that is nearly it."""
    if isinstance(value, str):
        return draw(
            st.sampled_from(
                (
                    value,
                    unicodedata.normalize("NFD", value),
                    unicodedata.normalize("NFC", value),
                    value.upper(),
                    value.lower(),
                )
            )
        )
    if isinstance(value, list):
        return draw(st.permutations([rewritten(draw, one) for one in value]))
    if isinstance(value, dict):
        return {
            **draw(st.sampled_from(({}, {"primary": False}, {"type": None}))),
            **{name: rewritten(draw, one) for name, one in value.items()},
        }
    return draw(st.sampled_from((value, value, str(value), bool(value), value or 0)))


@st.composite
def trios(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    value = draw(VALUES)
    return rewritten(draw, value), rewritten(draw, value), rewritten(draw, value)


@settings(max_examples=500)
@given(st.sampled_from(sorted(KINDS_OF_VALUES.items())), trios())
def test_p12_same_is_an_equivalence(kind: tuple[str, str], trio: tuple[Any, Any, Any]) -> None:
    """P12: of every type of attribute, with values that are the same in another writing, or nearly."""
    one, two, three = trio
    attribute = (USER if USER.at(kind[1]).type != "any" else GROUP).at(kind[1])
    assert same(attribute, one, one)
    assert same(attribute, one, two) == same(attribute, two, one)
    assert not (same(attribute, one, two) and same(attribute, two, three)) or same(
        attribute, one, three
    )


def test_p12_types_of_attributes_are_all_met() -> None:
    """P12: what the test before is about."""
    assert {
        "string",
        "string exact",
        "boolean",
        "reference",
        "complex",
        "complex list",
        "any exact",
    } <= set(KINDS_OF_VALUES)


@settings(max_examples=200)
@given(
    st.sampled_from(
        ("id", "userName", "externalId", "displayName", "emails.value", "urn:x:y:badge")
    ),
    NEAR,
    NEAR,
)
def test_p12_the_same_value_has_the_same_key(path: str, one: str, other: str) -> None:
    """P12: what is no difference is found by the same key.

    What differs in case only is, where the schema says so.
    """
    attribute = USER.at(path)
    assert not same(attribute, one, other) or key_of(attribute, one) == key_of(attribute, other)
    assert (key_of(attribute, "Pam") == key_of(attribute, "pam")) is (
        path in ("userName", "displayName", "emails.value")
    )


@settings(max_examples=300)
@given(VALUES, VALUES)
def test_identical_values_are_the_same(one: Any, other: Any) -> None:
    for path in ("title", "active", "emails", "custom"):
        assert not identical(one, other) or same(USER.at(path), one, other)
    assert identical(one, copy.deepcopy(one))


@pytest.mark.parametrize(
    "one, other, expected",
    [
        ("a", "a", True),
        ("é", "e\u0301", False),
        (1, True, False),
        ([{"value": "a", "primary": True}], [{"primary": True, "value": "a"}], True),
        ([{"primary": True}], [{"primary": 1}], False),
        ([1, 2], [2, 1], False),
        ([1], [1, 1], False),
        ({"a": None}, {}, False),
        (None, None, True),
    ],
)
def test_identical_is_equality_of_json(one: Any, other: Any, expected: bool) -> None:
    for pair in ((one, other), (other, one)):
        assert identical(*pair) is expected


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


@given(words)
def test_folding_is_settled_after_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert (
        fold(text) == fold(text.upper())
        or "ı" in text
        or any(len(char.upper()) > 1 for char in text)
    )
    assert fold(fold(text, exact=True), exact=True) == fold(text, exact=True)


@pytest.mark.parametrize(
    "one, other, equal",
    [
        ("Straße", "STRAẞE", True),
        ("Straße", "STRASSE", False),
        ("ﬁnn", "finn", False),
        ("ΟΔΟΣ", "οδος", True),
        ("ÅNGSTRÖM", "a\u030angstro\u0308m", True),
    ],
)
def test_letters_ignore_case_one_by_one(one: str, other: str, equal: bool) -> None:
    assert (fold(one) == fold(other)) is equal


@pytest.mark.parametrize(
    "path, one, other, expected",
    [
        ("title", "Caf\u00e9", "Cafe\u0301", True),
        ("title", "x", "X", False),
        ("active", True, 1, False),
        ("active", True, "true", False),
        ("custom", [1, 2], [2, 1], True),
        ("custom", [1, 1, 2], [1, 2, 2], False),
        ("custom", {"a": None}, {}, True),
        ("custom", 1, True, False),
        ("emails", [{"value": "a", "primary": False}], [{"value": "a"}], True),
        ("emails", [{"value": "a", "primary": True}], [{"value": "a"}], False),
        ("emails", [{"value": "a"}, {"value": "a"}], [{"value": "a"}], False),
        ("emails", [{"value": "a", "type": "Work"}], [{"value": "a", "type": "work"}], True),
    ],
)
def test_values(path: str, one: Any, other: Any, expected: bool) -> None:
    assert same(USER.at(path), one, other) is expected


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
