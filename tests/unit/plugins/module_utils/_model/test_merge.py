# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only what is stated is managed: what becomes of a resource when a wish is written over it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.flat import flatten, unflatten
from ansible_collections.identity.scim.plugins.module_utils._model.merge import covers, differing, fold, key_of, merge, merge_entries, same, saved
from ansible_collections.identity.scim.plugins.module_utils._model.schema import ENTERPRISE_URN, USER, top_path
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.examples import entries, plain_json, users, words

EMAILS = USER.at("emails")
OLD = {"value": "old@x.org", "type": "work", "primary": True}
HOME = {"value": "me@home.org", "type": "home"}
NEW = {"value": "new@x.org", "type": "work"}


def merged(held: list[dict[str, Any]], stated: list[dict[str, Any]], *, exact: bool = False) -> list[dict[str, Any]]:
    after = merge(USER, {"emails": held} if held else {}, {"emails": stated}, exact=exact)
    found: list[dict[str, Any]] = after.get("emails", [])
    return found


def changes(held: list[dict[str, Any]], stated: list[dict[str, Any]], *, exact: bool = False) -> bool:
    before = {"emails": held} if held else {}
    return bool(differing(USER, before, merge(USER, before, {"emails": stated}, exact=exact)))


# what is stated, and nothing else

@given(users(), users())
def test_what_is_not_stated_stays(held: dict[str, Any], wish: dict[str, Any]) -> None:
    before, stated = flatten(USER, held), flatten(USER, wish)
    after = merge(USER, before, stated)
    other_shape = {path for path in before if top_path(path) in stated or path in {top_path(one) for one in stated}}
    assert {p: v for p, v in after.items() if p not in stated} == {p: v for p, v in before.items() if p not in {*stated, *other_shape}}
    assert all(same(USER.at(path), after[path], value) for path, value in stated.items() if not isinstance(value, list))


@given(users(), users(), st.booleans())
def test_made_once_it_is_no_difference_any_more(held: dict[str, Any], wish: dict[str, Any], exact: bool) -> None:
    stated = flatten(USER, wish)
    once = merge(USER, flatten(USER, held), stated, exact=exact)
    assert differing(USER, once, merge(USER, once, stated, exact=exact)) == ()


@given(users())
def test_an_empty_wish_changes_nothing(held: dict[str, Any]) -> None:
    before = flatten(USER, held)
    assert merge(USER, before, {}) == before
    assert differing(USER, before, merge(USER, before, {})) == ()


@pytest.mark.parametrize("held, wish, after", [
    ({"name": "Pam Beesly"}, {"name": {"givenName": "Pam"}}, {"name": {"givenName": "Pam"}}),
    ({"custom": {"a": 1, "b": 2}}, {"custom": "x"}, {"custom": "x"}), ({"custom": "x"}, {"custom": {"a": 1}}, {"custom": {"a": 1}}),
    ({"custom": {"a": 1, "b": 2}}, {"custom": {"a": 3}}, {"custom": {"a": 3, "b": 2}}),
])
def test_what_the_service_holds_in_another_shape_is_replaced(held: dict[str, Any], wish: dict[str, Any], after: dict[str, Any]) -> None:
    assert unflatten(merge(USER, flatten(USER, held), flatten(USER, wish))) == after


def test_clear_takes_out_leaves_complex_attributes_and_extensions() -> None:
    held = {"title": "x", "name.givenName": "P", "name.familyName": "B", f"{ENTERPRISE_URN}:department": "d", "nickName": "n"}
    after = merge(USER, held, {}, ["title", "name", ENTERPRISE_URN, "locale"])
    assert after == {"nickName": "n"}
    assert set(differing(USER, held, after)) == set(held) - {"nickName"}
    assert merge(USER, {"name.givenName": "P", "nickName": "n"}, {}, ["name.givenName", "name", "name"]) == {"nickName": "n"}
    assert merge(USER, {"name.givenName": "P", "name.familyName": "B"}, {}, ["name.familyName"]) == {"name.givenName": "P"}


# multi-valued attributes

