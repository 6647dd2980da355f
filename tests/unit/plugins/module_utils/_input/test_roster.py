# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a task, from its lists or its file: equal in every format, and checked in one way."""

from __future__ import annotations

import csv
import json
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._input.directory import directory_of
from ansible_collections.identity.scim.plugins.module_utils._input.roster import Roster, roster_of
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError

CSV = "user_name,emails.work,teams\nann,ann@x.org,Sales\nbob,,Sales;Board\ncid,,\n"


def roster(**params: Any) -> Roster:
    return roster_of(params, [])


def refused(**params: Any) -> list[str]:
    with pytest.raises(ScimError) as info:
        roster_of(params, [])
    return str(info.value).split(" | ")


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        (
            {
                "teams": [
                    {"name": "Sales", "members": [{}, {"user_name": "jhalpert", "emails": "a@b.c"}]}
                ]
            },
            [
                "team 'Sales', member 1: user has no key to find it by; set one of id, external_id, user_name",
                "team 'Sales', member 2 (jhalpert): emails must be a list of {value, type}, not 'a@b.c'",
            ],
        ),
        (
            {"teams": [{"name": "Sales", "members": [{"username": "jhalpert"}]}]},
            ["team 'Sales', member 1: username: did you mean user_name?"],
        ),
        ({"users": [{"username": "jim"}]}, ["users[0]: username: did you mean user_name?"]),
        ({"users": [None]}, ["users[0] is null; remove it, or set its options"]),
        ({"users": ["ann"]}, ["users[0] must be a dictionary of options, not text"]),
        ({"teams": [7]}, ["teams[0] must be a dictionary of options, not the number 7"]),
        (
            {"teams": [{"name": "x", "members": ["ann"]}]},
            ["team 'x', member 1 must be a dictionary of options, not text"],
        ),
        (
            {"teams": [{"name": "x", "members": "ann"}]},
            ["team 'x': members must be a list of dictionaries, not text"],
        ),
        (
            {"teams": [{"name": True, "members": []}]},
            ["teams[0]: name must be text, not true; quote it, or add `| string`"],
        ),
        ({"teams": [{"members": []}]}, ["teams[0]: name must be set"]),
        ({"teams": [{"name": "x"}]}, ["team 'x': members must be set; a team lists its members"]),
        ({"teams": [{"name": "x", "member": []}]}, ["team 'x': member: did you mean members?"]),
        (
            {"teams": [{"name": "x", "state": "offboarded", "members": []}]},
            [
                "team 'x': members must not be empty; an offboarded team lists the members to offboard"
            ],
        ),
        (
            {"teams": [{"name": "x", "state": "gone", "members": []}]},
            ["team 'x': state must be one of onboarded, offboarded, not 'gone'"],
        ),
        (
            {"groups": [{"display_name": "x", "members": ["a"]}]},
            ["groups[0] (x): members must be a dictionary with set, add, remove, not a list"],
        ),
        (
            {"mapping": {"user_name": "x"}, "users": []},
            ["mapping is only for src, which is not set"],
        ),
    ],
)
def test_a_mistake_names_team_member_and_option(lists: dict[str, Any], said: list[str]) -> None:
    assert refused(**lists) == said


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "a.csv",
            "user_name,title\nann,\nbob,x,y\n,z\n",
            [
                "a.csv line 3 has 3 cells, but the header has 2",
                "a.csv line 4: user has no key to find it by; set one of id, external_id, user_name",
            ],
        ),
        (
            "a.csv",
            "user_name,active\nann,maybe\n",
            ["a.csv line 2 (ann): active must be true or false, not text"],
        ),
        ("a.csv", "user_name,e-mail\nann,x\n", ["a.csv line 1: e-mail: did you mean emails.work?"]),
        (
            "a.csv",
            "user_name,emails.work\nann,x\n",
            ["a.csv line 2 (ann): emails[0].value must be an e-mail address, not 'x'"],
        ),
        (
            "a.ndjson",
            '{"user_name": "ann"}\n{"username": "bob"}\n[]\n',
            [
                "a.ndjson line 2: username: did you mean user_name?",
                "a.ndjson line 3 must be a dictionary of options, not a list",
            ],
        ),
        (
            "a.json",
            '[{"user_name": 7}]',
            [
                "a.json line 1: user_name must be text, not the number 7; quote it, or add `| string`"
            ],
        ),
        (
            "a.json",
            '{"teams": [{"name": "x",\n"members": [{"user_name": "a", "titel": "b"}]}]}',
            ["a.json line 1, team 'x', member 1 (a): titel: did you mean title?"],
        ),
        (
            "a.yml",
            "- user_name: ann\n  user_name: bob\n",
            ["a.yml line 1 has the key user_name twice; remove one"],
        ),
        (
            "a.yml",
            "- name: x\n  members:\n  - user_name: a\n  - user_name: ' '\n",
            [
                "a.yml line 4, team 'x', member 2: user_name is an empty string; every user must have one, so omit it to keep the current value"
            ],
        ),
        ("a.yml", "- members: []\n", ["a.yml line 1, a team without a name: name must be set"]),
        (
            "a.yml",
            "groups:\n- displayname: x\n",
            ["a.yml line 2: displayname: did you mean display_name?"],
        ),
        (
            "a.yml",
            "- user_name: a\n  teams: {a: b}\n",
            ["a.yml line 1 (a): teams must be the names of teams"],
        ),
        (
            "a.yml",
            "- user_name: a\n  teams: ['']\n",
            ["a.yml line 1: name is an empty string; every team must have one"],
        ),
    ],
)
def test_b4_b6_b7_a_bad_row_is_named_with_file_and_line(
    tmp_path: Path, name: str, text: str, said: list[str]
) -> None:
    assert refused(src=written(tmp_path, name, text)) == said


