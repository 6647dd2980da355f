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
  - Returns the teams of the variable C(team_roster).
  - Fails if C(team_roster) is not stated, is no list or is empty, and if a variable of the play is nearly one of the role's,
    for example C(team_leaver) where C(team_leavers) is meant. Such a variable would be ignored, and the wrong people would leave.
options:
  _terms:
    description: There are none.
  state:
    description: The state that every team is to have, or V(stated) for what each team says itself.
    type: str
    choices:
      - stated
      - onboarded
      - offboarded
    default: stated
"""

EXAMPLES = r"""
- name: What the role does
  identity.scim.scim_directory:
    teams: "{{ query('identity.scim.teams') }}"
"""

RETURN = r"""
_raw:
  description: The teams.
  type: list
  elements: dict
"""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

ROSTER = "team_roster"
OURS = (ROSTER, "team_membership", "team_leavers", "team_leavers_ignore_groups", "team_protect", "team_thresholds", "team_verify")
OTHER_WORDS = frozenset({"team_leaders"})
NEAR = 0.9


def meant(name: str) -> str | None:
    """The variable of the role that a name is nearly, or None if it is one of them or none of the role's business.

    A name made from one of ours on purpose, such as ``team_roster_sales`` or ``team_roster2``, is not a misspelt one.
    """
    lower = name.lower()
    if name in OURS or lower in OTHER_WORDS or not lower.startswith("t"):
        return None
    ratio, nearest = max((SequenceMatcher(None, lower, ours).ratio(), ours) for ours in OURS)
    return nearest if ratio >= NEAR and not re.match(rf"{nearest}[_0-9]", name) else None


def misspelt(names: Iterable[str]) -> str | None:
    """One sentence about the variables that are nearly the role's, or None."""
    found = [f"'{name}' (is '{ours}' meant?)" for name, ours in ((name, meant(name)) for name in sorted(names)) if ours]
    return f"the role identity.scim.team has no variable {' and no variable '.join(found)}" if found else None


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

    def run(self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """The teams, or AnsibleLookupError with one sentence that shows no data."""
        variables = variables or {}
        self.set_options(var_options=variables, direct=kwargs)
        if wrong := misspelt(variables):
            raise AnsibleLookupError(wrong)
        if variables.get(ROSTER) is None:
            others = [name for name in variables if name not in OURS and not name.startswith("_")]
            near = [f"'{name}'" for name in get_close_matches(ROSTER, others, cutoff=0.75)]
            raise AnsibleLookupError(f"nothing to do: {ROSTER} is not set{' (is ' + ' or '.join(near) + ' meant?)' if near else ''}")
        roster = self._templar.template(variables[ROSTER])
        if wrong := problem(roster):
            raise AnsibleLookupError(wrong)
        state = self.get_option("state")
        return [team if state == "stated" else {**team, "state": state} for team in roster]