@settings(max_examples=200)
@given(entries(), entries(), st.booleans())
def test_every_stated_entry_is_there_once_it_is_made(held: list[dict[str, Any]], stated: list[dict[str, Any]], exact: bool) -> None:
    after = merge_entries(stated, held, exact=exact)
    for one in stated:
        assert any(covers(entry, one) for entry in after), one


@settings(max_examples=200)
@given(entries(), entries(), st.booleans())
def test_at_most_one_is_primary(held: list[dict[str, Any]], stated: list[dict[str, Any]], exact: bool) -> None:
    after = merge_entries(stated, held, exact=exact)
    assert sum(bool(entry.get("primary")) for entry in after) <= 1


@settings(max_examples=200)
@given(entries(), entries(), st.booleans())
def test_stating_it_again_changes_nothing(held: list[dict[str, Any]], stated: list[dict[str, Any]], exact: bool) -> None:
    once = merge_entries(stated, held, exact=exact)
    assert same(EMAILS, merge_entries(stated, once, exact=exact), once)


@given(entries(), entries(), st.randoms())
def test_the_order_of_entries_is_no_difference(held: list[dict[str, Any]], stated: list[dict[str, Any]], luck: random.Random) -> None:
    shuffled = luck.sample(held, len(held))
    assert same(EMAILS, held, shuffled)
    assert changes(held, stated) == changes(shuffled, stated)


@given(entries(), entries())
def test_types_that_are_not_stated_stay(held: list[dict[str, Any]], stated: list[dict[str, Any]]) -> None:
    after = merge_entries(stated, held)
    if stated:
        named = {str(one.get("type", "")).lower() for one in stated}
        for entry in held:
            if str(entry.get("type", "")).lower() not in named:
                assert any(entry["value"] == one["value"] and entry.get("type") == one.get("type") for one in after)


@pytest.mark.parametrize("exact", [False, True])
def test_no_second_primary_is_written_for_the_same_address(exact: bool) -> None:
    held = [{"value": "new@x.org", "type": "other", "primary": True}]
    after = merge_entries([{**NEW, "primary": True}], held, exact=exact)
    assert same(EMAILS, after, [{"value": "new@x.org", "type": "other"}, {**NEW, "primary": True}])
    doubled = [{**NEW, "primary": True}, *held]  # as some services answer: no difference, so never written
    assert not changes(doubled, [{**NEW, "primary": True}], exact=exact)


@pytest.mark.parametrize("held, stated, exact, after", [
    pytest.param([OLD, HOME], [NEW], False, [HOME, {**NEW, "primary": True}], id="by type; the new one stays the primary one"),
    pytest.param([OLD, HOME], [NEW], True, [{**NEW, "primary": True}], id="exactly"),
    pytest.param([OLD, HOME], [], False, [], id="an empty list removes all"),
    pytest.param([OLD, HOME], [], True, [], id="an empty list removes all, exactly"),
    pytest.param([OLD, HOME], [{**HOME, "primary": True}], False, [{**OLD, "primary": False}, {**HOME, "primary": True}],
                 id="stating one primary unsets the other"),
    pytest.param([OLD], [{**OLD, "primary": False}], False, [{**OLD, "primary": False}], id="not primary, as stated"),
    pytest.param([OLD], [{"value": "old@x.org", "type": "WORK"}], False, [OLD], id="labels ignore case"),
    pytest.param([OLD], [{"value": "OLD@x.org", "type": "work"}], False, [{"value": "OLD@x.org", "type": "work", "primary": True}],
                 id="values keep the case as stated"),
    pytest.param([{**OLD, "display": "o", "$ref": "r"}], [OLD], False, [{**OLD, "display": "o", "$ref": "r"}], id="what the service added stays"),
    pytest.param([{"value": "old@x.org"}], [OLD | {"primary": False}], False, [{"value": "old@x.org"}], id="a service without types: by value"),
    pytest.param([OLD, {"value": "old@x.org", "type": "other"}], [OLD], True, [{"value": "old@x.org", "type": "other"}, OLD],
                 id="the same value again under another type is the service's own"),
])
def test_entries(held: list[dict[str, Any]], stated: list[dict[str, Any]], exact: bool, after: list[dict[str, Any]]) -> None:
    assert same(EMAILS, merged(held, stated, exact=exact), after)
    assert changes(held, stated, exact=exact) == (not same(EMAILS, held, after))


