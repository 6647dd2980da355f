# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References to members, managers and groups."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._input.input_errors import InputErrors
from ansible_collections.identity.scim.plugins.module_utils._input.references import (
    GROUP_KEYS,
    MEMBER_KEYS,
    reference_of,
    references_of,
)
from ansible_collections.identity.scim.plugins.module_utils._input.resources import (
    group_desired,
    user_desired,
)
from ansible_collections.identity.scim.plugins.module_utils._model.schema import ENTERPRISE_URN
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Reference
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._input.wrong import (
    REFERENCE,
    group_errors,
    user_errors,
)


@pytest.mark.parametrize(
    "member, said",
    [
        ({"id": "1", "user_name": "x"}, f"{REFERENCE} id, user_name"),
        ({"username": "x"}, f"{REFERENCE} username"),
        ({}, f"{REFERENCE} none"),
        ({"id": None}, f"{REFERENCE} none"),
        ("", "is an empty string; it must name a user"),
        ({"user_name": " "}, "is an empty string; it must name a user"),
        (
            None,
            "must be a string or a dictionary with one of id, user_name, external_id, email, group",
        ),
        (True, "must be text, not true; quote it, or add `| string`"),
        (12345, "must be text, not 12345; quote it, or add `| string`"),
        ({"user_name": 3.5}, "must be text, not 3.5; quote it, or add `| string`"),
        ({"group": False}, "must be text, not false; quote it, or add `| string`"),
        ({"email": "pam"}, "must be an e-mail address, not 'pam'"),
        (
            [],
            "must be a string or a dictionary with one of id, user_name, external_id, email, group",
        ),
        ("a\nb", "contains a control character"),
    ],
)
def test_b15_member_references(member: Any, said: str) -> None:
    assert group_errors(members={"add": ["pam", member]}) == [f"members.add[1] {said}"]


NAMES = st.one_of(
    st.text(st.sampled_from("aZ09._@+-* \n\x7f\ud800ßé"), max_size=4),
    st.sampled_from(["a" * 200, "a" * 201, "a" * 1001, "********"]),
    st.none(),
    st.booleans(),
    st.integers(0, 9),
    st.just(3.5),
)
VALUES = st.one_of(
    NAMES, st.lists(NAMES, max_size=1), st.dictionaries(st.sampled_from([*MEMBER_KEYS, "x"]), NAMES)
)


@pytest.mark.parametrize("keys", [MEMBER_KEYS, GROUP_KEYS])
@given(value=VALUES)
def test_plain_names_are_read_as_all_others(keys: Any, value: Any) -> None:
    quick, full = InputErrors(), InputErrors()
    reference = reference_of(value, full, "members[0]", keys)
    expected = frozenset() if reference is None else {reference}
    assert references_of([value], quick, "members", keys) == expected
    assert quick.sentences == full.sentences


def test_references_of_every_kind() -> None:
    desired = group_desired(
        {
            "display_name": "Sales",
            "members": {
                "set": [
                    "pam",
                    {"user_name": "jim"},
                    {"id": "7"},
                    {"external_id": "x"},
                    {"email": "a@b"},
                    {"group": "Inner"},
                    "12345",
                ]
            },
        }
    )
    assert desired.members[0].exactly == {
        Reference("User", "userName", "pam"),
        Reference("User", "userName", "jim"),
        Reference("User", "id", "7"),
        Reference("User", "externalId", "x"),
        Reference("User", "emails.value", "a@b"),
        Reference("Group", "displayName", "Inner"),
        Reference("User", "userName", "12345"),
    }
    desired = user_desired(
        {
            "user_name": "pam",
            "groups": {"add": ["Sales", {"id": "9"}]},
            "enterprise": {"manager": {"email": "b@c"}},
        }
    )
    assert desired.groups[0].add == {
        Reference("Group", "displayName", "Sales"),
        Reference("Group", "id", "9"),
    }
    assert desired.content.links == {
        f"{ENTERPRISE_URN}:manager.value": Reference("User", "emails.value", "b@c")
    }


def test_a_manager_is_no_group() -> None:
    assert user_errors(enterprise={"manager": {"group": "Sales"}}) == [
        "enterprise.manager must have exactly one of id, user_name, external_id, email, not group"
    ]
