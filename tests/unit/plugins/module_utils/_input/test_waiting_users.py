# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of teams wait like users do, and mean what they meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._input.directory import directory_of
from ansible_collections.identity.scim.plugins.module_utils._input.roster import roster_of
from ansible_collections.identity.scim.plugins.module_utils._input.teams import team_desired
from ansible_collections.identity.scim.plugins.module_utils._input.waiting_users import (
    WaitingUsers,
    waits,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Desired

ANN = {"user_name": "ann", "external_id": "E1", "title": "Boss"}
BOB = {"user_name": "bob", "active": False}
CID = {"user_name": "cid", "state": "inactive"}
DAN = {"user_name": "zoé", "emails": [{"value": "z@x.org"}]}
SALES: dict[str, Any] = {"name": "Sales", "members": [ANN, BOB, CID, DAN]}


def same(found: Any) -> list[Desired]:
    return sorted(found, key=lambda one: (one.kind.name, one.place))


@pytest.mark.parametrize("settings", [{}, {"membership": "additive"}, {"external_id": "T1"}])
@pytest.mark.parametrize("match_by", [None, ["user_name"]])
def test_a_team_means_the_same_whether_its_members_wait(settings: Any, match_by: Any) -> None:
    team = {**SALES, **settings}
    found = directory_of({"membership": "exact", "teams": [team], "match_by": match_by})
    rows = [{**one, "match_by": match_by} if match_by else one for one in SALES["members"]]
    wanted = team_desired({**team, "members": rows}, "teams[0]", exact=True)
    assert same(found) == same(wanted)


@pytest.mark.parametrize(
    ("settings", "size"),
    [({}, 4), ({"groups": ["Staff"]}, 0), ({"state": "offboarded"}, 0)],
)
def test_members_wait_if_their_team_asks_nothing_else_of_them(settings: Any, size: int) -> None:
    rows = roster_of({"teams": [{**SALES, **settings}]}, [])
    assert [waits(one) for one in rows.teams] == [bool(size)]
    assert WaitingUsers(rows, None).unmade.size == size


def test_a_row_of_a_file_that_is_in_two_teams_waits_once(tmp_path: Path) -> None:
    path = tmp_path / "people.ndjson"
    rows = [{**ANN, "teams": ["Sales", "Board"]}, {**BOB, "teams": ["Sales"]}, CID]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = directory_of({"membership": "exact", "src": str(path)})
    assert [one.text for one in found] == [
        "user 'cid'",
        "user 'ann'",
        "user 'bob'",
        "group 'Sales'",
        "group 'Board'",
    ]
    sales, board = found[3:]
    assert len(sales.members[0].joining) == 2 and len(board.members[0].joining) == 1
    assert [one.activate for one in found[:3]] == [False, True, False]


@pytest.mark.parametrize(
    ("held", "is_shown"),
    [({"active": True}, True), ({}, False), ({"active": False}, False), ({"active": 1}, False)],
)
def test_a_member_is_shown_only_by_an_active_user(held: dict[str, Any], is_shown: bool) -> None:
    unmade = WaitingUsers(roster_of({"teams": [SALES]}, []), None).unmade
    resource = {"userName": "ann", "externalId": "E1", "title": "Boss", "id": "1", **held}
    assert unmade.shows(0, resource) is is_shown


def test_rows_know_their_keys_unless_only_their_desired_state_does() -> None:
    unmade = WaitingUsers(roster_of({"users": [CID], "teams": [SALES]}, []), None).unmade
    found = [unmade.keys(number) for number in range(unmade.size)]
    assert [one and one.name for one in found] == [None, "ann", "bob", None, None]
    assert [unmade.make(number).own_name for number in range(unmade.size)][1:] == [
        "ann",
        "bob",
        "cid",
        "zoé",
    ]
