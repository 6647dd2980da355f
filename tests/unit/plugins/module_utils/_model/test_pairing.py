# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of the entries of a multi-valued attribute."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.pairing import (
    Edit,
    entries_after,
    pair,
    resolve,
    saved_entries,
    settle_primary,
    single_entry,
    united,
    wanted_entries,
)
from ansible_collections.identity.scim.plugins.module_utils._model.sameness import covers, same
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.examples import (
    entries,
)

EMAILS = USER.at("emails")
OLD = {"value": "old@x.org", "type": "work", "primary": True}
HOME = {"value": "me@home.org", "type": "home"}
NEW = {"value": "new@x.org", "type": "work"}


Row = dict[str, Any]


def after(
    desired: list[Row], current: list[Row], *, exact: bool = False, typed: bool = False
) -> list[Row]:
    return entries_after(EMAILS, desired, current, exact=exact, typed=typed)


@st.composite
def wanted(draw: st.DrawFn, primaries: int = 1) -> list[Row]:
    """Entries as a task may set them: no type and value twice."""
    found: dict[tuple[str, str], Row] = {}
    for one in draw(entries(primaries=primaries)):
        mark = (str(one.get("type", "")).lower(), str(one["value"]).lower())
        found.setdefault(mark, one)
    return list(found.values())


def typeless(one: Row) -> Row:
    return {name: value for name, value in one.items() if name != "type"}


def is_there(one: Row, entries_there: list[Row]) -> bool:
    """Whether an entry is there under its type, or under none, or as one of several repetitions."""
    for entry in entries_there:
        mark = [entry.get("type"), entry["value"]]
        marks = [[other.get("type"), other["value"]] for other in entries_there]
        if covers(EMAILS, entry, one, typeless=True):
            return True
        if marks.count(mark) > 1 and covers(EMAILS, entry, typeless(one)):
            return True
    return False


def test_resolve_tells_kept_replaced_and_added_entries_apart() -> None:
    pairs = pair(EMAILS, [NEW], [OLD, HOME])
    resolved = resolve(EMAILS, pairs)
    assert (resolved.kept, resolved.paired) == ([HOME], [])
    assert (resolved.added, resolved.replaced) == ([(NEW, NEW)], [OLD])
    assert resolve(EMAILS, pairs, exact=True).kept == []


def test_resolve_keeps_a_repeated_value_even_if_exact() -> None:
    repeated = {"value": "old@x.org", "type": "other"}
    assert resolve(EMAILS, pair(EMAILS, [OLD], [OLD, repeated]), exact=True).kept == [repeated]


def test_resolve_without_desired_entries_keeps_none() -> None:
    assert settle_primary(EMAILS, resolve(EMAILS, pair(EMAILS, [], [OLD, HOME]))) == []


@settings(max_examples=200)
@given(wanted(primaries=2), st.booleans(), st.booleans())
def test_where_nothing_is_held_a_list_becomes_as_it_is_set(
    desired: list[Row], exact: bool, typed: bool
) -> None:
    assert after(desired, [], exact=exact, typed=typed) == desired
    edit = Edit(add=desired)
    assert entries_after(EMAILS, edit, [], exact=exact, typed=typed) == desired
    found = settle_primary(EMAILS, resolve(EMAILS, pair(EMAILS, desired, []), exact=exact))
    assert found == desired


def test_primary_moves_to_the_desired_entry_or_to_the_only_new_one() -> None:
    assert after([NEW], [OLD]) == [{**NEW, "primary": True}]
    assert after([{**HOME, "primary": True}], [OLD, HOME]) == [
        {**OLD, "primary": False},
        {**HOME, "primary": True},
    ]
    two = [NEW, {"value": "newer@x.org", "type": "work"}]
    assert after(two, [OLD]) == two


@settings(max_examples=300)
@given(entries(), wanted(), st.booleans(), st.booleans())
def test_every_desired_entry_is_there_afterwards(
    current: list[Row], desired: list[Row], exact: bool, typed: bool
) -> None:
    found = after(desired, current, exact=exact, typed=typed)
    for one in desired:
        assert is_there(one, found), one


@settings(max_examples=300)
@given(entries(), wanted(), st.booleans(), st.booleans())
def test_at_most_one_is_primary(
    current: list[Row], desired: list[Row], exact: bool, typed: bool
) -> None:
    found = after(desired, current, exact=exact, typed=typed)
    assert sum(bool(entry.get("primary")) for entry in found) <= 1


@settings(max_examples=500)
@given(entries(), wanted(), st.booleans(), st.booleans())
def test_merging_twice_changes_nothing(
    current: list[Row], desired: list[Row], exact: bool, typed: bool
) -> None:
    once = after(desired, current, exact=exact, typed=typed)
    assert same(EMAILS, after(desired, once, exact=exact, typed=typed), once)


