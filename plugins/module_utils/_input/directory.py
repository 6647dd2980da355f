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
from .._plan.roster import Roster as DesiredRows
from .._plan.roster import PlainRow, Unmade
from .plain_users import is_plain, plain_row
from .resources import group_desired, user_desired
from .roster import Roster, TeamRows, roster_of
from .rows import Rows
from .teams import team_desired

Row = Mapping[str, Any]


def directory_of(params: Row, secrets: list[Any] | None = None) -> Sequence[Desired]:
    """Return what ``src``, or ``users``, ``groups`` and ``teams`` ask for.

    Raise ScimError with every error of every row, and if there is no row. ``secrets`` takes the
    secret values of all rows, also after an error.
    """
    rows = roster_of(params, [] if secrets is None else secrets)
    desired = DesiredRows(list(_others(rows, params)), _users(rows.users, params))
    if not len(desired):
        raise ScimError(
            "nothing to do: users, groups and teams are empty", hint="set at least one of them"
        )
    return desired


def _users(rows: Rows, params: Row) -> Unmade:
    """Return the users, of which most need no desired state."""
    match_by = params.get("match_by")
    return Unmade(
        len(rows),
        lambda number: _checked(rows[number], match_by),
        lambda number: plain_row(rows[number], match_by),
        lambda number: user_desired(_matched(rows[number], match_by), rows.place(number)),
    )


def _checked(row: Row, match_by: Sequence[str] | None) -> PlainRow | None:
    return plain_row(row, match_by) if is_plain(row) else None


def _others(roster: Roster, params: Row) -> Iterator[Desired]:
    """Yield the desired states of groups and teams."""
    exact = params["membership"] == "exact"
    match_by = params.get("match_by")
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
