# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which teams a run over some hosts is about, and which users must not leave."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.plugin_utils._teams import (
    REFUSAL,
    refusal_of,
    GROUP_VARIABLES,
    PERSON,
    Team,
    is_template,
    known_by,
    near,
    nested_rows,
    outside,
    person,
    picked,
    team_of,
    team_rows,
)

TEAMS = {
    "office": Team(
        group="office",
        name="The Office",
        people=("boss",),
        inside=("sales", "art"),
        below=frozenset({"boss", "jim", "dwight", "pam"}),
    ),
    "sales": Team(
        group="sales",
        name="Sales",
        external_id="s",
        people=("jim", "dwight"),
        below=frozenset({"jim", "dwight"}),
    ),
    "art": Team(group="art", name="Art", people=("pam",), below=frozenset({"pam"})),
    "nobody": Team(group="nobody", name="Nobody"),
}
ALL = frozenset({"boss", "jim", "dwight", "pam", "a-machine"})


def rows(*selected: str) -> Any:
    return {
        one["name"]: ([member["user_name"] for member in one["members"]], one.get("membership"))
        for one in team_rows(TEAMS, frozenset(selected), lambda host: {"user_name": host})
    }


def test_all_hosts() -> None:
    assert picked(TEAMS, ALL) == dict.fromkeys(TEAMS, True)
    assert rows(*ALL) == {
        "The Office": (["boss"], None),
        "Sales": (["jim", "dwight"], None),
        "Art": (["pam"], None),
        "Nobody": ([], None),
    }
    assert nested_rows(TEAMS, ALL) == [
        {"display_name": "The Office", "members": {"add": [{"group": "Sales"}, {"group": "Art"}]}}
    ]
    assert outside(TEAMS, ALL) == []


def test_one_team() -> None:
    """O7: of a whole team people may leave, but for those of other teams."""
    assert rows("jim", "dwight") == {"Sales": (["jim", "dwight"], None)}
    assert nested_rows(TEAMS, frozenset({"jim", "dwight"})) == [] and outside(
        TEAMS, frozenset({"jim", "dwight"})
    ) == ["boss", "pam"]


def test_team_outside_the_limit_in_part_is_additive() -> None:
    """O7: if a host of a team is outside the limit, no user leaves the team."""
    assert (
        rows("jim") == {"Sales": (["jim"], "additive")} and outside(TEAMS, frozenset({"jim"})) == []
    )


def test_a_team_that_contains_one_that_is_left_out_is_only_added_to() -> None:
    chosen = frozenset({"boss", "pam"})
    assert rows(*chosen) == {"The Office": (["boss"], "additive"), "Art": (["pam"], None)}
    assert nested_rows(TEAMS, chosen) == [
        {"display_name": "The Office", "members": {"add": [{"group": "Art"}]}}
    ]


def test_a_team_of_teams_is_picked_by_those_inside() -> None:
    teams = {
        **TEAMS,
        "office": Team(
            group="office",
            name="The Office",
            inside=("sales", "art"),
            below=frozenset({"jim", "dwight", "pam"}),
        ),
    }
    assert picked(teams, frozenset({"pam"})) == {"office": False, "art": True}
    assert not picked(teams, frozenset({"a-machine"}))


def test_an_offboarded_team_nests_nothing_and_is_nowhere_nested() -> None:
    gone = {
        **TEAMS,
        "sales": Team(
            group="sales", name="Sales", offboarded=True, people=("jim",), below=frozenset({"jim"})
        ),
    }
    assert nested_rows(gone, ALL) == [
        {"display_name": "The Office", "members": {"add": [{"group": "Art"}]}}
    ]
    assert {"name": "Sales", "state": "offboarded", "members": [{}]} in team_rows(
        gone, ALL, lambda host: {}
    )


@pytest.mark.parametrize(
    "variables, sentence",
    [
        (
            {"scim_team_state": "off"},
            "scim_team_state of the inventory group 'g' must be onboarded or offboarded, not 'off'",
        ),
        ({"scim_team_membership": "some"}, "exact or additive, not 'some'"),
        ({"scim_team_name": " "}, "a string that is not empty"),
        ({"scim_team_external_id": ["x"]}, "a string that is not empty"),
    ],
)
def test_group_variables_that_cannot_be(variables: Any, sentence: str) -> None:
    with pytest.raises(ScimError, match=sentence):
        team_of("g", variables, [], [], [])


def test_group_variables() -> None:
    assert team_of("g", {}, ["a"], [], ["a"]) == Team(
        group="g", name="g", people=("a",), below=frozenset({"a"})
    )
    said = {
        "scim_team_name": 7,
        "scim_team_external_id": 42,
        "scim_team_state": "offboarded",
        "scim_team_membership": "additive",
    }
    assert team_of("g", said, [], [], []) == Team(
        group="g", name="7", external_id="42", offboarded=True, additive=True
    )
    assert (
        near("scim_team_nmae", GROUP_VARIABLES) == "scim_team_name"
        and near("scim_token", GROUP_VARIABLES) is None
    )


def test_a_person_is_the_variables_that_are_attributes() -> None:
    asked = []

    def template(value: Any) -> Any:
        asked.append(value)
        return "made"

    variables = {
        "title": "CEO",
        "nick_name": "{{ x }}",
        "emails": [{"value": "{{ y }}"}],
        "locale": None,
        "scim_token": "s3cret",
        "groups": {"all": []},
        "ansible_host": "{{ never }}",
        "server_url": "x",
        "token": "x",
        "state": "inactive",
    }
    assert person("boss", variables, template) == {
        "user_name": "boss",
        "title": "CEO",
        "nick_name": "made",
        "emails": "made",
        "state": "inactive",
    }
    assert asked == ["{{ x }}", [{"value": "{{ y }}"}]]
    assert person("boss", {"user_name": "mscott"}, template) == {"user_name": "mscott"}


@pytest.mark.parametrize(
    "row, names",
    [
        (
            {
                "user_name": "jim",
                "external_id": 42,
                "id": "7f",
                "emails": [{"value": "office@x.com"}],
            },
            {"jim", "42", "7f"},
        ),
        (
            {
                "user_name": "jim",
                "match_by": ["email"],
                "emails": [{"value": "jim@x.com", "type": "work"}, {"type": "home"}],
            },
            {"jim", "jim@x.com"},
        ),
        (
            {
                "user_name": "jim",
                "match_by": "user_name, email",
                "emails": [{"value": "jim@x.com"}, "what"],
            },
            {"jim", "jim@x.com"},
        ),
        ({"user_name": "jim", "match_by": ["email"], "emails": None}, {"jim"}),
    ],
)
def test_users_outside_the_limit_are_named_by_every_key(row: Any, names: set[str]) -> None:
    """O7: by an e-mail address only where match_by says so.

    Several people may share one.
    """
    assert known_by(row) == names


def test_names() -> None:
    assert (
        near("username", PERSON) == "user_name"
        and near("externalid", PERSON) == "external_id"
        and near("email", PERSON) == "emails"
    )
    assert "groups" not in PERSON and not any(name.startswith("scim_") for name in PERSON)
    assert (
        is_template({"a": ["{% x %}"]})
        and is_template({"{{ k }}": 1})
        and not is_template({"a": ["x", 1, None, True]})
    )


def test_only_a_single_row_with_the_mark_is_a_refusal() -> None:
    assert refusal_of([{REFUSAL: "no"}]) == "no"
    for rows in (None, "x", [], [{"name": "a"}], [{REFUSAL: "no"}, {"name": "a"}], ["x"]):
        assert refusal_of(rows) is None
