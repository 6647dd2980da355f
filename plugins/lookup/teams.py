# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The teams that a play gives to the role identity.scim.team, and a guard against misspelt variables; knows no SCIM."""

from __future__ import annotations

DOCUMENTATION = r"""
name: teams
short_description: The teams of the role P(identity.scim.team#role)
version_added: 0.1.0
author:
  - The identity.scim contributors (@identity-scim)
description:
  - A private helper of the role P(identity.scim.team#role). It may change at any time; use the role.
  - Returns the teams of the variable C(team_roster), or with C(team_from_inventory) those of the inventory.
  - Fails if there is nothing to do, or if C(team_roster) is empty or not a list.
  - Fails if a variable of the play is a misspelled variable of the role, for example C(team_leaver) instead of C(team_leavers).
    Ignoring it could remove the wrong users.
  - Fails if there is a variable for an option that only M(identity.scim.scim_directory) has, for example C(team_purge).
options:
  _terms:
    description: The lookup takes no terms.
  state:
    description: The state of all teams. V(stated) keeps the state that each team sets.
    type: str
    choices:
      - stated
      - onboarded
      - offboarded
    default: stated
  part:
    description: >-
      The part to return. V(teams) are the teams with their members. V(nested) are groups of groups. V(outside) are the users in a
      team of the inventory that are not hosts of the play, by user name, external id, id, and by e-mail address if C(match_by)
      contains it. Without C(team_from_inventory), V(nested) and V(outside) are empty.
    type: str
    choices:
      - teams
      - nested
      - outside
    default: teams
"""

EXAMPLES = r"""
- name: Run the task of the role
  identity.scim.scim_directory:
    teams: "{{ query('identity.scim.teams') }}"
    groups: "{{ query('identity.scim.teams', part='nested') }}"
    leavers_except: "{{ query('identity.scim.teams', part='outside') }}"
"""

RETURN = r"""
_raw:
  description: The teams, the nested groups, or references to users.
  type: list
  elements: raw
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.lookup import LookupBase
from ansible.template import Templar
from ansible.utils.display import Display
from ansible.utils.vars import combine_vars
from ansible.vars.plugins import get_vars_from_inventory_sources, get_vars_from_path

from ansible_collections.identity.scim.plugins.module_utils._ansible.output import printable
from ansible_collections.identity.scim.plugins.module_utils._model.directory_options import (
    DIRECTORY_OPTIONS,
)
from ansible_collections.identity.scim.plugins.plugin_utils import _teams

display = Display()

ROSTER = "team_roster"
INVENTORY = "team_from_inventory"
OURS = (
    ROSTER,
    INVENTORY,
    "team_membership",
    "team_leavers",
    "team_leavers_ignore_groups",
    "team_protect",
    "team_thresholds",
    "team_scope",
    "team_verify",
)
OTHER_WORDS = frozenset({"team_leaders"})
# Settings of scim_directory that the role does not pass on. Lists of people and groups are none: a play may make its roster of such.
FOREIGN = {
    f"team_{option.name}": option.name
    for option in DIRECTORY_OPTIONS
    if f"team_{option.name}" not in OURS and option.name not in ("users", "groups", "teams")
}

# Names that are kept for settings to come. A run that ignored them would do more than it was asked to.
KEPT = (
    "team_apply_plan",
    "team_as_of",
    "team_journal",
    "team_only",
    "team_report",
    "team_save_plan",
    "team_src",
)


def meant(name: str) -> str | None:
    """The variable of the role that a name is nearly, or None if it is one of them or none of the role's business.

    A name made from one of ours on purpose, such as ``team_roster_sales`` or ``team_roster2``, is not a misspelt one.
    """
    return (
        None
        if name.lower() in OTHER_WORDS or not name.lower().startswith("t")
        else _teams.near(name, OURS)
    )


def misspelt(names: Iterable[str]) -> str | None:
    """One sentence about the variables that are nearly the role's, or None."""
    found = [
        f"'{name}' (is '{ours}' meant?)"
        for name, ours in ((name, meant(name)) for name in sorted(names))
        if ours
    ]
    return (
        f"the role identity.scim.team has no variable {' and no variable '.join(found)}"
        if found
        else None
    )


