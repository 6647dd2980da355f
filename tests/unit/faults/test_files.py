# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A roster in a file, from the option to what leaves: requests, secrets and notes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.parameters import PASS_VARS
from ansible.module_utils.testing import patch_module_args

from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run as run_module
from ansible_collections.identity.scim.tests.unit.faults.hostile import (
    TOKEN,
    Said,
    hostile,
    people,
    run,
)

SECRET = "canary-of-a-file"
USERS: list[dict[str, Any]] = [
    {"user_name": "ann", "password": SECRET, "title": "Boss"},
    {"user_name": "bob", "secret_attributes": {"urn:example:2.0:User:pin": f"{SECRET}-2"}},
]


def written(folder: Path, rows: Any, name: str = "people.json") -> str:
    (folder / name).write_text(rows if isinstance(rows, str) else json.dumps(rows), "utf-8")
    return str(folder / name)


def shown(said: Said) -> str:
    return json.dumps([said.result, said.failure, list(said.warnings)], default=str)


@pytest.mark.parametrize("check", [False, True])
def test_s4_secrets_of_a_file_are_masked_like_those_of_a_task(tmp_path: Path, check: bool) -> None:
    with hostile(people()) as service:
        said = run(service, "scim_directory", check=check, src=written(tmp_path, USERS))
    assert not said.failure and said.changed
    assert SECRET not in shown(said)
    with hostile(people()) as service:
        inline = run(service, "scim_directory", check=check, users=USERS)
    for one in (said, inline):
        one.result["summary"].pop("seconds")
    assert said.result == inline.result


def test_s5_a_secret_in_a_sentence_about_another_row_is_masked(tmp_path: Path) -> None:
    rows = [*USERS, {"user_name": "cid", "emails": [{"value": SECRET}]}]
    with hostile(people()) as service:
        said = run(service, "scim_directory", src=written(tmp_path, rows))
        assert not said.result["requests"]
    assert said.failure.startswith("people.json line 1 (cid): emails")
    assert SECRET not in shown(said)


@pytest.mark.parametrize("purge", [{}, {"users": "inactive"}])
@pytest.mark.parametrize("rows", ["[]", '[{"user_name": "ann"}, {"user_name": ""}]', "["])
def test_o1_a_bad_file_sends_nothing(tmp_path: Path, rows: str, purge: dict[str, str]) -> None:
    with hostile(people("ann", "bob")) as service:
        said = run(service, "scim_directory", src=written(tmp_path, rows), purge=purge)
        assert said.failure and not said.result["requests"] and not said.changed


@pytest.mark.parametrize(
    "table", ["user_name;title;nick_name\nann;;Annie\n", "user_name,nick_name\nann,Annie\n"]
)
def test_b8_an_empty_cell_and_a_missing_column_clear_nothing(tmp_path: Path, table: str) -> None:
    store = people("ann", title="Boss")
    with hostile(store) as service:
        said = run(service, "scim_directory", src=written(tmp_path, table, "people.csv"))
    assert said.changed and not said.failure
    held = store["ann"]
    assert (held["title"], held["nickName"]) == ("Boss", "Annie")


def test_teams_of_a_column_are_exact_and_their_leavers_go(tmp_path: Path) -> None:
    store = people("ann", "bob", "cid")
    store.group("Sales", ["ann", "bob"])
    table = "user_name;teams\nann;Sales\ncid;Sales|Board\n"
    limits = {"max_removals": "none", "members_removed_per_group": "none"}
    with hostile(store) as service:
        src = written(tmp_path, table, "people.csv")
        said = run(service, "scim_directory", src=src, thresholds=limits)
        assert said.failure == "", said.failure
        plan = said.result["plan"]
        joins = [(row["name"], row["joins"]) for row in plan if "joins" in row]
        leaves = [(row["name"], row["leaves"]) for row in plan if "leaves" in row]
        assert leaves == [("Sales", ["bob"])] and ("Sales", ["cid"]) in joins
        assert ("bob", "leaver") in [(row["name"], row["reason"]) for row in plan]
        assert not run(service, "scim_directory", src=src, thresholds=limits).changed


@pytest.mark.parametrize(("count", "notes"), [(1000, 0), (1001, 1)])
def test_more_than_a_thousand_rows_of_a_task_have_a_note(count: int, notes: int) -> None:
    users = [{"user_name": f"u{number}"} for number in range(count)]
    with hostile(people()) as service:
        said = run(service, "scim_directory", check=True, users=users)
    assert said.failure == "", said.failure
    found = said.result.get("notes", [])
    assert len(found) == notes and all("src reads a file" in one for one in found)
    assert not [one for one in said.warnings if "src" in one]


@pytest.mark.parametrize("option", ["users", "groups", "teams"])
@pytest.mark.parametrize("row", [None, "ann", 7, ["ann"]])
def test_k3_what_is_no_row_is_said_before_ansible_refuses_it(option: str, row: Any) -> None:
    with hostile(people()) as service:
        said = run(service, "scim_directory", **{option: [row]})
    wanted = "is null" if row is None else "must be a dictionary of options, not "
    assert said.failure.startswith(f"{option}[0] {wanted}") and not said.result["requests"]


@pytest.mark.parametrize("wrong", [False, True])
def test_s5_no_row_is_in_the_invocation(wrong: bool, capsys: pytest.CaptureFixture[str]) -> None:
    users = [{**USERS[0], **({"titel": "x"} if wrong else {})}]
    with hostile(people()) as service:
        args = {
            "server_url": service.url,
            "token": TOKEN,
            "use_proxy": False,
            "users": users,
            "_ansible_verbosity": 4,
            # ansible-core before 2.21 always shows the invocation and knows no such setting.
            **({"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}),
        }
        with patch_module_args(args), pytest.raises(SystemExit):
            run_module("scim_directory")
    printed = json.loads(capsys.readouterr().out)
    assert SECRET not in json.dumps(printed)
    assert "Boss" not in json.dumps(printed.get("invocation", {}))
    if wrong:
        assert printed["msg"] == "users[0] (ann): titel: did you mean title?"
