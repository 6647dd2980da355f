# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of scim_directory to the desired states of all its resources.

Knows no policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .._model.errors import ScimError, all_of
from .._model.schema import USER
from .._plan.desired import Desired, folded
from .resources import group_desired, user_desired
from .teams import team_desired

Row = Mapping[str, Any]
Reader = Callable[[Row, str], list[Desired]]


def directory_of(params: Mapping[str, Any]) -> list[Desired]:
    """Return what ``users``, ``groups`` and ``teams`` ask for.

    Raise ScimError with every error of every row, and if there is no row.
    """
    desired: list[Desired] = []
    sentences: list[str] = []
    for read, row, place in _rows(params):
        try:
            desired += read(row, place)
        except ScimError as error:
            sentences += [error.reason, *error.lines]
    if sentences:
        raise all_of(sentences)
    if not desired:
        raise ScimError(
            "nothing to do: users, groups and teams are empty", hint="set at least one of them"
        )
    return desired


def _rows(params: Mapping[str, Any]) -> Iterator[tuple[Reader, Row, str]]:
    """Yield every row with the function that reads it and its place."""
    for option, read in _readers(params).items():
        for number, row in enumerate(params.get(option) or ()):
            yield read, _matched(option, row, params.get("match_by")), f"{option}[{number}]"


def _matched(option: str, row: Row, match_by: Sequence[str] | None) -> Row:
    """Return a row whose users are found by ``match_by``, unless they set their own."""
    if not match_by or option == "groups":
        return row
    if option == "users":
        return {**row, "match_by": row.get("match_by") or match_by}
    if not row.get("members"):
        return row
    return {**row, "members": [_matched("users", one, match_by) for one in row["members"]]}


def _readers(params: Mapping[str, Any]) -> dict[str, Reader]:
    exact = params["membership"] == "exact"
    excepted = _excepted(params)
    return {
        "users": lambda row, place: [user_desired(row, place)],
        "groups": lambda row, place: [group_desired(row, place, additive=not exact)],
        "teams": lambda row, place: team_desired(row, place, exact=exact, excepted=excepted),
    }


def _excepted(params: Mapping[str, Any]) -> frozenset[str]:
    """Return ``leavers_except`` as written, and folded like a user name."""
    names = params.get("leavers_except") or ()
    return frozenset({*names, *(folded(USER, "userName", name) for name in names)})
