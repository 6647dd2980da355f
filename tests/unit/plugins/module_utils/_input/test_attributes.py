# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of multi-valued options, and options as SCIM paths."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._input.resources import user_desired
from ansible_collections.identity.scim.plugins.module_utils._model.schema import ENTERPRISE_URN
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._input.wrong import (
    URN,
    user_errors,
)


@pytest.mark.parametrize(
    "params, said",
    [
        (
            {"emails": [{"value": "a@b", "primary": True}, {"value": "c@d", "primary": True}]},
            "emails has 2 primary entries; at most one is allowed",
        ),
        (
            {"emails": [{"value": "pam", "type": "work"}]},
            "emails[0].value must be an e-mail address, not 'pam'",
        ),
        (
            {"emails": [{"value": "a@b", "type": "work"}, {"value": "a@b", "type": "Work"}]},
            "emails[1] has the same type and value as an earlier entry",
        ),
        (
            {"phone_numbers": [{"type": "work", "primary": True}]},
            "phone_numbers[0] has no value",
        ),
        ({"addresses": [{"type": "work"}]}, "addresses[0] has no value"),
    ],
)
def test_b11_entries(params: dict[str, Any], said: str) -> None:
    assert user_errors(**params) == [said]


def test_line_breaks_in_a_certificate_do_not_count() -> None:
    desired = user_desired(
        {"user_name": "pam", "x509_certificates": [{"value": "MIID\nQzCC \r\nAqyg\n"}]}
    )
    assert desired.content.attributes["x509Certificates"] == [{"value": "MIIDQzCCAqyg"}]


def test_null_says_nothing() -> None:
    options = (
        "title",
        "name",
        "emails",
        "enterprise",
        "groups",
        "clear",
        "attributes",
        "password",
        "active",
        "external_id",
    )
    assert user_desired({"user_name": "pam", **dict.fromkeys(options)}) == user_desired(
        {"user_name": "pam"}
    )
    assert user_desired({"user_name": "pam", "groups": {"set": None, "add": None}}) == user_desired(
        {"user_name": "pam"}
    )
    desired = user_desired(
        {
            "user_name": "pam",
            "name": {"given_name": None},
            "emails": [{"value": "a@b", "type": None, "primary": None}],
        }
    )
    assert desired.content.attributes == {"userName": "pam", "emails": [{"value": "a@b"}]}


def test_empty_lists_say_something() -> None:
    assert user_desired({"user_name": "pam", "emails": []}).content.attributes["emails"] == []
    desired = user_desired({"user_name": "pam", "groups": {"set": []}})
    assert desired.groups[0].exactly == frozenset()


def test_options_become_scim_paths() -> None:
    desired = user_desired(
        {
            "user_name": "pam",
            "external_id": "x",
            "name": {"given_name": "Pam"},
            "active": False,
            "enterprise": {"cost_center": "7"},
            "phone_numbers": [{"value": "1", "type": "work", "primary": True, "display": "d"}],
            "attributes": {"custom": {"a": 1}, URN: {"f": [1]}},
            "x509_certificates": [{"value": "AAAA"}],
            "clear": ["name.middle_name", "enterprise.manager", f"{URN}:g", "enterprise"],
        }
    )
    assert desired.content.attributes == {
        "userName": "pam",
        "externalId": "x",
        "name.givenName": "Pam",
        "active": False,
        f"{ENTERPRISE_URN}:costCenter": "7",
        "custom.a": 1,
        f"{URN}:f": [1],
        "phoneNumbers": [{"value": "1", "type": "work", "primary": True, "display": "d"}],
        "x509Certificates": [{"value": "AAAA"}],
    }
    assert desired.content.clear == (
        "name.middleName",
        f"{ENTERPRISE_URN}:manager",
        f"{URN}:g",
        ENTERPRISE_URN,
    )
    assert desired.keys == (("externalId", "x"), ("userName", "pam"))
