# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leavers that a service removes before they are deactivated stay findable (rows L2, L13 and L15)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import (
    add_replaces,
    silent,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.test_siblings import (
    directory,
    fresh,
    go,
    teams,
)


@pytest.mark.parametrize("leavers", ["inactive", "absent"])
@pytest.mark.parametrize("verify", ["removals", "none"])
@pytest.mark.parametrize("answers", [(), (silent,)])
@pytest.mark.parametrize("bulk", ["auto", "always"])
def test_l2_leavers_that_an_addition_removes_are_added_back_and_leave_in_the_next_run(
    bulk: str, answers: tuple[Any, ...], verify: str, leavers: str
) -> None:
    server = fresh(*answers, add_replaces, staff=["ann", "bob", "cid", "dan", "fay"])
    more = {"leavers": leavers, "verify": verify, "bulk": bulk}
    said = teams(server, more=more, staff=["ann", "dan", "fay", "eve"])
    assert "bob" in said.failure and "they were added back" in said.failure
    assert server.members("staff") == {"ann", "bob", "cid", "dan", "eve", "fay"}
    said = teams(server, more=more, staff=["ann", "dan", "fay", "eve"])
    assert not said.failure, said.failure
    assert server.members("staff") == {"ann", "dan", "eve", "fay"}
    active = {one["userName"] for one in server.held["Users"].values() if one["active"]}
    assert not active & {"bob", "cid"}


def no_deletion(kind: str) -> Any:
    """Answer DELETE with 404, as a service does that has none for a type."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "DELETE" and asked.kind == kind:
            return Answer(404, {"detail": "no such route"})
        return honest(asked)

    return quirk


@pytest.mark.parametrize("how", ["user", "users", "leavers", "group"])
def test_l15_a_deletion_that_is_answered_404_is_named_if_the_resource_is_there(
    how: str,
) -> None:
    kind = "Groups" if how == "group" else "Users"
    server = fresh(no_deletion(kind), staff=["ann", "bob"], other=["cid"])
    for _run in range(2):
        if how == "user":
            said = go(server, "scim_user", user_name="bob", state="absent")
        elif how == "users":
            rows = [{"user_name": one, "state": "absent"} for one in ("bob", "cid")]
            said = directory(server, users=rows)
        elif how == "leavers":
            server["staff"]["members"] = [{"value": server.id_of(one)} for one in ("ann", "bob")]
            said = teams(server, more={"leavers": "absent"}, staff=["ann"])
        else:
            said = go(server, "scim_group", display_name="staff", state="absent")
        line = f"set capabilities: {{delete: {{{kind.lower()}: false}}}}"
        assert any(line in one and "404" in one for one in said.warnings), said.warnings
        assert how == "leavers" or not said.changed


@pytest.mark.parametrize("active", [True, False])
def test_l15_a_resource_that_another_client_deletes_first_is_deleted(active: bool) -> None:
    def meanwhile(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "DELETE":
            server.held["Users"].pop(asked.segments[1], None)
        return honest(asked)

    server = fresh(meanwhile)
    server["bob"]["active"] = active
    said = go(server, "scim_user", user_name="bob", state="absent")
    assert not said.failure and not said.changed and server.sent("DELETE")
