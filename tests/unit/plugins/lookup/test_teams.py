# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard of the role against misspelt variables and rosters that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.lookup.teams import (
    OURS,
    foreign,
    meant,
    misspelt,
    problem,
)

ROOT = Path(__file__).resolve().parents[4]


def test_variables_are_those_of_the_role() -> None:
    spec = yaml.safe_load((ROOT / "roles/team/meta/argument_specs.yml").read_text(encoding="utf-8"))
    assert set(OURS) == set(spec["argument_specs"]["main"]["options"])


@pytest.mark.parametrize(
    "name, ours",
    [
        ("team_leaver", "team_leavers"),
        ("team_rooster", "team_roster"),
        ("team_membershp", "team_membership"),
        ("Team_Roster", "team_roster"),
        ("teams_roster", "team_roster"),
        ("team_treshold", "team_thresholds"),
        ("team_leavers_ignore_group", "team_leavers_ignore_groups"),
        ("team_host", "team_hosts"),
    ],
)
def test_nearly_ours(name: str, ours: str) -> None:
    """O12: a misspelt variable is known for what is meant."""
    assert meant(name) == ours


@pytest.mark.parametrize(
    "name",
    [
        *OURS,
        "team_name",
        "team_size",
        "team_members",
        "team_leader",
        "team_leaders",
        "team_roles",
        "team_result",
        "team_results",
        "team_hosts",
        "team_roster_sales",
        "team_roster2",
        "team",
        "teams",
        "roster",
        "__team_state",
        "ansible_play_name",
        "inventory_hostname",
        "membership",
    ],
)
def test_variables_of_other_roles_are_ignored(name: str) -> None:
    assert meant(name) is None


def test_all_misspelt_variables_are_in_one_sentence() -> None:
    assert misspelt(["team_membershp", "team_name", "team_leaver"]) == (
        "the role identity.scim.team has no variable 'team_leaver' (did you mean 'team_leavers'?) "
        "and no variable 'team_membershp' (did you mean 'team_membership'?)"
    )
    assert misspelt(["team_roster", "team_name"]) is None


def test_options_of_the_module_only_are_refused_as_variables() -> None:
    """A setting without effect would mislead. Plays may have their own lists of users."""
    assert foreign(
        [
            "team_stop_after_failures",
            "team_purge",
            "team_roster",
            "team_users",
            "team_groups",
            "purge",
            "team_purged",
        ]
    ) == (
        "the role identity.scim.team has no variable 'team_purge' and no variable 'team_stop_after_failures'; "
        "for purge, stop_after_failures use identity.scim.scim_directory directly"
    )
    assert foreign([*OURS, "team_name"]) is None


def test_a_setting_that_is_not_there_yet_is_refused_and_not_ignored() -> None:
    assert (
        foreign(["team_roster", "team_only"])
        == "the role identity.scim.team has no variable 'team_only' yet; remove it, it would have no effect"
    )


@pytest.mark.parametrize(
    "roster, sentence",
    [
        ([], "team_roster is empty: it lists no team, and no user is removed because of that"),
        ({"name": "Sales"}, "team_roster must be a list of teams, not a dictionary"),
        ("Sales", "team_roster must be a list of teams, not a single value"),
        (
            [{"name": "Ops"}, "Sales"],
            "team_roster[1] must be a dictionary with at least a name, not text",
        ),
        ([{"name": "Sales"}], None),
    ],
)
def test_rosters(roster: Any, sentence: str | None) -> None:
    """O1: an empty roster is no order to remove everybody."""
    assert problem(roster) == sentence
