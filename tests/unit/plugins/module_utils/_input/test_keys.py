# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys by which a resource is found."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._input.resources import user_desired
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._input.wrong import (
    user_errors,
)


def test_an_id_is_a_key_whatever_match_by_says() -> None:
    """An id must agree with the other keys."""
    assert user_desired({"user_name": "pam", "id": "7", "match_by": ["user_name"]}).keys == (
        ("id", "7"),
        ("userName", "pam"),
    )
    assert user_desired({"user_name": "pam", "id": "7", "match_by": ["user_name", "id"]}).keys == (
        ("userName", "pam"),
        ("id", "7"),
    )


def test_a_key_to_be_found_by() -> None:
    assert user_errors(user_name=None, title="x") == [
        "user has no key to find it by; set one of id, external_id, user_name"
    ]
    assert user_errors(match_by=["external_id"]) == [
        "match_by has no key to find it by; set one of external_id"
    ]
    assert user_errors(match_by=["email", "external_id"]) == [
        "match_by has no key to find it by; set one of emails, external_id"
    ]


def test_o16_a_star_is_a_name_like_any_other() -> None:
    """O16: it is looked for, not matched with."""
    assert user_desired({"user_name": "*", "state": "absent"}).keys == (("userName", "*"),)