@given(entries(), wanted(), st.randoms())
def test_the_order_of_entries_is_no_difference(
    current: list[Row], desired: list[Row], luck: random.Random
) -> None:
    shuffled = luck.sample(current, len(current))
    assert same(EMAILS, current, shuffled)
    assert same(EMAILS, after(desired, current), current) == same(
        EMAILS, after(desired, shuffled), current
    )


@settings(max_examples=300)
@given(entries(), wanted())
def test_entries_of_other_types_stay(current: list[Row], desired: list[Row]) -> None:
    """Except for copies of a replaced value, and for what gets a type."""
    found = after(desired, current, typed=True)
    if not desired:
        return
    named = {str(one.get("type", "")).lower() for one in desired}
    replaced = {
        entry["value"].lower() for entry in current if str(entry.get("type", "")).lower() in named
    }
    for entry in current:
        if str(entry.get("type", "")).lower() in named or entry["value"].lower() in replaced:
            continue
        if not entry.get("type") and any(
            one["value"].lower() == entry["value"].lower() for one in desired
        ):
            continue
        assert any(
            entry["value"] == one["value"] and entry.get("type") == one.get("type") for one in found
        )


@pytest.mark.parametrize("exact", [False, True])
def test_no_second_primary_is_written_for_the_same_address(exact: bool) -> None:
    current = [{"value": "new@x.org", "type": "other", "primary": True}]
    desired = [{**NEW, "primary": True}]
    found = after(desired, current, exact=exact)
    assert same(EMAILS, found, [{"value": "new@x.org", "type": "other"}, {**NEW, "primary": True}])
    # As some services answer: no difference, so never written.
    doubled = [{**NEW, "primary": True}, *current]
    assert same(EMAILS, after(desired, doubled, exact=exact), doubled)


# services that keep other types, or none


@pytest.mark.parametrize("typed", [False, True])
def test_e3_a_type_is_written_only_where_types_are_kept(typed: bool) -> None:
    current = [{"value": "new@x.org"}]
    assert after([NEW], current, typed=typed) == ([NEW] if typed else current)
    shown = [*current, HOME]
    assert same(EMAILS, after([NEW], shown), [HOME, NEW])


def test_e3_set_entries_replace_those_held_without_type() -> None:
    phones = [{"value": "1", "type": "work"}, {"value": "2", "type": "home"}]
    assert after(phones, [{"value": "3"}, {"value": "4"}]) == [{"value": "1"}, {"value": "2"}]
    assert after([NEW], [{"value": "old@x.org", "primary": True}]) == [
        {"value": "new@x.org", "primary": True}
    ]


def test_e3_one_value_of_two_types_is_one_entry_without_types() -> None:
    both = [NEW, {**NEW, "type": "home"}]
    assert after(both, [{"value": "old@x.org"}]) == [{"value": "new@x.org"}]


def dropped(one: Row) -> Row:
    return typeless(one)


def rewritten(one: Row) -> Row:
    return {**one, "value": "kept-" + str(one["value"]).removeprefix("kept-")}


def labelled(one: Row) -> Row:
    return {**one, "type": "other"}


def lowered(one: Row) -> Row:
    return {**one, "value": str(one["value"]).lower()}


@settings(max_examples=500)
@given(
    entries(primaries=0),
    wanted(primaries=0),
    st.booleans(),
    st.sampled_from(((), (dropped,), (rewritten,), (lowered,), (dropped, rewritten), (labelled,))),
)
def test_e3_n_runs_give_the_same_lists(
    current: list[Row], desired: list[Row], exact: bool, kept_as: tuple[Any, ...]
) -> None:
    """Whatever the service makes of the entries: the list comes to rest at its second writing."""
    held = current
    lists = []
    for _run in range(5):
        held = after(desired, held, exact=exact)
        for change in kept_as:
            held = [change(one) for one in held]
        lists.append(held)
    assert same(EMAILS, lists[-1], lists[-2])
    assert len(lists[-1]) <= max(len(lists[0]), len(lists[1]))


# copies of a value under another type


def test_e11_a_copy_follows_the_value_that_is_replaced() -> None:
    copy = {"value": "OLD@x.org", "type": "other", "primary": True}
    found = after([NEW], [OLD, copy, HOME])
    assert same(
        EMAILS,
        found,
        [HOME, {**NEW, "primary": True}, {"value": "new@x.org", "type": "other"}],
    )
    assert same(EMAILS, after([NEW], found), found)


