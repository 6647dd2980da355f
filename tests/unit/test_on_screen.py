# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-playbook prints, in the worker and as a module, and what a JSON callback gets.

It knows standard output and standard error, no code of the collection.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.identity.scim.tests.unit.test_examples import demo_server, run

SECONDS = 120
WAYS = ({}, {"SCIM_IN_PROCESS": "0"})
JSON_CALLBACK = """
DOCUMENTATION = "{name: only_json, type: stdout, short_description: x, description: x}"
import json
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, "stdout", "only_json"

    def v2_runner_on_ok(self, result):
        print(json.dumps({"task": str(result._task.get_name()), "result": result._result}))

    v2_runner_on_failed = lambda self, result, ignore_errors=False: self.v2_runner_on_ok(result)
"""
NAMES = ("jhalpert", "dschrute", "pbeesly", "amartin", "omartinez", "kmalone", "cbratton")


@pytest.fixture(name="place", params=WAYS, ids=["worker", "module"])
def place_fixture(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """Run a playbook on an empty server: in the worker, then as a module."""
    for name, value in request.param.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "only_json.py").write_text(JSON_CALLBACK, encoding="utf-8")
    with demo_server(tmp_path) as url:

        def play(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
            for name, value in environ.items():
                monkeypatch.setenv(name, value)
            found = run(["ansible-playbook", *words], tmp_path, url, seconds=SECONDS)
            for name in environ:
                monkeypatch.delenv(name)
            print(found.stdout, found.stderr)
            return found

        yield play


def roster(*names: str, team: str = "Sales") -> str:
    """Return a roster of one team as an extra variable."""
    members = [{"user_name": name} for name in names]
    return json.dumps({"team_roster": [{"name": team, "members": members}]})


def told(found: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the lines of counts. None of them is on standard output."""
    pattern = re.compile(r"^identity\.scim\S*(?: \(\S+\))?: (.*requests?)$", re.MULTILINE)
    assert not pattern.findall(found.stdout)
    return pattern.findall(found.stderr)


def test_the_role_and_scim_directory_tell_counts_in_words_on_standard_error(place: Any) -> None:
    onboard = ("identity.scim.onboard", "-e", roster("jhalpert", "dschrute"))
    [line] = told(place(*onboard, "--check"))
    assert line.startswith("3 would be created, 2 would join, 0 unchanged, ")
    [line] = told(place(*onboard))
    assert line.startswith("3 created, 2 joined, 0 unchanged, ")
    [line] = told(place(*onboard))
    assert line.startswith("3 unchanged, ")


def test_a_json_callback_gets_nothing_of_the_counts(place: Any) -> None:
    found = place(
        "identity.scim.onboard",
        "-e",
        roster("jhalpert"),
        ANSIBLE_STDOUT_CALLBACK="only_json",
        ANSIBLE_CALLBACK_PLUGINS=".",
    )
    results = [json.loads(line) for line in found.stdout.splitlines()]
    assert results and not any("joined, 0 unchanged" in json.dumps(one) for one in results)
    assert len(told(found)) == 1 and found.returncode == 0


def test_a_refused_plan_of_the_role_names_variables_of_the_role_everywhere(place: Any) -> None:
    place("identity.scim.onboard", "-e", roster(*NAMES))
    found = place("identity.scim.onboard", "-e", roster(NAMES[0]), "--diff")
    said = found.stdout + found.stderr
    assert found.returncode == 2 and "set team_thresholds.users_removed to 6" in said
    assert not re.search(r"set (thresholds|protect)\.", said)
    assert not told(found)


MISTAKES: tuple[tuple[dict[str, object], str], ...] = (
    ({"team_roster": {"name": "Sales"}}, "team_roster must be a list of teams, not a dictionary"),
    ({"team_roster": "Sales"}, "team_roster must be a list of teams, not a single value"),
    (
        {"team_roster": [{"name": "Ops"}, "Sales"]},
        "team_roster[1] must be a dictionary with at least a name, not text",
    ),
    (
        {
            "team_roster": [
                {"name": "Sales", "members": [{"user_name": "jim", "emails": "a@b.c"}]},
            ]
        },
        "team 'Sales', member 1 (jim): emails must be a list of {value, type}, not 'a@b.c'",
    ),
    (
        {"team_leaver": "keep"},
        "the role identity.scim.team has no variable 'team_leaver' (did you mean 'team_leavers'?)",
    ),
    (
        {"team_thresholds": {"user_removed": 3}},
        "team_thresholds.user_removed: did you mean team_thresholds.users_removed?",
    ),
    (
        {"team_leavers": "inactiv"},
        "team_leavers must be one of inactive, absent, keep, not 'inactiv'",
    ),
    (
        {"team_match_by": ["user_name", "mail"]},
        "team_match_by must be one of id, external_id, user_name, email, not 'mail'",
    ),
    (
        {"team_protect": ["dwallace"]},
        "team_protect must be a dictionary with users, groups, not a list",
    ),
    ({"team_from_inventory": "perhaps"}, "team_from_inventory must be true or false"),
    (
        {"team_mapping": {"user_name": "Login"}},
        "team_mapping is only for team_src, which is not set",
    ),
    ({"team_roster": [{"nme": "Sales"}]}, "team_roster[0]: nme: did you mean name?"),
)


@pytest.mark.parametrize(("wrong", "said"), MISTAKES, ids=[said[:20] for _wrong, said in MISTAKES])
def test_a_mistake_in_a_variable_of_the_role_is_one_line_of_ours(
    tmp_path: Path, wrong: dict[str, object], said: str
) -> None:
    ordinary = {"team_roster": [{"name": "Sales", "members": [{"user_name": "jim"}]}]}
    variables = json.dumps({**ordinary, **wrong})
    command = ["ansible-playbook", "identity.scim.onboard", "-e", variables]
    found = run(command, tmp_path, "http://127.0.0.1:1", seconds=SECONDS)
    [line] = re.findall(r"^\[ERROR\]: .*", found.stdout + found.stderr, re.MULTILINE)
    assert line == f"[ERROR]: Task failed: Action failed: {said}"
    assert "argument_spec_data" not in found.stdout


def test_a_variable_of_the_role_may_be_omitted_by_its_template(tmp_path: Path) -> None:
    omitted = "{{ not_set | default(omit) }}"
    settings = ("leavers", "match_by", "mapping", "protect", "thresholds", "scope", "verify")
    variables = {
        "team_roster": [{"name": "Sales", "members": [{"user_name": "jim"}]}],
        **{f"team_{name}": omitted for name in settings},
    }
    role = {"role": "identity.scim.team", "vars": variables}
    play = {"hosts": "localhost", "gather_facts": False, "roles": [role]}
    (tmp_path / "play.yml").write_text(json.dumps([play]), encoding="utf-8")
    command = ["ansible-playbook", "play.yml"]
    found = run(command, tmp_path, "http://127.0.0.1:1", seconds=SECONDS)
    [line] = re.findall(r"^\[ERROR\]: .*", found.stdout + found.stderr, re.MULTILINE)
    assert "the connection to http://127.0.0.1:1 was refused" in line