def test_addresses_without_a_value_merge_by_type_too() -> None:
    held = {"addresses": [{"type": "work", "locality": "Scranton", "country": "US"}, {"type": "home", "locality": "Utica"}]}
    wish = {"addresses": [{"type": "work", "locality": "Nashua"}]}
    after = merge(USER, held, wish)
    assert same(USER.at("addresses"), after["addresses"], [{"type": "home", "locality": "Utica"}, {"type": "work", "locality": "Nashua"}])
    assert merge(USER, held, {"addresses": [{"type": "work", "locality": "Scranton"}]}) == held


# when two values are the same

@given(st.sampled_from(("userName", "externalId", "emails", "active", "custom")), st.tuples(*[st.one_of(plain_json, entries())] * 3))
def test_same_is_an_equivalence(path: str, trio: tuple[Any, Any, Any]) -> None:
    attribute = USER.at(path)
    one, two, three = trio
    assert same(attribute, one, one)
    assert same(attribute, one, two) == same(attribute, two, one)
    assert not (same(attribute, one, two) and same(attribute, two, three)) or same(attribute, one, three)


@given(st.sampled_from(("userName", "externalId", "displayName")), words, words)
def test_the_same_value_has_the_same_key(path: str, one: str, other: str) -> None:
    attribute = USER.at(path)
    assert not same(attribute, one, other) or key_of(attribute, one) == key_of(attribute, other)


@given(words)
def test_folding_is_settled_after_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text) == fold(text.upper()) or "ı" in text or "ŉ" in text
    assert fold(fold(text, exact=True), exact=True) == fold(text, exact=True)


@pytest.mark.parametrize("path, one, other, expected", [
    ("title", "Caf\u00e9", "Cafe\u0301", True), ("title", "x", "X", False), ("active", True, 1, False), ("active", True, "true", False),
    ("custom", [1, 2], [2, 1], True), ("custom", [1, 1, 2], [1, 2, 2], False), ("custom", {"a": None}, {}, True), ("custom", 1, True, False),
    ("emails", [{"value": "a", "primary": False}], [{"value": "a"}], True), ("emails", [{"value": "a", "primary": True}], [{"value": "a"}], False),
    ("emails", [{"value": "a"}, {"value": "a"}], [{"value": "a"}], False), ("emails", [{"value": "a", "type": "Work"}], [{"value": "a", "type": "work"}], True),
])
def test_values(path: str, one: Any, other: Any, expected: bool) -> None:
    assert same(USER.at(path), one, other) is expected


# what an answer shows

@given(users(), users())
def test_what_was_written_and_came_back_is_saved(held: dict[str, Any], wish: dict[str, Any]) -> None:
    before = flatten(USER, held)
    after = merge(USER, before, flatten(USER, wish))
    assert all(saved(USER, path, after.get(path), after) for path in differing(USER, before, after))


@pytest.mark.parametrize("wish, answer, expected", [
    (None, {}, True), (None, {"emails": []}, True), ([], {}, True), (None, {"emails": [OLD]}, False),
    ([NEW], {"emails": [NEW]}, True), ([NEW], {"emails": [{**NEW, "display": "n"}]}, True), ([NEW], {}, False), ([NEW], {"emails": [OLD]}, False),
    ([NEW], {"emails": [NEW, OLD]}, False), ([NEW], {"emails": [NEW, {"value": "new@x.org", "type": "other"}]}, True),
    ([NEW], {"emails": [{"value": "new@x.org"}]}, True), ([{**NEW, "primary": True}], {"emails": [NEW]}, False),
    ([NEW], {"emails": "new@x.org"}, False),
])
def test_saved_entries(wish: Any, answer: dict[str, Any], expected: bool) -> None:
    assert saved(USER, "emails", wish, answer) is expected


@pytest.mark.parametrize("wish, answer, expected", [
    ("x", {"title": "x"}, True), ("x", {"title": "X"}, False), ("x", {}, False), (None, {}, True), (None, {"title": "x"}, False)])
def test_saved_values(wish: Any, answer: dict[str, Any], expected: bool) -> None:
    assert saved(USER, "title", wish, answer) is expected
