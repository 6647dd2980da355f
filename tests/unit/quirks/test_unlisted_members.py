# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes of groups that lists show without members: nobody leaves unseen with them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import (
    members_by_id_if_asked,
    members_by_id_only,
    members_hidden,
)
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import (
    a_new_name_drops_members,
    answers_without_members,
    lags,
    put_drops_members,
    silent,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.test_lag_losses import reads
from ansible_collections.identity.scim.tests.unit.quirks.test_lean_lists import Sizes
from ansible_collections.identity.scim.tests.unit.quirks.test_siblings import (
    directory,
    fresh,
    go,
    group,
)

SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group"
THREE = ["ann", "bob", "cid"]


def resource(server: Quirky, **options: Any) -> Any:
    attributes = {"displayName": "red", "externalId": "x"}
    return go(
        server,
        "scim_resource",
        endpoint="Groups",
        schema=SCHEMA,
        match_by=["displayName"],
        attributes=attributes,
        **options,
    )


def one_group(server: Quirky, **options: Any) -> Any:
    return group(server, "red", external_id="x", **options)


def several(server: Quirky, connection: Any = None, **options: Any) -> Any:
    rows = [{"display_name": name, "external_id": f"x-{name}"} for name in ("red", "zed")]
    return directory(
        server, groups=[{**one, **options} for one in rows], connection=connection or {}
    )


LISTS: list[Quirk] = [members_by_id_only, members_by_id_if_asked, Sizes()]
TASKS = [resource, one_group, several]


@pytest.mark.parametrize("answers", [(), (silent,), (answers_without_members,), (lags(2), silent)])
@pytest.mark.parametrize("lists", LISTS)
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize(
    ("quirk", "options"),
    [(a_new_name_drops_members, {}), (put_drops_members, {"update_method": "put"})],
)
def test_l5_members_that_a_list_lacks_do_not_leave_with_an_attribute(
    quirk: Quirk, options: dict[str, Any], task: Any, lists: Quirk, answers: tuple[Quirk, ...]
) -> None:
    server = fresh(lists, *answers, quirk, red=THREE, zed=THREE)
    said = task(server, connection={"consistency_wait": 2}, **options)
    assert server.members("red") == set(THREE) and server.members("zed") == set(THREE)
    assert said.failure and "ann, bob, cid" in said.failure and "added back" in said.failure
    assert "group 'red'" in said.failure


@pytest.mark.parametrize("task", [resource, one_group])
@pytest.mark.parametrize(
    ("quirks", "members", "most"),
    [
        ((), THREE, 0),
        ((silent,), THREE, 1),
        ((), [], 1),
        ((members_by_id_only,), THREE, 1),
        ((members_by_id_only, silent), THREE, 2),
        ((members_hidden(empty=False), silent), THREE, 2),
    ],
)
def test_l5_an_attribute_of_one_group_costs_one_read_where_its_list_shows_no_members(
    quirks: tuple[Quirk, ...], members: list[str], most: int, task: Any
) -> None:
    server = fresh(*quirks, red=members)
    said = task(server)
    assert not said.failure and said.result["changed"] and reads(server) == most
    server.forget()
    assert not task(server).result["changed"] and reads(server) == 0


def test_l5_one_group_read_by_its_id_is_enough_for_many() -> None:
    names = [f"g{number}" for number in range(20)]
    server = fresh(Sizes(), **{name: THREE for name in names})
    rows = [{"display_name": name, "external_id": f"x-{name}"} for name in names]
    said = directory(server, groups=rows)
    assert not said.failure and reads(server) == 1 and len(server.sent("PATCH")) == 20