def test_b17_a_hundred_bad_rows_are_twenty_and_a_count(tmp_path: Path) -> None:
    """B17: the first 20 and a count."""
    path = written(tmp_path, "a.csv", "user_name,active\n" + "ann,maybe\n" * 100)
    found = refused(src=path)
    assert len(found) == 21 and found[-1] == "and 80 more"
    assert found[19].startswith("a.csv line 21 (ann): ")


def test_o4_a_renamed_column_of_a_mapping_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "Login,Mail\nann,a@b.c\n")
    said = refused(src=path, mapping={"user_name": "login", "emails.work": "Email"})
    assert said == [
        "a.csv line 1: mapping.user_name names the column login; did you mean Login?",
        "a.csv line 1: mapping.emails.work names the column Email; did you mean Mail?",
    ]


@pytest.mark.parametrize("name", ["a.json", "a.ndjson", "a.yml"])
def test_o4_a_name_that_no_row_of_a_file_has_is_named(tmp_path: Path, name: str) -> None:
    rows = [{"login": "ann", "teams": "Sales"}, {"login": "bob"}]
    path = written(tmp_path, name, in_format(name.partition(".")[2], rows))
    mapping = {"user_name": "login", "teams": "team"}
    said = [f"{name}: mapping.teams names team, which no row has; did you mean teams?"]
    assert refused(src=path, mapping=mapping) == said


def test_teams_come_from_a_column(tmp_path: Path) -> None:
    found = roster(src=written(tmp_path, "people.csv", CSV))
    assert [one.settings for one in found.teams] == [{"name": "Sales"}, {"name": "Board"}]
    assert [list(one.members) for one in found.teams] == [
        [
            {"user_name": "ann", "emails": [{"type": "work", "value": "ann@x.org"}]},
            {"user_name": "bob"},
        ],
        [{"user_name": "bob"}],
    ]
    assert list(found.users) == [{"user_name": "cid"}]
    assert found.teams[0].members.place(1) == "people.csv line 3" and len(found) == 3


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- name: x\n  members:\n  - user_name: a\n", "a.yml line 3"),
        ('[{"name": "x",\n"members": [{"user_name": "a"}]}]', "a.json line 1, members[0]"),
    ],
)
def test_the_place_of_a_member(tmp_path: Path, text: str, place: str) -> None:
    name = "a.json" if text.startswith("[") else "a.yml"
    (team,) = roster(src=written(tmp_path, name, text)).teams
    assert team.members.place(0) == place


