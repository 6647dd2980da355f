# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the role: what is misspelt, of the wrong type or no choice."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._input.directory_options import (
    DIRECTORY_OPTIONS,
)
from ansible_collections.identity.scim.plugins.module_utils._input.options import Option
from ansible_collections.identity.scim.plugins.plugin_utils._role_settings import (
    PASSED_ON,
    SETTINGS,
    TABLE,
    wrong_settings,
)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"team_thresholds": {"user_removed": 3}},
            "team_thresholds.user_removed: did you mean team_thresholds.users_removed?",
        ),
        (
            {"team_protect": {"people": ["a"]}},
            "team_protect.people is not an option of the role identity.scim.team; remove it",
        ),
        (
            {"team_scope": {"users": {"filters": "active eq true"}}},
            "team_scope.users.filters: did you mean team_scope.users.filter?",
        ),
        (
            {"team_leavers": "inactiv"},
            "team_leavers must be one of inactive, absent, keep, not 'inactiv'",
        ),
        (
            {"team_membership": "Exact"},
            "team_membership must be one of exact, additive, not 'Exact'",
        ),
        (
            {"team_match_by": "user_name, mail"},
            "team_match_by must be one of id, external_id, user_name, email, not 'mail'",
        ),
        (
            {"team_verify": False},
            "team_verify must be text, not false; quote it, or add `| string`",
        ),
        ({"team_mapping": ["a"]}, "team_mapping must be a dictionary, not a list"),
        ({"team_src": ["a.csv"]}, "team_src must be text, not a list"),
        (
            {"team_protect": {"users": {"name": "a"}}},
            "team_protect.users must be a list of texts, not a dictionary",
        ),
    ],
)
def test_a_wrong_setting_is_one_line_in_words_of_the_role(given: dict[str, Any], said: str) -> None:
    assert wrong_settings(given) == said


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"team_thresholds": None, "team_leavers": None, "team_match_by": None, "team_scope": None},
        {"team_thresholds": {"users_removed": 3, "max_removals": "20%", "users_created": None}},
        # Extra variables on the command line are text.
        {"team_thresholds": '{"users_removed": 3}', "team_protect": "users=dwallace"},
        {"team_match_by": "external_id,user_name", "team_leavers_ignore_groups": "All staff"},
        {"team_mapping": {"user_name": "Login"}, "team_src": "people.csv", "team_verify": "none"},
        {"team_scope": {"users": {"filter": "active eq true"}, "groups": {"query": "a"}}},
        {"team_roster": "checked elsewhere", "other": 1},
    ],
)
def test_right_settings_and_other_variables_pass(given: dict[str, Any]) -> None:
    assert wrong_settings(given) is None


def test_every_mistake_has_its_line() -> None:
    said = wrong_settings({"team_leavers": "gone", "team_thresholds": {}, "team_verify": "x"})
    assert said == (
        "team_leavers must be one of inactive, absent, keep, not 'gone' | "
        "team_verify must be one of removals, writes, none, not 'x'"
    )


def test_each_choice_of_each_setting_passes() -> None:
    def check(option: Option) -> None:
        for choice in option.choices:
            assert wrong_settings({option.name: choice}) is None

    for option in TABLE:
        check(option)
    assert set(PASSED_ON) <= {one.name for one in DIRECTORY_OPTIONS}
    assert len(SETTINGS) == len(PASSED_ON)
