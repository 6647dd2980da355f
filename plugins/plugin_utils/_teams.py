# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups and hosts of an inventory as teams and users.

Knows variables, no inventory object.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._input.resource_options import (
    TEAM_MEMBER,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError

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
# ``groups`` is Ansible's own variable: the groups of a user are those of the inventory.
PERSON = tuple(option.name for option in TEAM_MEMBER if option.name != "groups")
# Ansible reserves these names and warns about variables of hosts that have them.
RESERVED = frozenset({"name", "roles"})
# With what the names of a host's attributes begin, if they do.
PREFIX = "scim_prefix"
KEYS = ("user_name", "external_id", "id")
KNOWN_BY = (*KEYS, "match_by", "emails", "previous_user_names")
NEAR = 0.9
# A row that is no team: its value is the sentence with which the task of the role fails.
REFUSAL = "__refusal"

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """A group of the inventory that is a team.

    ``people`` are its own hosts, ``inside`` the teams right inside it, ``below`` all hosts in it
    and in those teams.
    """

    group: str
    name: str
    external_id: str | None = None
    offboarded: bool = False
    additive: bool | None = None
    people: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    below: frozenset[str] = frozenset()


def near(name: str, ours: Sequence[str], least: float = NEAR) -> str | None:
    """Return the name of ours that another name nearly is, None if there is none.

    One of ours is not nearly another, nor is one with an ending such as ``_sales`` or ``2``: that
    is on purpose.
    """
    if name in ours:
        return None
    lower = name.lower()
    ratio, nearest = max((SequenceMatcher(None, lower, one).ratio(), one) for one in ours)
    has_ending = re.match(rf"{nearest}[_0-9]", name) is not None
    if has_ending or ratio < least:
        return None
    return nearest


def refusal_of(rows: Any) -> str | None:
    """Return the sentence with which the role refuses to run, None if it runs."""
    if isinstance(rows, (list, tuple)) and len(rows) == 1 and isinstance(rows[0], Mapping):
        said = rows[0].get(REFUSAL)
        return None if said is None else str(said)
    return None


def team_of(
    group: str,
    variables: Mapping[str, Any],
    people: Sequence[str],
    inside: Sequence[str],
    below: Iterable[str],
) -> Team:
    """Return the team that a group with these templated variables is.

    Raise ScimError for a variable that cannot be.
    """
    for name, choices in CHOICES.items():
        value = variables.get(name)
        if value is not None and value not in choices:
            expected = " or ".join(choices)
            raise ScimError(
                f"{name} of the inventory group '{group}' must be {expected}, not '{value}'"
            )
    membership = variables.get("scim_team_membership")
    return Team(
        group=group,
        name=_text(group, variables, "scim_team_name") or group,
        external_id=_text(group, variables, "scim_team_external_id"),
        offboarded=variables.get("scim_team_state") == "offboarded",
        additive=None if membership is None else membership == "additive",
        people=tuple(people),
        inside=tuple(inside),
        below=frozenset(below),
    )


def _text(group: str, variables: Mapping[str, Any], name: str) -> str | None:
    value = variables.get(name)
    if value is None:
        return None
    is_text = isinstance(value, (str, int)) and not isinstance(value, bool)
    text = str(value)
    if not is_text or not text.strip():
        raise ScimError(
            f"{name} of the inventory group '{group}' must be a string that is not empty"
        )
    return text


def picked(teams: Mapping[str, Team], selected: frozenset[str]) -> dict[str, bool]:
    """Return the teams that a run over the ``selected`` hosts is about.

    The value says whether the run is about the whole team. A team is picked by any of its own
    hosts. One without hosts of its own is picked by those of the teams inside it, and one without
    any host if no host of any team is left out. It is whole if none of its hosts and no team inside
    is left out.
    """
    chosen = {}
    for name, team in teams.items():
        if _is_picked(team, teams, selected):
            chosen[name] = team
    found = {}
    for name, team in chosen.items():
        has_all_hosts = selected.issuperset(team.people)
        found[name] = has_all_hosts and chosen.keys() >= frozenset(team.inside)
    return found


def _is_picked(team: Team, teams: Mapping[str, Team], selected: frozenset[str]) -> bool:
    if team.below:
        return bool(selected & frozenset(team.people or team.below))
    return everyone(teams) <= selected


def everyone(teams: Mapping[str, Team]) -> frozenset[str]:
    """Return the hosts of all teams."""
    return frozenset().union(*(team.below for team in teams.values()))


def team_rows(
    teams: Mapping[str, Team], selected: frozenset[str], person_of: Callable[[str], Row]
) -> list[Row]:
    """Return the teams as scim_directory takes them, with the selected hosts.

    A team that is not whole is only added to.
    """
    rows = []
    for name, whole in picked(teams, selected).items():
        team = teams[name]
        row = _named("name", team)
        row["members"] = []
        for host in team.people:
            if host in selected:
                row["members"].append(person_of(host))
        if team.offboarded:
            row["state"] = "offboarded"
        elif not whole:
            row["membership"] = "additive"
        elif team.additive is not None:
            row["membership"] = "additive" if team.additive else "exact"
        rows.append(row)
    return rows


def nested_rows(teams: Mapping[str, Team], selected: frozenset[str]) -> list[Row]:
    """Return the groups of groups as scim_directory takes them.

    An onboarded team has the onboarded teams inside it as members.
    """
    chosen = picked(teams, selected)
    rows = []
    for name in chosen:
        inside = [teams[one] for one in teams[name].inside if one in chosen]
        members = [{"group": team.name} for team in inside if not team.offboarded]
        if members and not teams[name].offboarded:
            rows.append({**_named("display_name", teams[name]), "members": {"add": members}})
    return rows


def outside(teams: Mapping[str, Team], selected: frozenset[str]) -> list[str]:
    """Return the hosts of teams that a run over the selected hosts is not about.

    Return none if no team of the run loses members that it does not list.
    """
    for name, whole in picked(teams, selected).items():
        if whole and not teams[name].offboarded:
            return sorted(everyone(teams) - selected)
    return []


def known_by(row: Mapping[str, Any], match_by: Any = None) -> set[str]:
    """Return the values by which a user of the service may be the one in this row.

    E-mail addresses are among them only if ``match_by`` of the row names them, or that of the role
    where the row has none.
    """
    values = [row.get(name) for name in KEYS]
    former = row.get("previous_user_names")
    if isinstance(former, (list, tuple)):
        values += former
    emails = row.get("emails")
    if isinstance(emails, Mapping):
        emails = [*(emails.get("set") or ()), *(emails.get("add") or ())]
    if "email" in _match_by(row.get("match_by") or match_by) and isinstance(emails, (list, tuple)):
        values += [one.get("value") for one in emails if isinstance(one, Mapping)]
    return {str(value) for value in values if value is not None}


def _match_by(by: Any) -> set[str]:
    if isinstance(by, str):
        return set(map(str.strip, by.split(",")))
    return set(by or ())


def _named(key: str, team: Team) -> Row:
    row: Row = {key: team.name}
    if team.external_id is not None:
        row["external_id"] = team.external_id
    return row


def is_template(value: Any) -> bool:
    """Return whether there may be something to template in a value.

    Most values of most hosts are plain, and asking costs little.
    """
    if isinstance(value, str):
        return "{" in value
    if isinstance(value, Mapping):
        return any(map(is_template, value)) or any(map(is_template, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(is_template, value))
    return False


def variable_of(attribute: str, prefix: str = "") -> str:
    """Return the name of the host variable for an attribute of a user."""
    if attribute in RESERVED and not prefix:
        return f"scim_{attribute}"
    return f"{prefix}{attribute}"


def person(
    host: str,
    variables: Mapping[str, Any],
    template: Callable[[Any], Any],
    names: Sequence[str] = PERSON,
) -> Row:
    """Return the options of the user that a host is.

    Only variables that are attributes are looked at, and templated if need be.
    """
    row: Row = {"user_name": host} if "user_name" in names else {}
    prefix = str(variables.get(PREFIX) or "")
    for name in names:
        value = variables.get(f"{prefix}{name}")
        if value is None and name in RESERVED:
            value = variables.get(variable_of(name))
        if value is not None and is_template(value):
            value = template(value)
        if value is not None:
            row[name] = value
    return row
