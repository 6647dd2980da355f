# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The teams that a play gives to the role identity.scim.team.

Misspelt variables of the role are errors. Knows no SCIM.
"""

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
  - Returns nothing if C(team_src) is set. The module reads that file.
  - Fails if there is nothing to do, or if C(team_roster) is empty or not a list.
  - Fails if a variable of the play is a misspelled variable of the role, for example C(team_leaver) instead of C(team_leavers).
    Ignoring it could remove the wrong users.
  - Fails if a variable of the role has an unknown name in it, another type or no choice.
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
      team of the inventory that are not hosts of the play, by user name (also former ones), external id, id, and by e-mail address if
      C(match_by) contains it. Without C(team_from_inventory), V(nested) and V(outside) are empty.
    type: str
    choices:
      - teams
      - nested
      - outside
    default: teams
  raises:
    description: Whether what is wrong is an error. If not, the teams are one row that the task of the role fails with, in one line.
    type: bool
    default: true
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
  sample:
    - name: Sales
      members: [{user_name: jhalpert}]
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from ansible.errors import AnsibleLookupError, AnsibleValueOmittedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.lookup import LookupBase
from ansible.template import Templar
from ansible.utils.display import Display
from ansible.utils.vars import combine_vars
from ansible.vars.plugins import get_vars_from_inventory_sources, get_vars_from_path
from ansible_collections.identity.scim.plugins.module_utils._input.directory_options import (
    DIRECTORY_OPTIONS,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._report.printable import printable
from ansible_collections.identity.scim.plugins.plugin_utils import _teams
from ansible_collections.identity.scim.plugins.plugin_utils._role_settings import (
    SETTINGS,
    wrong_settings,
)

display = Display()

ROSTER = "team_roster"
SRC = "team_src"
INVENTORY = "team_from_inventory"
MATCH_BY = "team_match_by"
OURS = (ROSTER, INVENTORY, *SETTINGS)
# A variable of the shipped playbooks. A misspelt one would run them on another service.
HOSTS = "team_hosts"
OTHER_WORDS = frozenset({"team_leaders"})
# Lists of users and groups are no settings: a play may make its roster of them.
LISTS = ("users", "groups", "teams")
# Settings of scim_directory that the role does not pass on.
FOREIGN = {
    f"team_{one.name}": one.name
    for one in DIRECTORY_OPTIONS
    if f"team_{one.name}" not in OURS and one.name not in (*LISTS, "team_state")
}

# Names that are reserved for later settings. A run that ignored them would do more than it should.
KEPT = (
    "team_apply_plan",
    "team_as_of",
    "team_journal",
    "team_only",
    "team_report",
    "team_save_plan",
)
NO_VARIABLE = "the role identity.scim.team has no variable"


def meant(name: str) -> str | None:
    """Return the variable of the role that a name is nearly, or None.

    A name made from one of ours on purpose, such as ``team_roster_sales`` or ``team_roster2``, is
    not a misspelt one.
    """
    lower = name.lower()
    if lower in OTHER_WORDS or not lower.startswith("t"):
        return None
    return _teams.near(name, (*OURS, HOSTS))


def misspelt(names: Iterable[str]) -> str | None:
    """Return one sentence about the variables that are nearly the role's, or None."""
    found = []
    for name in sorted(names):
        ours = meant(name)
        if ours is not None:
            found.append(f"'{name}' (did you mean '{ours}'?)")
    return f"{NO_VARIABLE} {' and no variable '.join(found)}" if found else None


def foreign(names: Iterable[str]) -> str | None:
    """Return one sentence about settings that the role does not have, or None.

    They are options of scim_directory, or kept for the role.
    """
    given = sorted(names)
    kept = [f"'{name}'" for name in given if name in KEPT]
    if kept:
        said = " and no variable ".join(kept)
        return f"{NO_VARIABLE} {said} yet; remove it, it would have no effect"
    found = [name for name in given if name in FOREIGN]
    if not found:
        return None
    said = " and no variable ".join(f"'{name}'" for name in found)
    options = ", ".join(FOREIGN[name] for name in found)
    return f"{NO_VARIABLE} {said}; for {options} use identity.scim.scim_directory directly"


def problem(roster: Any) -> str | None:
    """Return one sentence about what is wrong with a roster, or None.

    The module checks its rows.
    """
    if not isinstance(roster, (list, tuple)):
        noun = "a dictionary" if isinstance(roster, Mapping) else "a single value"
        return f"{ROSTER} must be a list of teams, not {noun}"
    if not roster:
        return f"{ROSTER} is empty: it lists no team, and no user is removed because of that"
    for index, team in enumerate(roster):
        if not isinstance(team, Mapping):
            noun = "text" if isinstance(team, str) else "a list or a single value"
            return f"{ROSTER}[{index}] must be a dictionary with at least a name, not {noun}"
    return None