@pytest.mark.parametrize(
    "desired, copy",
    [
        pytest.param([NEW, {"value": "old@x.org", "type": "other"}], "old@x.org", id="set itself"),
        pytest.param([NEW, {"value": "old@x.org", "type": "home"}], "old@x.org", id="still set"),
        pytest.param(
            [NEW, {"value": "newer@x.org", "type": "work"}], "new@x.org", id="one of several"
        ),
    ],
)
def test_e11_copies_of_what_is_set_stay(desired: list[Row], copy: str) -> None:
    found = after(desired, [OLD, {"value": "old@x.org", "type": "other"}])
    assert [one["value"] for one in found if one["type"] == "other"] == [copy]


def test_e11_the_only_primary_entry_may_be_a_copy() -> None:
    old = {"value": "old@x.org", "type": "work"}
    found = after([NEW], [old, {**old, "type": "other", "primary": True}])
    assert same(EMAILS, found, [NEW, {**NEW, "type": "other", "primary": True}])


ADDRESSES = USER.at("addresses")
STREET = {"streetAddress": "Old 1", "locality": "Bern"}


@pytest.mark.parametrize(
    "copy",
    [
        {**STREET, "type": "other"},
        {**STREET, "type": "other", "formatted": "Old 1, Bern"},
        {**STREET, "type": "other", "country": ""},
        {**STREET, "type": "other", "primary": True},
    ],
)
def test_e11_a_copy_of_an_address_follows_too(copy: Row) -> None:
    work = {**STREET, "type": "work"}
    new = {"type": "work", "streetAddress": "New 2"}
    found = entries_after(ADDRESSES, [new], [work, copy])
    places = sorted((one["type"], one["streetAddress"], one["locality"]) for one in found)
    assert places == [("other", "New 2", "Bern"), ("work", "New 2", "Bern")]
    assert "formatted" not in found[-1]
    assert same(ADDRESSES, entries_after(ADDRESSES, [new], found), found)


@pytest.mark.parametrize(
    "desired, other",
    [
        pytest.param([], {"streetAddress": "Else 3"}, id="another place"),
        pytest.param([{**STREET, "type": "other"}], STREET, id="set itself"),
        pytest.param([{**STREET, "type": "home"}], STREET, id="still set"),
    ],
)
def test_e11_addresses_that_are_no_copies_stay(desired: list[Row], other: Row) -> None:
    work = {**STREET, "type": "work"}
    new = {"type": "work", "streetAddress": "New 2"}
    found = entries_after(ADDRESSES, [new, *desired], [work, {**other, "type": "other"}])
    assert [one["streetAddress"] for one in found if one["type"] == "other"] == [
        other["streetAddress"]
    ]


# attributes whose values are identities

ADMIN = {"value": "admin", "type": "app"}
AUDITOR = {"value": "auditor"}
ROLES = USER.at("roles")


@pytest.mark.parametrize("name", ["roles", "entitlements", "x509Certificates"])
def test_l11_set_values_are_added_and_others_stay(name: str) -> None:
    attribute = USER.at(name)
    billing = {"value": "billing"}
    assert entries_after(attribute, [billing], [ADMIN, AUDITOR]) == [ADMIN, AUDITOR, billing]
    assert entries_after(attribute, [billing], [ADMIN, AUDITOR], exact=True) == [billing]
    assert entries_after(attribute, [], [ADMIN, AUDITOR]) == []


def test_l11_a_value_is_the_same_role_whatever_its_type() -> None:
    assert entries_after(ROLES, [{"value": "Admin"}], [ADMIN]) == [ADMIN]
    assert entries_after(
        ROLES, [{"value": "admin", "type": "db"}], [{**ADMIN, "display": "A"}]
    ) == [{"value": "admin", "type": "db", "display": "A"}]
    both = [ADMIN, {**ADMIN, "type": "db"}]
    assert same(ROLES, entries_after(ROLES, [{"value": "admin"}], both), both)


# {set | add | remove}


@pytest.mark.parametrize(
    "edit, left",
    [
        pytest.param(Edit(whole=[NEW]), [{**NEW, "primary": True}], id="set"),
        pytest.param(Edit(whole=[]), [], id="set to nothing"),
        pytest.param(Edit(add=[NEW]), [OLD, HOME, NEW], id="add"),
        pytest.param(Edit(add=[HOME]), [OLD, HOME], id="add what is there"),
        pytest.param(Edit(remove=[{"value": "ME@home.org"}]), [OLD], id="remove by value"),
        pytest.param(Edit(remove=[{"type": "Home"}]), [OLD], id="remove by type"),
        pytest.param(Edit(remove=[{**HOME, "type": "work"}]), [OLD, HOME], id="remove neither"),
        pytest.param(Edit(add=[NEW], remove=[{"type": "work"}]), [HOME, NEW], id="both"),
        pytest.param(Edit(), [OLD, HOME], id="nothing"),
    ],
)
def test_l11_entries_are_set_added_and_removed(edit: Edit, left: list[Row]) -> None:
    found = entries_after(EMAILS, edit, [OLD, HOME])
    assert same(EMAILS, found, left)
    assert same(EMAILS, entries_after(EMAILS, edit, found), found)


