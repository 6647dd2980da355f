# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in clear and create_only."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._input.resources import user_desired
from ansible_collections.identity.scim.plugins.module_utils._model.schema import ENTERPRISE_URN
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._input.wrong import (
    CORE,
    URN,
    group_errors,
    user_errors,
)


@pytest.mark.parametrize(
    "params, said",
    [
        (
            {"clear": ["titel"]},
            "clear names titel, which is not an option of a user; did you mean title?",
        ),
        (
            {"clear": ["name.middel_name"]},
            "clear names name.middel_name, which is not an option of a user; did you mean name.middle_name?",
        ),
        (
            {"clear": ["enterprise.boss"]},
            "clear names enterprise.boss, which is not an option of a user",
        ),
        ({"clear": ["user_name"]}, "clear names user_name, which every user must have"),
        ({"clear": ["title"], "title": "x"}, "clear names title, which is set too"),
        (
            {"create_only": ["local"]},
            "create_only names local, which is not an option of a user; did you mean locale?",
        ),
        ({"state": "inactive", "active": True}, "active must not be true if state is inactive"),
        ({"clear": ["id"]}, "clear names id, which only the service writes"),
        ({"clear": ["Meta"]}, "clear names Meta, which only the service writes"),
        ({"clear": [f"{CORE}:id"]}, f"clear names {CORE}:id, which only the service writes"),
        (
            {"clear": ["password"]},
            "clear names password, which is never read back, so a removal cannot be verified; set a new value",
        ),
        ({"clear": [f"{URN}:password"]}, f"clear names {URN}:password, which is never read back"),
        (
            {"clear": ["groups"]},
            "clear names groups, which is not an attribute of the user; set groups: {set: []} to leave all groups",
        ),
        ({"clear": [CORE]}, f"clear names {CORE}, which is the whole user; name single attributes"),
        ({"clear": [f"{CORE}:userName"]}, "clear names user_name, which every user must have"),
        ({"clear": [f"{CORE}:Title"], "title": "x"}, "clear names title, which is set too"),
        (
            {"clear": [f"{CORE}:emails.value"]},
            f"clear names {CORE}:emails.value, which is a part of entries; set the entries to keep",
        ),
        (
            {"clear": [f"{URN}:PIN"], "secret_attributes": {URN: {"pin": 1}}},
            f"clear names {URN}:PIN, which is set too",
        ),
        (
            {"clear": [URN], "secret_attributes": {URN: {"pin": 1}}},
            f"clear names {URN}, and with it {URN}:pin, which is not set in every run; name the other sub-attributes one by one",
        ),
        (
            {"clear": ["name"], "name": {"given_name": "P"}, "create_only": ["name.given_name"]},
            "clear names name, and with it name.givenName, which is not",
        ),
        (
            {"clear": ["costCode"]},
            "clear names costCode, which is not an option of a user; name an attribute without an option by its schema URN, "
            f"for example {CORE}:costCode",
        ),
        (
            {"create_only": ["costCode"]},
            "create_only names costCode, which is not an option of a user; name an attribute without an option",
        ),
    ],
)
def test_names_of_options(params: dict[str, Any], said: str) -> None:
    found = user_errors(**params)
    assert len(found) == 1 and found[0].startswith(said)


def test_names_of_attributes_without_an_option() -> None:
    desired = user_desired(
        {
            "user_name": "pam",
            "attributes": {
                "costCode": 12,
                "badge": {"a": 1, "b": 2},
                URN: {"x": 1, "y": 2},
                f"{CORE}:Shoe": 9,
                f"{URN}:z": [],
            },
            "enterprise": {"department": "d"},
            "create_only": ["costcode", "badge", URN, "enterprise", "name"],
            "clear": [
                f"{CORE}:oldCode",
                f"{CORE}:nickname",
                f"{ENTERPRISE_URN.lower()}:DIVISION",
                f"{URN}:w",
            ],
        }
    )
    assert desired.content.attributes == {
        "userName": "pam",
        "costCode": 12,
        "badge.a": 1,
        "badge.b": 2,
        f"{URN}:x": 1,
        f"{URN}:y": 2,
        f"{URN}:z": [],
        "Shoe": 9,
        f"{ENTERPRISE_URN}:department": "d",
    }
    assert desired.content.create_only >= {
        "costCode",
        "badge.a",
        "badge.b",
        f"{URN}:x",
        f"{URN}:y",
        f"{URN}:z",
        f"{ENTERPRISE_URN}:department",
    }
    assert not desired.content.create_only & {"userName", "Shoe"}
    assert desired.content.clear == (
        "oldCode",
        "nickName",
        f"{ENTERPRISE_URN}:division",
        f"{URN}:w",
    )


def test_members_are_not_cleared() -> None:
    assert group_errors(clear=["members"]) == [
        "clear names members, which is not an attribute of the group; set members: {set: []} to remove all members"
    ]


def test_clear_with_the_manager_set() -> None:
    assert user_errors(clear=["enterprise.manager"], enterprise={"manager": "boss"}) == [
        f"clear names {ENTERPRISE_URN}:manager, which is set too"
    ]


@pytest.mark.parametrize(
    "name", ["", ".", "a b", "a]b[", 'emails[type eq "work"]', "1a", "é", "x."]
)
@pytest.mark.parametrize("option", ["clear", "create_only"])
def test_l8_a_name_outside_the_grammar_is_called_so_and_put_in_no_example(
    option: str, name: str
) -> None:
    (error,) = user_errors(**{option: [name]})
    assert ("is not valid" in error or "has no name" in error) and "urn:" not in error
