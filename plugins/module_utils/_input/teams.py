# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of one team to the desired states of its group and members.

Knows no policy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .._model.errors import ScimError, all_of
from .._plan.desired import Desired, Reference
from .._plan.teams import Person, TeamInput
from .._plan.teams import team_desired as desired_of_team
from .input_errors import InputErrors
from .references import GROUP_KEYS, references_of
from .resources import user_desired


def team_desired(
    params: Mapping[str, Any],
    place: str,
    *,
    exact: bool,
    excepted: frozenset[str] = frozenset(),
    place_of: Callable[[int], str] | None = None,
) -> list[Desired]:
    """Return the desired states that one team consists of.

    Raise ScimError with every error. ``exact`` holds for a team that does not set ``membership``.
    ``excepted`` are users that stay in a team that does not list them. ``place_of`` returns where
    a member was written, by its number.
    """
    errors, groups = _checked(params, place)
    sentences = list(errors.sentences)
    people: list[Person] = []
    for number, row in enumerate(params.get("members") or ()):
        spot = place_of(number) if place_of is not None else f"{place}.members[{number}]"
        try:
            people.append(person_of(row, spot))
        except ScimError as error:
            sentences += [error.reason, *error.lines]
    if sentences:
        raise all_of(sentences)
    team = team_input(params, place, exact=exact, excepted=excepted)
    return list(desired_of_team(replace(team, people=tuple(people), groups=groups)))


def team_input(
    params: Mapping[str, Any], place: str, *, exact: bool, excepted: frozenset[str] = frozenset()
) -> TeamInput:
    """Return the settings of a team, without its members and further groups.

    ``exact`` holds for a team that does not set ``membership``.
    """
    if params.get("membership") is not None:
        exact = params["membership"] == "exact"
    return TeamInput(
        place=place,
        name=params["name"],
        external_id=params.get("external_id"),
        onboarded=params.get("state") != "offboarded",
        exact=exact,
        excepted=excepted,
    )


def person_of(row: Mapping[str, Any], place: str) -> Person:
    """Return a listed member. Raise ScimError with every error in its options."""
    return Person(desired=user_desired(row, place), has_own_state=row.get("state") is not None)


def check_team(params: Mapping[str, Any]) -> None:
    """Raise ScimError with every error in the settings of a team.

    Of its members only matters whether there are any.
    """
    errors, _groups = _checked(params, "")
    errors.raise_any()


def _checked(params: Mapping[str, Any], place: str) -> tuple[InputErrors, frozenset[Reference]]:
    """Return the errors in the settings of a team, and its further groups."""
    errors = InputErrors(place)
    _check(params, errors, onboarded=params.get("state") != "offboarded")
    return errors, references_of(params.get("groups") or (), errors, "groups", GROUP_KEYS)


def _check(params: Mapping[str, Any], errors: InputErrors, *, onboarded: bool) -> None:
    errors.check_text("name", params.get("name"), key=True, empty="every team must have one")
    if params.get("external_id") is not None:
        errors.check_text("external_id", params["external_id"], key=True)
    members = params.get("members")
    if members is None and onboarded:
        errors.add("members", "must be set; a team lists its members")
    elif not members and not onboarded:
        problem = "must be set" if members is None else "must not be empty"
        errors.add("members", f"{problem}; an offboarded team lists the members to offboard")