class LookupModule(LookupBase):
    """The lookup identity.scim.teams."""

    def run(
        self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> list[Any]:
        """Return the teams. Raise AnsibleLookupError with one sentence that shows no data."""
        variables = variables or {}
        self.set_options(var_options=variables, direct=kwargs)
        try:
            return self._rows(variables)
        except AnsibleLookupError as error:
            if self.get_option("raises"):
                raise
            is_first = self.get_option("part") == "teams"
            return [{_teams.REFUSAL: str(error)}] if is_first else []

    def _rows(self, variables: Mapping[str, Any]) -> list[Any]:
        """Return the part that is asked for. Raise AnsibleLookupError with one sentence."""
        wrong = misspelt(variables) or foreign(variables) or self._settings(variables)
        if wrong:
            raise AnsibleLookupError(wrong)
        sources = [name for name in (ROSTER, SRC) if variables.get(name) is not None]
        if _truth(self._templar.template(variables.get(INVENTORY)), INVENTORY):
            sources.append(INVENTORY)
        if len(sources) > 1:
            both = " and ".join(sources[:2])
            raise AnsibleLookupError(f"{both} are both set; the teams come from one of them")
        if sources == [SRC]:
            return self._file(variables)
        if sources != [INVENTORY]:
            return self._roster(variables)
        try:
            return self._inventory(variables)
        except ScimError as error:
            raise AnsibleLookupError(printable(str(error))) from None

    def _settings(self, variables: Mapping[str, Any]) -> str | None:
        """Return what is wrong with the other variables of the role, or None."""
        if self.get_option("part") != "teams":
            return None
        given = {}
        for name in SETTINGS:
            # A variable may be omitted by a template.
            with contextlib.suppress(AnsibleValueOmittedError):
                given[name] = self._templar.template(variables.get(name))
        return wrong_settings(given)

    def _roster(self, variables: Mapping[str, Any]) -> list[Any]:
        """Return the teams of the variable ``team_roster``."""
        if self.get_option("part") != "teams":
            return []
        if variables.get(ROSTER) is None:
            raise AnsibleLookupError(_nothing_to_do(variables))
        roster = self._templar.template(variables[ROSTER])
        wrong = problem(roster)
        if wrong:
            raise AnsibleLookupError(wrong)
        state = self.get_option("state")
        if state == "stated":
            return list(roster)
        return [{**team, "state": state} for team in roster]

    def _file(self, variables: Mapping[str, Any]) -> list[Any]:
        """Return nothing: the module reads the file of ``team_src``."""
        path = self._templar.template(variables[SRC])
        if path is not None and not str(path).strip():
            raise AnsibleLookupError(f"{SRC} is empty; it must be the path of a file")
        return []

    def _inventory(self, variables: Mapping[str, Any]) -> list[Any]:
        """Return what the inventory says, within the hosts of the play."""
        part = self.get_option("part")
        hostvars = variables["hostvars"]
        teams = self._teams(variables, hostvars._inventory)  # pylint: disable=protected-access
        selected = frozenset(variables.get("ansible_play_hosts_all") or ())
        if not _teams.picked(teams, selected):
            raise ScimError(
                "nothing to do: no member of an inventory team is among the hosts of the play, "
                "as hosts and --limit select them"
            )
        if part == "nested":
            return _teams.nested_rows(teams, selected)
        people = People(hostvars, self._loader)
        if part == "outside":
            match_by = self._templar.template(variables.get(MATCH_BY))
            names: set[str] = set()
            for host in _teams.outside(teams, selected):
                names |= _teams.known_by(people.person(host, _teams.KNOWN_BY), match_by)
            return sorted(names)
        rows = _teams.team_rows(teams, selected, people.person)
        people.report_misspelt()
        return rows

    def _teams(self, variables: Mapping[str, Any], inventory: Any) -> dict[str, _teams.Team]:
        """Return the groups of the inventory that are teams, by group name.

        The mark is a group's own, never its parents'.
        """
        state = self.get_option("state")
        own_variables = {}
        for name, group in inventory.groups.items():
            own_variables[name] = self._group_variables(inventory, group)
            _refuse_misspelt(name, own_variables[name])
        marked = _marked(own_variables)
        found = {}
        for name, group in inventory.groups.items():
            if name not in marked:
                continue
            own = own_variables[name]
            if state != "stated":
                own = {**own, "scim_team_state": state}
            people, inside = _own(group, marked)
            below = [host.name for host in group.get_hosts()]
            found[name] = _teams.team_of(name, own, people, inside, below)
        return found

    def _group_variables(self, inventory: Any, group: Any) -> dict[str, Any]:
        """Return a group's own variables that are named like a team's.

        They come from the inventory, and from group_vars beside it and beside the playbook.
        """
        sources = inventory._sources  # pylint: disable=protected-access
        beside = get_vars_from_inventory_sources(self._loader, sources, [group], "task")
        play = get_vars_from_path(self._loader, self._loader.get_basedir(), [group], "task")
        every = combine_vars(combine_vars(group.get_vars(), beside), play)
        found = {}
        for name, value in every.items():
            if str(name).startswith("scim_t") and name != "scim_token":
                found[name] = self._templar.template(value)
        return found


def _nothing_to_do(variables: Mapping[str, Any]) -> str:
    others = [name for name in variables if name not in OURS and not name.startswith("_")]
    close = [f"'{name}'" for name in get_close_matches(ROSTER, others, cutoff=0.75)]
    hint = f" (did you mean {' or '.join(close)}?)" if close else ""
    return f"nothing to do: {ROSTER} is not set, nor {SRC} or {INVENTORY}{hint}"


def _refuse_misspelt(group: str, variables: Iterable[str]) -> None:
    """Raise ScimError for a variable that is nearly one of a team."""
    for name in variables:
        ours = _teams.near(name, _teams.GROUP_VARIABLES, 0.88)
        if ours:
            raise ScimError(
                f"the inventory group '{group}' has a variable {name} (did you mean {ours}?)"
            )


def _marked(own_variables: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the names of the groups that are teams. Raise ScimError if there is none."""
    mark = _teams.MARK
    marked = set()
    for name, own in own_variables.items():
        if _truth(own.get(mark, False), f"{mark} of the inventory group '{name}'"):
            marked.add(name)
    if "all" in marked:
        raise ScimError(
            f"{mark} is set for the inventory group 'all'; set it for the groups that are teams"
        )
    if not marked:
        raise ScimError(
            f"nothing to do: {INVENTORY} is set, and no group of the inventory has {mark}: true"
        )
    return marked


def _truth(value: Any, what: str) -> bool:
    """Return a variable that is true or false.

    Null counts as omitted, and so as false.
    """
    try:
        return value is not None and bool(boolean(value))
    except TypeError:
        raise AnsibleLookupError(f"{what} must be true or false") from None


def _own(group: Any, marked: set[str]) -> tuple[list[str], list[str]]:
    """Return the hosts of a group and the nearest teams inside it.

    The hosts are those that are in it without a team in between.
    """
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
    """The hosts of the inventory as users.

    Only variables that are attributes are templated, and only if they may be templates.
    """

    def __init__(self, hostvars: Any, loader: Any) -> None:
        self._hostvars = hostvars
        self._loader = loader
        self._rows: dict[str, dict[str, Any]] = {}
        self._seen: dict[str, str] = {}
        extra = hostvars._variable_manager.extra_vars  # pylint: disable=protected-access
        named = sorted(set(extra) & {*_teams.PERSON, *map(_teams.variable_of, _teams.RESERVED)})
        if named:
            raise ScimError(
                f"the extra variable {', '.join(named)} would be an attribute of every user; "
                "give it another name"
            )

    def person(self, host: str, names: tuple[str, ...] = _teams.PERSON) -> dict[str, Any]:
        """Return the options of the user that a host is."""
        if host not in self._rows:
            variables = self._hostvars.raw_get(host)
            for name in variables:
                self._seen.setdefault(name, host)
            template = Templar(loader=self._loader, variables=variables).template
            try:
                self._rows[host] = _teams.person(host, variables, template, names)
            except Exception:  # pylint: disable=broad-exception-caught
                raise ScimError(
                    f"a variable of the host '{host}' is a template that cannot be evaluated"
                ) from None
        return self._rows[host]

    def report_misspelt(self) -> None:
        """Raise ScimError for a variable that is nearly a key, warn of other attributes.

        A misspelt key would mean another user.
        """
        close = sorted(self._misspelt())
        for name, ours in close:
            if ours in _teams.KEYS:
                raise ScimError(
                    f"the host '{self._seen[name]}' has a variable {name} (did you mean {ours}?)"
                )
        if close:
            said = ", ".join(f"{name} (did you mean {ours}?)" for name, ours in close)
            text = f"ignored host variables that look like misspelt attributes: {said}"
            display.warning(printable(text))

    def _misspelt(self) -> Iterator[tuple[str, str]]:
        for name in self._seen:
            ours = _teams.near(name, _teams.PERSON)
            if ours and not name.startswith(("ansible_", "scim_")):
                yield name, ours
