# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What services make of values, and what a wanted resource is as it is held."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.pairing import Edit
from ansible_collections.identity.scim.plugins.module_utils._model.rewriting import (
    agrees,
    as_held,
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
