# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A refused plan of the role names variables of the role."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import THRESHOLDS
from ansible_collections.identity.scim.plugins.plugin_utils._role_words import (
    in_words_of_the_role,
    said_by_the_role,
)
from ansible_collections.identity.scim.tests.unit.faults.hostile import Said, hostile, people, run

ROLE_HAS = ("team_thresholds.", "team_protect.")


def refused(**options: Any) -> Said:
    names = [f"n{number:02}" for number in range(20)]
    with hostile(people(*names)) as service:
        service.store.group("red", names)
        rows = [{"name": "red", "members": [{"user_name": one} for one in names[12:]]}]
        return run(service, "scim_directory", teams=rows, **options)


def test_every_threshold_is_named_as_the_role_does() -> None:
    said = refused()
    found = in_words_of_the_role(str(said.failure))
    assert " thresholds." not in found
    for kind in ("users_removed", "memberships_removed", "members_removed_per_group"):
        assert f"set team_thresholds.{kind} to 12" in found


@pytest.mark.parametrize("kind", [*THRESHOLDS, "max_removals"])
def test_a_threshold_that_is_wrong_is_named_as_the_role_does(kind: str) -> None:
    said = refused(thresholds={kind: "many"})
    assert str(said.failure).startswith(f"thresholds.{kind} must be")
    assert in_words_of_the_role(str(said.failure)).startswith(f"team_thresholds.{kind} must be")


@pytest.mark.parametrize(
    "options",
    [
        {"protect": {"users": ["jmespath:["]}},
        {"protect": {"groups": ["jmespath:["]}},
        {"scope": {"users": {"query": "["}}},
        {"scope": {"groups": {"filter": "("}}},
    ],
)
def test_protection_and_scope_are_named_as_the_role_does(options: dict[str, Any]) -> None:
    said = str(refused(**options).failure)
    [(option, parts)] = options.items()
    assert f"{option}.{[*parts][0]}" in said
    assert f"team_{option}.{[*parts][0]}" in in_words_of_the_role(said)


@pytest.mark.parametrize(
    ("text", "mapping", "has"),
    [
        ("Login\na\n", {"user_nme": "Login"}, "team_mapping.user_nme: did you mean"),
        ("Login\na\n", {"user_name": "Logn"}, "team_mapping.user_name names the column Logn"),
        ("Login\na\n", {"user_name": "[["}, "team_mapping.user_name"),
        (None, {"user_name": "Login"}, "team_mapping is only for team_src, which is not set"),
        ("", {}, "team_src '"),
    ],
)
def test_a_file_and_its_mapping_are_named_as_the_role_does(
    tmp_path: Path, text: str | None, mapping: dict[str, str], has: str
) -> None:
    options: dict[str, Any] = {"mapping": mapping}
    if text is None:
        options["users"] = []
    else:
        options["src"] = str(tmp_path / "people.csv")
    if text:
        (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    with hostile() as service:
        said = str(run(service, "scim_directory", **options).failure)
    assert "team_" not in said and has in in_words_of_the_role(said)


def test_the_place_of_a_team_is_in_the_roster_if_there_is_one() -> None:
    with hostile() as service:
        said = run(service, "scim_directory", teams=[{"nme": "Sales"}])
    result = {"msg": said.failure}
    assert said_by_the_role(result, has_roster=True) == {
        "msg": "team_roster[0]: nme: did you mean name?"
    }
    assert said_by_the_role(result) == result


def test_the_advice_about_an_account_of_another_external_id_names_the_variable() -> None:
    """Only that about users: the role has no keys of groups."""
    with hostile(people("pam", externalId="old")) as service:
        members = [{"user_name": "pam", "external_id": "new"}]
        said = run(service, "scim_directory", teams=[{"name": "red", "members": members}])
    advice = "leave external_id out of {} to keep the account"
    assert advice.format("match_by") in str(said.failure)
    assert advice.format("team_match_by") in in_words_of_the_role(str(said.failure))


@pytest.mark.parametrize("where", ["warnings", "notes"])
def test_the_note_about_the_own_account_names_the_variable(where: str) -> None:
    said = refused(thresholds={"max_removals": "none", "members_removed_per_group": "none"})
    every = [*said.warnings, *said.result.get("notes", ())]
    result = said_by_the_role({"changed": True, where: every})
    assert any("add it to team_protect.users" in one for one in result[where])


@pytest.mark.parametrize(
    "text",
    [
        "user 'thresholds.x' is protected",
        "would create 1 user: a.protect.users",
        "group 'scope.users'",
        "team_thresholds.users_removed",
        "thresholds",
        "user 'src' is protected",
        "the column src",
        "change it first with scim_group and match_by: [display_name]",
        "match_by must be a list of texts, not text",
        "group 'mapping.x'",
        "/srv/src 'a'",
    ],
)
def test_data_and_what_is_named_already_stay(text: str) -> None:
    assert in_words_of_the_role(text) == text


def test_the_other_parts_of_a_result_stay() -> None:
    result = {
        "failures": [{"name": "protect.users", "msg": "set thresholds.users_removed to 2"}],
        "plan": [{"name": "protect.users"}],
        "warnings": [],
    }
    assert said_by_the_role(result) == {
        "failures": [{"name": "protect.users", "msg": "set team_thresholds.users_removed to 2"}],
        "plan": [{"name": "protect.users"}],
        "warnings": [],
    }
