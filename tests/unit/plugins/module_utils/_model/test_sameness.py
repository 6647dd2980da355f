# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two values are the same: an equivalence that says what the schema says."""

from __future__ import annotations

import copy
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.sameness import (
    covers,
    fold,
    identical,
    key_of,
    same,
)
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.examples import (
    paths,
    words,
)


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


@pytest.mark.parametrize(
    "path, one, other, expected",
    [
        ("emails", [{"value": "A@x.org"}], [{"value": "a@X.org"}], True),
        ("roles", [{"value": "Admin"}], [{"value": "admin"}], True),
        ("photos", [{"value": "https://x/A"}], [{"value": "https://x/a"}], False),
        ("phoneNumbers", [{"value": "tel:+1-201-555-0123"}], [{"value": "+1 (201) 5550123"}], True),
        ("phoneNumbers", [{"value": "+12015550123"}], [{"value": "2015550123"}], False),
        ("addresses", [{"locality": "utica"}], [{"locality": "Utica"}], False),
        ("custom", 5, "5", True),
        ("custom", 5.0, 5, True),
        ("custom", True, "True", True),
        ("custom", True, 1, False),
        ("custom", "1", True, False),
        ("custom", {"a": [1]}, {"a": ["1"]}, True),
        ("title", "True", "true", False),
    ],
)
def test_e4_values_are_compared_as_the_schema_says(
    path: str, one: Any, other: Any, expected: bool
) -> None:
    assert same(USER.at(path), one, other) is expected
    assert same(USER.at(path), other, one) is expected


@pytest.mark.parametrize(
    "held, wanted, expected",
    [
        ("+12015550123", "(201) 555-0123", True),
        ("+493090182", "030 90182", True),
        ("+493090182", "0049 30 90182", True),
        ("2015550123", "+12015550123", False),
        ("+12015550123", "+2015550123", False),
        ("+12015550123", "0123", False),
        ("+12345678901234", "01234", False),
        ("+12015550123", "2015550124", False),
        ("+12015550123", "call me", False),
        (None, "2015550123", False),
    ],
)
def test_e3_a_number_is_there_if_the_service_added_the_country_code(
    held: Any, wanted: str, expected: bool
) -> None:
    phones = USER.at("phoneNumbers")
    assert covers(phones, {"value": held}, {"value": wanted}) is expected


def test_a_type_that_is_not_kept_may_be_missing() -> None:
    emails = USER.at("emails")
    assert covers(emails, {"value": "a"}, {"value": "a", "type": "work"}, typeless=True)
    assert not covers(emails, {"value": "a"}, {"value": "a", "type": "work"})
    assert not covers(
        emails, {"value": "a", "type": "home"}, {"value": "a", "type": "work"}, typeless=True
    )
