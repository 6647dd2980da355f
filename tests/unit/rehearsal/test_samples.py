# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list that shows an account which does not exist is a sample (Snowflake).

Nothing may rest on what such a list lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Refusal, Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.serve import serving

MAILS = [{"value": "ann@example.com", "type": "work", "primary": True}]


@pytest.fixture
def snowflake() -> Iterator[Rehearsal]:
    with serving(IMITATIONS["snowflake"]) as served:
        yield Rehearsal(served, "snowflake")


@pytest.mark.parametrize(
    ("kind", "state"), [("users", "absent"), ("users", "inactive"), ("groups", "absent")]
)
@pytest.mark.parametrize("number", [0, 1, 3])
def test_purge_by_a_sample_is_refused_before_any_write(
    snowflake: Rehearsal, kind: str, state: str, number: int
) -> None:
    for one in range(number):
        snowflake.served.store.user(f"u{one}")
        snowflake.served.store.group(f"g{one}", [f"u{one}"])
    users = [{"user_name": "ann", "emails": MAILS}]
    with pytest.raises(Refusal, match="not complete .*only a sample"):
        snowflake.step("scim_directory", users=users, purge={kind: state})
    held = snowflake.served.held
    assert len(held["emails"]) == len(held["groups"]) == number


def test_purge_by_a_whole_list_works_after_the_change(snowflake: Rehearsal) -> None:
    store = snowflake.served.store
    for name in ("old", "bob", "cid", "dan", "eve", "fay"):
        store.user(name)
    store.quirks = [one for one in store.quirks if "fakes" not in one.__qualname__]
    users: list[dict[str, Any]] = [
        {"user_name": one, "emails": MAILS} for one in ("ann", "bob", "cid", "dan", "eve", "fay")
    ]
    snowflake.step("scim_directory", users=users, purge={"users": "absent"})
    assert "old" not in snowflake.served.held["emails"]
    assert len(snowflake.served.held["emails"]) == 6


@pytest.mark.parametrize("more", [{}, {"limit": 5}])
@pytest.mark.parametrize(
    ("module", "options", "rows"),
    [
        ("scim_user_info", {}, "users"),
        ("scim_group_info", {}, "groups"),
        ("scim_group_info", {"members": "names"}, "groups"),
        ("scim_resource_info", {"endpoint": "Users"}, "resources"),
    ],
)
def test_a_list_of_samples_is_no_list_of_what_there_is(
    snowflake: Rehearsal, module: str, options: dict[str, Any], rows: str, more: dict[str, Any]
) -> None:
    snowflake.served.store.group("g1", [snowflake.served.store.user("u1")])
    found = snowflake.read(module, **options, **more)
    assert not found.result[rows]
    kind = "groups" if rows == "groups" else "users"
    assert found.warnings == [
        f"the service lists only a sample of its {kind}, so others are missing here; read {kind} "
        "by name or by a filter"
    ]


def test_what_is_named_is_found_without_a_warning(snowflake: Rehearsal) -> None:
    snowflake.served.store.user("u1")
    for options in ({"user_name": "u1"}, {"filter": 'userName eq "u1"'}):
        found = snowflake.read("scim_user_info", **options)
        assert len(found.result["users"]) == 1 and not found.warnings