@pytest.mark.parametrize("source", ["lists", "file", "column"])
def test_the_state_of_every_team_may_be_replaced(tmp_path: Path, source: str) -> None:
    teams = [{"name": "Sales", "state": "onboarded", "members": [{"user_name": "ann"}]}]
    given_params: dict[str, Any] = {"teams": teams}
    if source == "file":
        given_params = {"src": written(tmp_path, "a.json", json.dumps(teams))}
    elif source == "column":
        given_params = {"src": written(tmp_path, "a.csv", "user_name,teams\nann,Sales\n")}
    found = roster(team_state="offboarded", **given_params)
    assert [one.settings["state"] for one in found.teams] == ["offboarded"]


@pytest.mark.parametrize("bad", [False, True])
def test_secrets_of_a_file_are_noted_also_after_an_error(tmp_path: Path, bad: bool) -> None:
    rows = [{"user_name": "ann", "password": "canary", "secret_attributes": {"pin": "1234"}}]
    if bad:
        rows.append({"usrname": "bob"})
    secrets: list[Any] = []
    try:
        roster_of({"src": written(tmp_path, "a.json", json.dumps(rows))}, secrets)
    except ScimError as error:
        assert bad and "canary" not in str(error) and "1234" not in str(error)
    assert secrets == ["canary", {"pin": "1234"}]


def test_match_by_of_the_task_decides_which_keys_a_row_must_have(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "user_name\nann\n")
    assert refused(src=path, match_by=["email"]) == [
        "a.csv line 2 (ann): match_by has no key to find it by; set one of emails"
    ]
    assert len(roster(src=path, match_by=["email", "user_name"]).users) == 1


# --- each format means what the same rows mean in a task ------------------------------------------

TEXT = st.text(string.ascii_letters + string.digits + " :#,;'\"|{}é-.\n", min_size=1, max_size=8)
WORD = TEXT.map(str.strip).filter(lambda text: bool(text) and "\n" not in text)
ODD = st.sampled_from(["no", "null", "00123", "2026-11-24", "1e3", "~", "true", "{{ x }}", "=1+1"])
CELL = WORD | ODD
NAME = st.dictionaries(st.sampled_from(["given_name", "family_name"]), CELL, min_size=1)
USER = st.fixed_dictionaries(
    {"user_name": CELL},
    optional={
        "title": CELL,
        "name": NAME,
        "enterprise": st.dictionaries(st.just("employee_number"), CELL, min_size=1),
        "emails": st.just([{"value": "a@b.c", "type": "work"}]),
        "active": st.booleans(),
        "roles": st.lists(st.fixed_dictionaries({"value": CELL}), min_size=1, max_size=1),
        "attributes": st.dictionaries(
            st.just("urn:example:2.0:User:badge"), st.booleans() | st.integers(0, 9), min_size=1
        ),
    },
)


def in_format(name: str, rows: list[dict[str, Any]]) -> str:
    if name == "ndjson":
        return "".join(f"{json.dumps(row)}\n" for row in rows)
    if name == "json":
        return json.dumps(rows, indent=1)
    return str(yaml.safe_dump(rows, allow_unicode=True))


def meant(params: Mapping[str, Any]) -> list[Any]:
    return [one.content for one in directory_of({"membership": "exact", **params})]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("name", ["json", "ndjson", "yml"])
@given(rows=st.lists(USER, min_size=1, max_size=3))
def test_each_format_means_what_the_lists_of_a_task_mean(
    tmp_path: Path, name: str, rows: list[dict[str, Any]]
) -> None:
    path = written(tmp_path, f"a.{name}", in_format(name, rows))
    assert meant({"src": path}) == meant({"users": rows})


def cells(row: Mapping[str, Any], above: str = "") -> dict[str, str]:
    found = {}
    for name, value in row.items():
        if isinstance(value, dict):
            found.update(cells(value, f"{above}{name}."))
        elif isinstance(value, list):
            found[f"{name}.work" if "type" in value[0] else name] = value[0]["value"]
        else:
            found[above + name] = str(value)
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("separator", [",", ";"])
@given(rows=st.lists(USER, min_size=1, max_size=3))
def test_a_table_means_what_the_lists_of_a_task_mean(
    tmp_path: Path, separator: str, rows: list[dict[str, Any]]
) -> None:
    rows = [{name: one for name, one in row.items() if name != "attributes"} for row in rows]
    tables = [cells(row) for row in rows]
    header = sorted({name for one in tables for name in one})
    path = tmp_path / "a.csv"
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, header, delimiter=separator, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(tables)
    assert meant({"src": str(path)}) == meant({"users": rows})
