# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the keys that are set agree with what one of them found."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._input.any_resource import (
    resource_desired,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.agreement import (
    contradiction,
    contradictions,
    is_adopted_inactive,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Desired
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import wanted

ANN = {"id": "u1", "userName": "ann", "externalId": "old", "active": False}


def user(**options: Any) -> Desired:
    (desired,) = wanted(users=[{"user_name": "ann", **options}])
    return desired


def device(match_by: list[str], **attributes: Any) -> Desired:
    return resource_desired(
        {
            "endpoint": "Devices",
            "schema": "urn:example:Device",
            "match_by": match_by,
            "attributes": attributes,
            "state": "present",
            "update_method": "auto",
        }
    )


@pytest.mark.parametrize(
    ("held", "wanted_id", "contradicts"),
    [
        ("old", "new", True),
        ("old", "old", False),
        ("OLD", "old", False),
        (" old ", "old", False),
        ("cafe\u0301", "caf\u00e9", False),
        ("", "new", False),
        ("  ", "new", False),
        (None, "new", False),
        (17, "18", True),
        (17, "17", False),
    ],
)
def test_l10_another_external_id_contradicts_an_empty_one_does_not(
    held: Any, wanted_id: str, contradicts: bool
) -> None:
    resource = {**ANN, "externalId": held}
    found = contradiction(user(external_id=wanted_id), resource, "userName", "by")
    assert (found is not None) is contradicts


def test_l10_the_id_decides_alone() -> None:
    assert contradiction(user(id="u1", external_id="new"), ANN, "id", "by") is None


def test_l10_another_name_is_a_rename() -> None:
    desired = user(external_id="old", user_name="smith")
    assert contradiction(desired, ANN, "externalId", "by") is None


def test_l10_of_other_types_a_more_trusted_key_contradicts() -> None:
    held = {"id": "d1", "serial": "1", "label": "x"}
    keys = {"serial": "2", "label": "x"}
    found = contradiction(device(["serial", "label"], **keys), held, "label", "by")
    assert found is not None and found.path == "serial"
    assert contradiction(device(["label", "serial"], **keys), held, "label", "by") is None


def test_l10_one_sentence_names_both_and_what_to_do() -> None:
    found = contradiction(user(external_id="new"), ANN, "userName", "userName 'ann'")
    assert found is not None
    assert list(contradictions([found])) == [
        "users[0]: user 'ann': userName 'ann' finds the inactive 'ann' (id u1), whose externalId "
        "is 'old', not 'new'; correct the keys, or leave external_id out of match_by to keep the "
        "account and change its external id"
    ]
    assert list(contradictions([found, found])) == list(contradictions([found]))


@pytest.mark.parametrize(
    ("options", "found_by", "adopted"),
    [
        ({"external_id": "new"}, "userName", True),
        ({}, "userName", False),
        ({}, "emails.value", True),
        ({}, "previous_user_names", True),
        ({"external_id": "old"}, "externalId", False),
        ({"external_id": "new"}, "id", False),
        ({"external_id": "new", "state": "inactive"}, "userName", False),
    ],
)
def test_l10_an_inactive_account_is_adopted_with_a_new_identity(
    options: dict[str, Any], found_by: str, adopted: bool
) -> None:
    assert is_adopted_inactive(user(**options), ANN, found_by) is adopted
    assert not is_adopted_inactive(user(**options), {**ANN, "active": True}, found_by)
