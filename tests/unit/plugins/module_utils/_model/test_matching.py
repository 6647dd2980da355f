# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which entries of a multi-valued attribute belong together."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from ansible_collections.identity.scim.plugins.module_utils._model.matching import (
    fulfils_any,
    has_no_types,
    pair,
    repeats,
    type_of,
    types_of,
    value_form,
    with_types,
    without,
    without_types,
)
from ansible_collections.identity.scim.plugins.module_utils._model.sameness import covers, same
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.examples import (
    entries,
)

EMAILS = USER.at("emails")
HOME = {"value": "me@home.org", "type": "home"}
NEW = {"value": "new@x.org", "type": "work"}
A, B = {"value": "a@x.org"}, {"value": "b@x.org"}
WORK = {**A, "type": "work"}

Row = dict[str, Any]


def typeless(one: Row) -> Row:
    return {name: value for name, value in one.items() if name != "type"}


@given(entries(), entries(primaries=1))
def test_pairs_hold_every_entry_once(current: list[Row], desired: list[Row]) -> None:
    pairs = pair(EMAILS, desired, current)
    assert all(covers(EMAILS, entry, typeless(one)) for one, entry in pairs.paired)
    assert same(EMAILS, [*(one for one, _entry in pairs.paired), *pairs.new], desired)
    assert same(EMAILS, [*(entry for _one, entry in pairs.paired), *pairs.left], current)
    assert not any(covers(EMAILS, entry, one) for one in pairs.new for entry in pairs.left)


def test_pairs_make_room_for_each_other() -> None:
    plain, more = {"value": "a"}, {"value": "a", "display": "x"}
    pairs = pair(EMAILS, [plain, more], [more, plain])
    assert pairs.paired == [(plain, plain), (more, more)]
    assert pair(EMAILS, [more, plain], [more, plain]).paired == [(more, more), (plain, plain)]
    assert (pairs.new, pairs.left) == ([], [])


def test_e3_repetitions_are_paired_under_any_type() -> None:
    other = {"value": "new@x.org", "type": "other"}
    assert pair(EMAILS, [NEW], [other, other]).paired == [(NEW, other)]
    assert pair(EMAILS, [NEW], [other]).paired == []


def test_types_are_missing_only_if_there_are_entries() -> None:
    assert has_no_types([{"value": "a", "type": ""}]) and not has_no_types([])
    assert not has_no_types([{"value": "a"}, HOME])
    assert without_types([NEW, {**NEW, "type": "home"}, {"type": "x"}]) == [
        {"value": "new@x.org"},
        {"type": "x"},
    ]


def test_e3_each_type_is_given_to_one_entry() -> None:
    one = {**A, "display": "Ann"}
    home = {**one, "type": "home"}
    assert with_types(EMAILS, [one, A], [home, WORK]) == [home, WORK]
    assert with_types(EMAILS, [A], [{**A, "type": "home"}, WORK]) == [{**A, "type": "home"}, WORK]
    assert with_types(EMAILS, [A], [{**B, "type": "work"}, A]) == [A]


def test_values_and_types_are_compared_as_the_schema_says() -> None:
    assert repeats(EMAILS, {"value": "A@x.org"}, [{"value": "a@X.org", "type": "home"}])
    assert not repeats(EMAILS, {"type": "home"}, [{"type": "home"}])
    assert fulfils_any(EMAILS, {**HOME, "display": "Ann"}, [NEW, HOME])
    assert not fulfils_any(EMAILS, without("type", HOME), [HOME])
    assert fulfils_any(EMAILS, without("type", HOME), [HOME], typeless=True)
    assert type_of({"type": "Work"}) == "work" and type_of({"type": None}) == ""
    assert types_of([NEW, {"type": "WORK"}, {"value": "a"}]) == {"work"}
    assert value_form(EMAILS, {"value": ""}) is None
