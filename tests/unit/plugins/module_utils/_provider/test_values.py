# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of capabilities as users state them: what they become, and one sentence for others."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import FIELDS
from ansible_collections.identity.scim.plugins.module_utils._provider.values import checked


@pytest.mark.parametrize(
    "name, value, kept",
    [
        ("create_members", True, True),
        ("create_members", "no", False),
        ("create_members", 100, 100),
        ("create_members", "100", 100),
        ("put_members", True, "yes"),
        ("put_members", False, "no"),
        ("put_members", "reject", "reject"),
        ("rate", 3, 3.0),
        ("rate", "0.5", 0.5),
        ("irreversible", ["user", "group"], ("user", "group")),
        ("reserved", ["owners", "a b"], ("owners", "a b")),
        ("filter_unsafe", [",", " eq "], (",", " eq ")),
        ("paths", {"users": "/users"}, (("users", "/users"),)),
        ("quota", {"users_per_hour": 1000}, (("users_per_hour", 1000),)),
        ("max_length", {"User.userName": 100}, (("User.userName", 100),)),
        ("members_limit", 0, 0),
    ],
)
def test_a_value_becomes_that_of_its_capability(name: str, value: Any, kept: Any) -> None:
    found = checked(FIELDS[name], value)
    assert found == kept and type(found) is type(kept)


@pytest.mark.parametrize(
    "name, value, wanted",
    [
        ("create_members", "some", "true, false or a number"),
        ("put_members", "merge", "one of yes, no, reject"),
        ("rate", "fast", "a number of 0 or more"),
        ("rate", True, "a number of 0 or more"),
        ("rate", "nan", "a number of 0 or more"),
        ("irreversible", ["device"], "a list of user, group"),
        ("reserved", [" "], "a list of texts"),
        ("reserved", "owners", "a list of texts"),
        (
            "paths",
            {"roles": "/roles"},
            "a dictionary of users, groups, config, each with a path that begins with /",
        ),
        (
            "paths",
            {"users": "users"},
            "a dictionary of users, groups, config, each with a path that begins with /",
        ),
        (
            "quota",
            {"users_per_hour": 0},
            "a dictionary of users_per_hour, members_per_group_per_hour, each with a whole "
            "number of 1 or more",
        ),
        (
            "max_length",
            {"user name": 3},
            "a dictionary of SCIM paths, each with a whole number of 1 or more",
        ),
        ("group_size", -1, "a whole number of 0 or more"),
        ("group_size", True, "a whole number of 0 or more"),
    ],
)
def test_a_wrong_value_is_one_sentence(name: str, value: Any, wanted: str) -> None:
    with pytest.raises(ValueError) as caught:
        checked(FIELDS[name], value)
    assert str(caught.value).startswith(f"capability '{name}' must be {wanted}, not '")
