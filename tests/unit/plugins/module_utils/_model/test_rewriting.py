# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What services make of values, and what a wanted resource is as it is held."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.pairing import Edit
from ansible_collections.identity.scim.plugins.module_utils._model.rewriting import (
    agrees,
    as_held,
    form_of_list,
    line_to_paste,
    spellings,
)
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER


@pytest.mark.parametrize(
    "form, text, found",
    [
        ("lower", "Ann@Example.COM", ("ann@example.com",)),
        ("slug", "Developers Team", ("developers-team",)),
        ("slug", "R&D, Zürich", ("r-d-zurich", "rd-zurich")),
        ("slug", "a_b", ("a-b",)),
        ("slug", "&", ()),
        ("e164", "030 1", ()),
        ("opaque", "x", ()),
    ],
)
def test_spellings(form: str, text: str, found: tuple[str, ...]) -> None:
    assert spellings(form, text) == found


@pytest.mark.parametrize(
    "form, wanted, held, same",
    [
        ("slug", "Developers Team", "developers-team", True),
        ("slug", "Developers Team", "Developers_Team", True),
        ("slug", "R&D", "rd", True),
        ("slug", "a-b", "ab", False),
        ("slug", "&", "!", False),
        ("slug", "Developers", "PRIMARY/developers", False),
        ("lower", "Red", "red", True),
        ("lower", "Red", "read", False),
        ("e164", "030 1234567", "+49301234567", True),
        ("e164", "030 1234567", "+49301234568", False),
        ("e164", "+41 44 123", "4144123", True),
        ("e164", "tel:+41-44-123", "4144123", True),
        ("e164", "0041 44 123", "004144123", True),
        ("e164", "0041 44 123", "4144123", False),
        ("e164", "044 123", "44123", False),
        ("e164", "+41 44 123", "4144124", False),
        ("e164", "+41 44 123", "41 44 123", False),
        ("e164", "+41 44 123", "+41 44 123", True),
        ("e164", "+41 44 123 ext 5", "41441235", False),
        ("e164", "+41 44 123;ext=5", "41441235", False),
        ("e164", "+41 44 123;ext=5", "4144123", False),
        ("opaque", "red", "PRIMARY/red", True),
    ],
)
def test_agreement(form: str, wanted: str, held: str, same: bool) -> None:
    assert agrees(form, wanted, held) is same


def test_the_line_names_the_form_that_explains_a_name() -> None:
    start = "capabilities: {rewrite: {Group.displayName: "
    assert line_to_paste(GROUP, "Big Team", "big-team") == f"{start}slug}}}}"
    assert line_to_paste(GROUP, "red", "PRIMARY/red") == f"{start}opaque}}}}"


@pytest.mark.parametrize(
    "wanted, held, forms, found",
    [
        ({"title": "A b"}, {"title": "a-b"}, {}, {"title": "A b"}),
        ({"title": "A b"}, {"title": "a-b"}, {"title": "slug"}, {"title": "a-b"}),
        ({"title": "A b"}, {"title": "other"}, {"title": "slug"}, {"title": "A b"}),
        ({"title": "A b"}, {}, {"title": "slug"}, {"title": "A b"}),
        ({"title": "A b"}, {"title": "other"}, {"title": "opaque"}, {"title": "other"}),
        ({"title": "A b"}, {}, {"title": "opaque"}, {}),
        (
            {"emails": [{"value": "A@b"}]},
            {"emails": [{"value": "a@b"}]},
            {"emails": "lower"},
            {"emails": [{"value": "a@b"}]},
        ),
        (
            {"emails": [{"value": "A@b", "type": "work"}]},
            {"emails": [{"value": "x@b", "type": "home"}, {"value": "y@b", "type": "Work"}]},
            {"emails.value": "opaque"},
            {"emails": [{"value": "y@b", "type": "work"}]},
        ),
        (
            {"emails": [{"value": "A@b", "type": "work"}]},
            {"emails": [{"value": "x@b", "type": "home"}]},
            {"emails.value": "opaque"},
            {"emails": [{"value": "A@b", "type": "work"}]},
        ),
        (
            {"emails": [{"value": "A@b"}]},
            {"emails": [{"value": "x@b"}]},
            {"emails": "opaque"},
            {"emails": [{"value": "x@b"}]},
        ),
    ],
)
def test_what_is_wanted_as_it_is_held(
    wanted: dict[str, Any], held: dict[str, Any], forms: dict[str, str], found: dict[str, Any]
) -> None:
    before = repr((wanted, held))
    assert as_held(USER, wanted, held, forms) == found
    assert repr((wanted, held)) == before


def test_additions_and_removals_are_named_as_they_are_held() -> None:
    held = {"emails": [{"value": "a@b"}, {"value": "c@d"}]}
    edit = Edit(add=[{"value": "A@b"}, {"value": "New@b"}], remove=[{"value": "C@d"}])
    found = as_held(USER, {"emails": edit}, held, {"emails.value": "lower"})["emails"]
    assert found == Edit(add=[{"value": "a@b"}, {"value": "New@b"}], remove=[{"value": "c@d"}])


DIGITS = st.text("0123456789", min_size=1, max_size=15)
SPREAD = st.lists(st.sampled_from(["", " ", "-", ".", "(", ")", "/"]), min_size=16, max_size=16)


@given(DIGITS, SPREAD, st.sampled_from(["", "+", "tel:", "tel:+"]))
def test_e3_the_digits_of_a_number_agree_with_it(digits: str, spread: list[str], head: str) -> None:
    wanted = head + "".join(one + other for one, other in zip(digits, spread))
    assert agrees("e164", wanted, digits)


@given(DIGITS, SPREAD, DIGITS)
def test_e3_other_digits_never_agree(digits: str, spread: list[str], held: str) -> None:
    """Nor do leading zeros, nor a number with a part more or less."""
    wanted = "+" + "".join(one + other for one, other in zip(digits, spread))
    assert agrees("e164", wanted, held) is (digits == held)


@given(DIGITS, st.sampled_from([" x", ";ext=", " ext. ", "#", ",", "p"]), DIGITS)
def test_e3_an_extension_is_no_part_of_a_number(digits: str, sign: str, extension: str) -> None:
    wanted = f"+{digits}{sign}{extension}"
    assert not agrees("e164", wanted, digits + extension)
    assert not agrees("e164", wanted, digits)


def phones(*values: str) -> list[dict[str, Any]]:
    return [{"value": one, "type": f"t{number}"} for number, one in enumerate(values)]


@pytest.mark.parametrize(
    "wanted, held, form",
    [
        (phones("+41 44 1", "+1 (2) 3"), phones("41441", "123"), "e164"),
        (phones("+41 44 1", "+1 (2) 3"), phones("41441", "+123"), "e164"),
        (phones("+41 44 1"), phones("41442"), ""),
        (phones("+41 44 1"), phones("41441", "5"), ""),
        (phones("+41 44 1"), None, ""),
        (None, phones("41441"), ""),
    ],
)
def test_e3_a_list_of_numbers_of_which_the_digits_are_left(
    wanted: Any, held: Any, form: str
) -> None:
    assert form_of_list(USER, "phoneNumbers", wanted, held) == form
    assert form_of_list(USER, "emails", wanted, held) == ""
