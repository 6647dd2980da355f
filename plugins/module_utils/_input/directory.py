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
from .resources import group_desired, user_desired
from .roster import Roster, TeamRows, roster_of
from .teams import team_desired

Row = Mapping[str, Any]


def directory_of(params: Row, secrets: list[Any] | None = None) -> list[Desired]:
    """Return what ``src``, or ``users``, ``groups`` and ``teams`` ask for.

    Raise ScimError with every error of every row, and if there is no row. ``secrets`` takes the
    secret values of all rows, also after an error.
    """
    desired = list(_desired(roster_of(params, [] if secrets is None else secrets), params))
    if not desired:
        raise ScimError(
            "nothing to do: users, groups and teams are empty", hint="set at least one of them"
        )
    return desired


def _desired(roster: Roster, params: Row) -> Iterator[Desired]:
    """Yield the desired states of users, groups and teams, in this order."""
    exact = params["membership"] == "exact"
    match_by = params.get("match_by")
    for number, row in enumerate(roster.users):
        yield user_desired(_matched(row, match_by), roster.users.place(number))
    for number, row in enumerate(roster.groups):
        yield group_desired(row, roster.groups.place(number), additive=not exact)
    excepted = _excepted(params)
    for team in roster.teams:
        yield from team_desired(
            {**team.settings, "members": _members(team, match_by)},
            team.place,
            exact=exact,
            excepted=excepted,
            place_of=team.members.place,
        )


def _members(team: TeamRows, match_by: Sequence[str] | None) -> list[Row]:
    return [_matched(row, match_by) for row in team.members]


def _matched(row: Row, match_by: Sequence[str] | None) -> Row:
    """Return a user that is found by ``match_by``, unless it sets its own."""
    return {**row, "match_by": row.get("match_by") or match_by} if match_by else row


def _excepted(params: Row) -> frozenset[str]:
    """Return ``leavers_except`` as written, and folded like a user name."""
    names = params.get("leavers_except") or ()
    return frozenset({*names, *(folded(USER, "userName", name) for name in names)})