def foreign(names: Iterable[str]) -> str | None:
    """One sentence about the variables that would be settings, of scim_directory or some day of the role, and are none of the role's, or None."""
    given = sorted(names)
    kept = " and no variable ".join(f"'{name}'" for name in given if name in KEPT)
    if kept:
        return f"the role identity.scim.team has no variable {kept} yet; leave it out, it would not be heeded"
    found = [name for name in given if name in FOREIGN]
    said = " and no variable ".join(f"'{name}'" for name in found)
    options = ", ".join(FOREIGN[name] for name in found)
    return (
        f"the role identity.scim.team has no variable {said}; for {options} use identity.scim.scim_directory directly"
        if found
        else None
    )


def problem(roster: Any) -> str | None:
    """One sentence about what a roster cannot be, or None. What is in it, the module judges."""
    if not isinstance(roster, (list, tuple)):
        return f"{ROSTER} is a list of teams, not {'a dictionary' if isinstance(roster, Mapping) else 'a single value'}"
    if not roster:
        return f"{ROSTER} is empty: it states no team, and nobody is removed because of that"
    if not all(isinstance(team, Mapping) for team in roster):
        return f"{ROSTER} has an entry that is no dictionary: a team has at least a name"
    return None


class LookupModule(LookupBase):
    """The lookup identity.scim.teams."""

    def run(
        self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> list[Any]:
        """The teams, or AnsibleLookupError with one sentence that shows no data."""
        variables = variables or {}
        self.set_options(var_options=variables, direct=kwargs)
        if wrong := misspelt(variables) or foreign(variables):
            raise AnsibleLookupError(wrong)
        part, state = self.get_option("part"), self.get_option("state")
        if _truth(self._templar.template(variables.get(INVENTORY)), INVENTORY):
            if variables.get(ROSTER) is not None:
                raise AnsibleLookupError(
                    f"{ROSTER} and {INVENTORY} are both set; the teams come from one of them"
                )
            try:
                return self._inventory(variables, part, state)
            except _teams.Unusable as wrong:
                raise AnsibleLookupError(printable(str(wrong))) from None
        if part != "teams":
            return []
        if variables.get(ROSTER) is None:
            others = [name for name in variables if name not in OURS and not name.startswith("_")]
            close = [f"'{name}'" for name in get_close_matches(ROSTER, others, cutoff=0.75)]
            raise AnsibleLookupError(
                f"nothing to do: {ROSTER} is not set, nor {INVENTORY}{' (is ' + ' or '.join(close) + ' meant?)' if close else ''}"
            )
        roster = self._templar.template(variables[ROSTER])
        if wrong := problem(roster):
            raise AnsibleLookupError(wrong)
        return [team if state == "stated" else {**team, "state": state} for team in roster]

    def _inventory(self, variables: Mapping[str, Any], part: str, state: str) -> list[Any]:
        """What the inventory says, within the hosts of the play."""
        hostvars = variables["hostvars"]
        teams = self._teams(variables, hostvars._inventory, state)  # pylint: disable=protected-access
        selected = frozenset(variables.get("ansible_play_hosts_all") or ())
        if not _teams.picked(teams, selected):
            raise _teams.Unusable(
                "nothing to do: nobody of a team of the inventory is among the hosts of the play, as hosts and --limit pick them"
            )
        if part == "nested":
            return _teams.nested_rows(teams, selected)
        people = People(hostvars, self._loader)
        if part == "outside":
            rows = [
                people.person(host, _teams.KNOWN_BY) for host in _teams.outside(teams, selected)
            ]
            return sorted(set().union(*map(_teams.known_by, rows)))
        rows = _teams.team_rows(teams, selected, people.person)
        people.tell_misspelt()
        return rows

    def _teams(
        self, variables: Mapping[str, Any], inventory: Any, state: str
    ) -> dict[str, _teams.Team]:
        """The groups of the inventory that are teams, by group name. The mark is the group's own, never its parents'."""
        stated = {
            name: self._group_variables(inventory, group)
            for name, group in inventory.groups.items()
        }
        for name, own in stated.items():
            near = ((one, _teams.near(one, _teams.GROUP_VARIABLES, 0.88)) for one in own)
            if wrong := next((f"{one} (is {ours} meant?)" for one, ours in near if ours), None):
                raise _teams.Unusable(f"the inventory group '{name}' has a variable {wrong}")
        marked = {
            name
            for name, own in stated.items()
            if _truth(own.get(_teams.MARK, False), f"{_teams.MARK} of the inventory group '{name}'")
        }
        if "all" in marked:
            raise _teams.Unusable(
                f"{_teams.MARK} is set for the inventory group 'all'; set it for the groups that are teams"
            )
        if not marked:
            raise _teams.Unusable(
                f"nothing to do: {INVENTORY} is set, and no group of the inventory has {_teams.MARK}: true"
            )
        found = {}
        for name, group in inventory.groups.items():
            if name in marked:
                people, inside = _own(group, marked)
                own = {**stated[name], **({} if state == "stated" else {"scim_team_state": state})}
                found[name] = _teams.team_of(
                    name, own, people, inside, (host.name for host in group.get_hosts())
                )
        return found

    def _group_variables(self, inventory: Any, group: Any) -> dict[str, Any]:
        """The variables that are the group's own and called like a team's: of the inventory, and of group_vars beside it and beside the playbook."""
        beside = get_vars_from_inventory_sources(self._loader, inventory._sources, [group], "task")  # pylint: disable=protected-access
        play = get_vars_from_path(self._loader, self._loader.get_basedir(), [group], "task")
        every = combine_vars(combine_vars(group.get_vars(), beside), play)
        return {
            name: self._templar.template(value)
            for name, value in every.items()
            if str(name).startswith("scim_t") and name != "scim_token"
        }


def _truth(value: Any, what: str) -> bool:
    """A variable that is true or false; null is not stated, and so false."""
    try:
        return value is not None and bool(boolean(value))
    except TypeError:
        raise AnsibleLookupError(f"{what} is true or false") from None


def _own(group: Any, marked: set[str]) -> tuple[list[str], list[str]]:
    """The hosts of a group that are in it without a team in between, and the nearest teams inside it."""
    people: dict[str, None] = {}
    inside: dict[str, None] = {}
    waiting, seen = [group], {group.name}
    while waiting:
        one = waiting.pop(0)
        people.update(dict.fromkeys(host.name for host in one.hosts))
        for child in one.child_groups:
            if child.name in marked:
                inside[child.name] = None
            elif child.name not in seen:
                waiting.append(child)
            seen.add(child.name)
    return list(people), list(inside)


class People:
    """The hosts of the inventory as people. Only variables that are attributes are templated, and only where there is a template."""

    def __init__(self, hostvars: Any, loader: Any) -> None:
        self._hostvars = hostvars
        self._loader = loader
        self._rows: dict[str, dict[str, Any]] = {}
        self._seen: dict[str, str] = {}
        extra = hostvars._variable_manager.extra_vars  # pylint: disable=protected-access
        named = sorted(set(extra) & set(_teams.PERSON))
        if named:
            raise _teams.Unusable(
                f"the extra variable {', '.join(named)} would be an attribute of every person; call it something else"
            )

    def person(self, host: str, names: tuple[str, ...] = _teams.PERSON) -> dict[str, Any]:
        """The options of the person that a host is."""
        if host not in self._rows:
            variables = self._hostvars.raw_get(host)
            for name in variables:
                self._seen.setdefault(name, host)
            template = Templar(loader=self._loader, variables=variables).template
            try:
                self._rows[host] = _teams.person(host, variables, template, names)
            except Exception:  # pylint: disable=broad-exception-caught
                raise _teams.Unusable(
                    f"a variable of the host '{host}' is a template that cannot be evaluated"
                ) from None
        return self._rows[host]

    def tell_misspelt(self) -> None:
        """A variable that is nearly a key is an error, since somebody else would be meant; one nearly another attribute a warning."""
        close = {
            name: ours
            for name in self._seen
            if not name.startswith(("ansible_", "scim_"))
            and (ours := _teams.near(name, _teams.PERSON))
        }
        for name, ours in sorted(close.items()):
            if ours in _teams.KEYS:
                raise _teams.Unusable(
                    f"the host '{self._seen[name]}' has a variable {name} (is {ours} meant?)"
                )
        if close:
            said = ", ".join(f"{name} (is {ours} meant?)" for name, ours in sorted(close.items()))
            display.warning(
                printable(f"host variables that are nearly an attribute are ignored: {said}")
            )
