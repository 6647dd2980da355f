# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leavers that a service removes before they are deactivated stay findable (rows L2 and L13)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import (
    add_replaces,
    silent,
)
from ansible_collections.identity.scim.tests.unit.quirks.test_siblings import fresh, teams


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
