# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups and hosts of an inventory as teams and people; pure: knows names and variables, no inventory object and no service."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._model.options import TEAM_MEMBER

MARK = "scim_team"
GROUP_VARIABLES = (
    MARK,
    "scim_team_name",
    "scim_team_external_id",
    "scim_team_state",
    "scim_team_membership",
)
CHOICES = {
    "scim_team_state": ("onboarded", "offboarded"),
    "scim_team_membership": ("exact", "additive"),
}
# ``groups`` is Ansible's own variable: the groups of a person are the inventory's.
PERSON = tuple(option.name for option in TEAM_MEMBER if option.name != "groups")
KEYS = ("user_name", "external_id", "id")
KNOWN_BY = (*KEYS, "match_by", "emails")
NEAR = 0.9

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """A group of the inventory that is a team: what it says of itself, its own people, the teams right inside it.

    ``below`` is everybody in it, those of the teams inside too.
    """

    group: str
    name: str
    external_id: str | None = None
    offboarded: bool = False
    additive: bool | None = None
    people: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    below: frozenset[str] = frozenset()


class Unusable(Exception):
    """One sentence about what the inventory says and cannot be."""


def near(name: str, ours: Sequence[str], least: float = NEAR) -> str | None:
    """The name of ours that another name nearly is, or None if it is one of them or far from all. A numbered or longer one is meant so."""
    lower = name.lower()
    if name in ours:
        return None
    ratio, nearest = max((SequenceMatcher(None, lower, one).ratio(), one) for one in ours)
    return nearest if ratio >= least and not re.match(rf"{nearest}[_0-9]", name) else None


def team_of(
    group: str,
    variables: Mapping[str, Any],
    people: Sequence[str],
    inside: Sequence[str],
    below: Iterable[str],
) -> Team:
    """The variables of a group, templated → the team. Raises Unusable."""
    for name, choices in CHOICES.items():
        if variables.get(name) is not None and variables[name] not in choices:
            raise Unusable(
                f"{name} of the inventory group '{group}' is {' or '.join(choices)}, not '{variables[name]}'"
            )
    for name in ("scim_team_name", "scim_team_external_id"):
        value = variables.get(name)
        if value is not None and (
            not isinstance(value, (str, int)) or isinstance(value, bool) or not str(value).strip()
        ):
            raise Unusable(f"{name} of the inventory group '{group}' is a text that is not empty")
    external = variables.get("scim_team_external_id")
    membership = variables.get("scim_team_membership")
    return Team(
        group=group,
        name=str(
            variables.get("scim_team_name")
            if variables.get("scim_team_name") is not None
            else group
        ),
        external_id=None if external is None else str(external),
        offboarded=variables.get("scim_team_state") == "offboarded",
        additive=None if membership is None else membership == "additive",
        people=tuple(people),
        inside=tuple(inside),
        below=frozenset(below),
    )


def picked(teams: Mapping[str, Team], selected: frozenset[str]) -> dict[str, bool]:
    """Which teams a run over the ``selected`` hosts is about → whether it is about the whole team.

    A team is picked by any of its own people; one that has none of its own, by those of the teams inside it; one that has
    nobody at all, if nobody of any team is left out. It is whole if none of its people and no team inside is left out.
    """
    everybody = frozenset().union(*(team.below for team in teams.values()))
    found = {
        team.group: bool(selected & frozenset(team.people or team.below))
        if team.below
        else everybody <= selected
        for team in teams.values()
    }
    return {
        name: frozenset(teams[name].people) <= selected
        and all(found[one] for one in teams[name].inside)
        for name, chosen in found.items()
        if chosen
    }


def team_rows(
    teams: Mapping[str, Team], selected: frozenset[str], person_of: Callable[[str], Row]
) -> list[Row]:
    """The teams as scim_directory takes them, with the selected people. A team that is not whole is only added to."""
    rows = []
    for name, whole in picked(teams, selected).items():
        team = teams[name]
        row: Row = {
            **_named("name", team),
            "members": [person_of(host) for host in team.people if host in selected],
        }
        if team.offboarded:
            row["state"] = "offboarded"
        elif not whole:
            row["membership"] = "additive"
        elif team.additive is not None:
            row["membership"] = "additive" if team.additive else "exact"
        rows.append(row)
    return rows


def nested_rows(teams: Mapping[str, Team], selected: frozenset[str]) -> list[Row]:
    """The groups of groups as scim_directory takes them: an onboarded team has the onboarded teams inside it as members."""
    chosen = picked(teams, selected)
    rows = []
    for name in chosen:
        inside = [
            teams[one] for one in teams[name].inside if one in chosen and not teams[one].offboarded
        ]
        if inside and not teams[name].offboarded:
            rows.append(
                {
                    **_named("display_name", teams[name]),
                    "members": {"add": [{"group": one.name} for one in inside]},
                }
            )
    return rows


def outside(teams: Mapping[str, Team], selected: frozenset[str]) -> list[str]:
    """The people of teams whom a run over the selected hosts is not about, where there is a team that others may leave."""
    exact = any(
        whole and not teams[name].offboarded for name, whole in picked(teams, selected).items()
    )
    return (
        sorted(frozenset().union(*(team.below for team in teams.values())) - selected)
        if exact
        else []
    )


def known_by(row: Mapping[str, Any]) -> set[str]:
    """What a person of the service may be known by as the one who is meant; e-mail addresses only where ``match_by`` names them."""
    by, emails = row.get("match_by") or (), row.get("emails")
    named = {part.strip() for part in by.split(",")} if isinstance(by, str) else set(by)
    entries = emails if "email" in named and isinstance(emails, (list, tuple)) else ()
    values = [row.get(name) for name in KEYS] + [
        one.get("value") for one in entries if isinstance(one, Mapping)
    ]
    return {str(one) for one in values if one is not None}


def _named(key: str, team: Team) -> Row:
    return {
        key: team.name,
        **({"external_id": team.external_id} if team.external_id is not None else {}),
    }


def is_template(value: Any) -> bool:
    """Whether there may be something to template in a value. Most values of most hosts are plain, and asking costs little."""
    if isinstance(value, str):
        return "{" in value
    if isinstance(value, Mapping):
        return any(is_template(key) or is_template(inner) for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return any(is_template(inner) for inner in value)
    return False


def person(
    host: str,
    variables: Mapping[str, Any],
    template: Callable[[Any], Any],
    names: Sequence[str] = PERSON,
) -> Row:
    """The variables of a host → the options of the person: only those that are attributes are looked at, and templated if need be."""
    stated = {name: variables[name] for name in names if variables.get(name) is not None}
    row = {name: template(value) if is_template(value) else value for name, value in stated.items()}
    found = {name: value for name, value in row.items() if value is not None}
    return {"user_name": host, **found} if "user_name" in names else found