def test_l11_a_type_removes_nothing_where_none_is_kept() -> None:
    current = [{"value": "a"}, {"value": "b"}]
    assert entries_after(EMAILS, Edit(remove=[{"type": "work"}]), current) == current
    removed = Edit(remove=[{"value": "a", "type": "work"}])
    assert entries_after(EMAILS, removed, current) == [{"value": "b"}]


@pytest.mark.parametrize(
    "one, other, both",
    [
        (Edit(add=[NEW]), Edit(remove=[OLD]), Edit(add=[NEW], remove=[OLD])),
        (Edit(add=[NEW]), Edit(add=[NEW, HOME]), Edit(add=[NEW, HOME], remove=[])),
        (Edit(add=[NEW]), Edit(remove=[NEW]), None),
        (Edit(remove=[NEW]), Edit(add=[NEW]), None),
        (Edit(whole=[NEW]), Edit(add=[NEW]), None),
        (Edit(add=[NEW]), [NEW], None),
    ],
)
def test_l11_additions_and_removals_of_two_rows_go_together(
    one: Any, other: Any, both: Edit | None
) -> None:
    assert united(one, other) == both


def test_l11_wanted_entries_are_those_that_must_be_there() -> None:
    assert wanted_entries(Edit(add=[NEW], remove=[OLD])) == [NEW]
    assert wanted_entries(Edit(whole=[OLD])) == wanted_entries([OLD]) == [OLD]
    assert wanted_entries(None) == []


# small questions


def test_a_single_entry_is_the_primary_or_the_first() -> None:
    assert single_entry(EMAILS, [HOME, {**NEW, "primary": True}], []) == [{**NEW, "primary": True}]
    assert single_entry(EMAILS, [NEW, HOME], [{"value": "NEW@x.org"}]) == [{"value": "NEW@x.org"}]
    assert single_entry(EMAILS, [], [HOME]) == []


@pytest.mark.parametrize(
    "answer, expected",
    [
        ([{"value": "NEW@X.org"}], True),
        ([NEW, {"value": "new@x.org", "type": "other"}], True),
        ([NEW, HOME], False),
        ([], False),
    ],
)
def test_e4_entries_are_saved_in_any_spelling(answer: list[Row], expected: bool) -> None:
    assert saved_entries(EMAILS, [NEW], answer) is expected


A, B = {"value": "a@x.org"}, {"value": "b@x.org"}
WORK = {**A, "type": "work"}


@pytest.mark.parametrize(
    "wish, current, left",
    [
        ([WORK], [A], [WORK]),
        ([WORK], [{**A, "display": "Ann"}, B], [B, {**WORK, "display": "Ann"}]),
        ([{**B, "type": "work"}], [A], [{**B, "type": "work"}]),
        ([{**A, "type": "home"}, WORK], [B], [{**A, "type": "home"}, WORK]),
        (Edit(add=[{**B, "type": "work"}]), [A], [A, {**B, "type": "work"}]),
        (Edit(add=[{**B, "type": "work"}], remove=[WORK]), [A], [{**B, "type": "work"}]),
        (Edit(add=[{**B, "type": "work"}], remove=[WORK]), [A, B], [{**B, "type": "work"}]),
        ([WORK], [{**B, "type": "home"}], [{**B, "type": "home"}, WORK]),
        ([], [A], []),
    ],
)
def test_e3_types_that_only_schemas_list_are_written(
    wish: Any, current: list[Row], left: list[Row]
) -> None:
    found = entries_after(EMAILS, wish, current, listed=True)
    assert same(EMAILS, found, left)


@settings(max_examples=300, deadline=None)
@given(wanted(), entries(), st.sampled_from(("", "kept-")))
def test_e3_no_list_grows_where_listed_types_are_dropped(
    desired: list[Row], current: list[Row], prefix: str
) -> None:
    """A service drops every type and may rewrite every value."""

    def kept(rows: list[Row]) -> list[Row]:
        found = []
        for one in map(typeless, rows):
            value = str(one["value"])
            found.append({**one, "value": prefix + value.removeprefix(prefix)})
        return found

    held = [kept(current)]
    for _run in range(4):
        held.append(kept(entries_after(EMAILS, desired, held[-1], listed=True)))
    assert len(held[1]) <= len(held[0]) + len(desired)
    assert len(held[1]) >= len(held[2]) == len(held[3]) == len(held[4])
