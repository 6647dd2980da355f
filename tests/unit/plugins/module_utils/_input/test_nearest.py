# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A misspelt name gets the name that was meant, any other the advice to remove it."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._input.columns import known_names
from ansible_collections.identity.scim.plugins.module_utils._input.nearest import nearest, unknown
from ansible_collections.identity.scim.plugins.module_utils._input.resource_options import USER_ITEM

USER = [one.name for one in USER_ITEM]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("username", "user_name"),
        ("userName", "user_name"),
        ("USER NAME", "user_name"),
        ("login", "user_name"),
        ("mail", "emails"),
        ("email_address", "emails"),
        ("e-mail", "emails"),
        ("titel", "title"),
        ("externalId", "external_id"),
        ("first_name", "name"),
        ("shoe_size", ""),
        ("", ""),
    ],
)
def test_the_option_that_was_meant(name: str, meant: str) -> None:
    assert nearest(name, USER) == meant


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("mail", "emails.work"),
        ("phone", "phone_numbers.work"),
        ("givenname", "name.given_name"),
        ("last name", "name.family_name"),
        ("enterprise.departement", "enterprise.department"),
        ("department", "enterprise.department"),
        ("Team", "teams"),
    ],
)
def test_the_column_that_was_meant(name: str, meant: str) -> None:
    assert nearest(name, known_names()) == meant


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("username", "username: did you mean user_name?"),
        ("manager", "manager: did you mean enterprise.manager?"),
        ("first_name", "first_name: did you mean name.given_name?"),
        ("full_name", "full_name: did you mean name?"),
        ("mail", "mail: did you mean emails?"),
        ("shoe_size", "shoe_size is not an option of a user; remove it"),
        (7, "7 is a key that is not text; quote it"),
    ],
)
def test_an_unknown_name_is_one_sentence(name: object, said: str) -> None:
    assert unknown(name, USER, "a user") == said


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("first_name", ["family_name", "given_name"], "given_name"),
        ("dept", ["division", "department"], "department"),
        ("surname", ["family_name", "given_name"], "family_name"),
    ],
)
def test_the_part_that_was_meant(name: str, known: list[str], meant: str) -> None:
    assert nearest(name, known) == meant


def test_an_unknown_part_is_named_with_what_it_is_a_part_of() -> None:
    said = unknown("givenname", ["given_name"], "a user", "name.")
    assert said == "name.givenname: did you mean name.given_name?"
