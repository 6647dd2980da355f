# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of scim_directory to the desired states of all its resources.

Knows no policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._model.errors import ScimError
from .._model.schema import USER
from .._plan.desired import Desired, folded
from .._plan.desired_rows import DesiredRows
from .resources import group_desired
from .roster import Roster, roster_of
from .teams import team_desired
from .waiting_users import WaitingUsers, matched, waits

Row = Mapping[str, Any]


def directory_of(params: Row, secrets: list[Any] | None = None) -> Sequence[Desired]:
    """Return what ``src``, or ``users``, ``groups`` and ``teams`` ask for.

    Raise ScimError with every error of every row, and if there is no row. ``secrets`` takes the
    secret values of all rows, also after an error.
    """
    rows = roster_of(params, [] if secrets is None else secrets)
    waiting = WaitingUsers(rows, params.get("match_by"))
    desired = DesiredRows(list(_others(rows, waiting, params)), waiting.unmade)
    if not len(desired):
        raise ScimError(
            "nothing to do: users, groups and teams are empty", hint="set at least one of them"
        )
    return desired


def _others(roster: Roster, waiting: WaitingUsers, params: Row) -> Iterator[Desired]:
    """Yield the desired states of groups and teams, but for members that wait."""
    exact = params["membership"] == "exact"
    match_by = params.get("match_by")
    for number, row in enumerate(roster.groups):
        yield group_desired(row, roster.groups.place(number), additive=not exact)
    excepted = _excepted(params)
    for team in roster.teams:
        if waits(team):
            yield waiting.group(team, exact=exact, excepted=excepted)
            continue
        members = [matched(row, match_by) for row in team.members]
        yield from team_desired(
            {**team.settings, "members": members},
            team.place,
            exact=exact,
            excepted=excepted,
            place_of=team.members.place,
        )


def _excepted(params: Row) -> frozenset[str]:
    """Return ``leavers_except`` as written, and folded like a user name."""
    names = params.get("leavers_except") or ()
    return frozenset({*names, *(folded(USER, "userName", name) for name in names)})
