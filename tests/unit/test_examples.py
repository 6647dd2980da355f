# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example that can run against the demo server runs there: all of them, in order, on one server.

It knows what the examples take for granted, and which of them need something else.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "tests/integration/targets/setup_server/files/directory.py"
TOKEN = "canary-of-examples"
SECONDS = 300
FOLDERS = ("modules", "lookup", "filter")

PEOPLE = (
    "mscott jhalpert dschrute pbeesly rhoward amartin omartinez kmalone kkapoor abernard cbratton "
    "cminer kfilippelli tflenderson"
)
MAILS = {
    "rhoward": "ryan.howard@dundermifflin.com",
    "kmalone": "kevin.malone@dundermifflin.com",
    "omartinez": "oscar.martinez@dundermifflin.com",
}
IDS = {
    "kfilippelli": "0a4f25ab-5f4c-5ec9-9f25-9a4d4a7d5f3a",
    "omartinez": "d5b7ab8f-9eb2-5b4c-a2c8-1d3a4b9a2d71",
}
SALES = "5f5b1f35-0a5a-54f4-9c58-43c1a0ba2a8b"
ORDINARY = (
    "Dunder Mifflin,Scranton Branch,Finer Things Club,Anger Management,Interns,All staff,Stamford,"
    "Pretzel Day,Prince Family Paper"
)
# What the examples take for granted.
OFFICE: dict[str, Any] = {
    "users": [
        {
            "user_name": name,
            "user_type": "Employee",
            **({"external_id": IDS[name]} if name in IDS else {}),
            **({"emails": [{"value": MAILS[name], "type": "work"}]} if name in MAILS else {}),
        }
        for name in PEOPLE.split()
    ],
    "groups": [
        *({"display_name": name} for name in ORDINARY.split(",")),
        {"display_name": "Sales", "external_id": SALES},
    ],
}
VARIABLES: dict[str, Any] = {
    "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    "vault_dschrute_password": "Beets-Bears-1",
    "vault_dschrute_pin": "1234",
    "vault_alarm_code": "2468",
    "kelly_certificate": "MIIBszCCAV2gAwIBAgIUQmVldHMsIGJlYXJz",
    "printer_pin": "4321",
    "login": "dschrute",
    "sales": [{"user_name": "jhalpert"}, {"user_name": "dschrute"}],
    "planners": [{"user_name": "amartin"}],
    "users_of_other_teams": [{"user_name": "kmalone"}],
    "new_users": [{"user_name": "dangelo"}, {"user_name": "rcalifornia"}],
    "all_users": [{"user_name": name} for name in PEOPLE.split()],
    "all_groups": [{"display_name": "office-scranton"}],
    "teams": [{"name": "Sales", "members": [{"user_name": "jhalpert"}, {"user_name": "dschrute"}]}],
    "team_roster": [
        {"name": "Sales", "members": [{"user_name": "jhalpert"}, {"user_name": "dschrute"}]}
    ],
}
FILES = {
    "people.csv": "user_name,teams\njhalpert,Sales\ndschrute,Sales\n",
    "export.csv": (
        "Login,Personnel No,First Name,Last Name,E-Mail,Department,Left On\n"
        "kmalone,,Kevin,Malone,kevin.malone@dundermifflin.com,Accounting,\n"
        "omartinez,,Oscar,Martinez,oscar.martinez@dundermifflin.com,Accounting,\n"
        "amartin,,Angela,Martin,angela.martin@dundermifflin.com,Accounting,\n"
        "cbratton,,Creed,Bratton,creed.bratton@dundermifflin.com,Quality,2013-05-16\n"
    ),
    "closed_branch.yml": "- {name: Stamford, members: [{user_name: kfilippelli}]}\n",
}
# Examples that need what the demo server, or any server, does not have.
NOT_RUN = {
    "Read them with HTTP Basic authentication": "another service",
    "Set the service in the task": "another service",
    "Set the service and how to reach it for several tasks, with OAuth and a client certificate": (
        "another service"
    ),
    "Read one group with its members from the given service": "another service",
    "Create a device, if the service supports devices": "devices",
    "Replace the whole device": "devices",
    "Read one device by id": "devices",
    "Read the names of the first hundred printers, in pages of 50": "devices",
    "Delete the device": "devices",
}


def examples() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the name of each plugin with its examples, in the order of names."""
    for folder in FOLDERS:
        for path in sorted((ROOT / "plugins" / folder).glob("[a-z]*.py")):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES":
                    yield f"{folder}/{path.stem}", yaml.safe_load(ast.literal_eval(node.value))


@contextmanager
def demo_server(folder: Path) -> Iterator[str]:
    """Yield the address of a demo server, as ``make serve`` starts it."""
    ready = folder / "ready"
    command = [sys.executable, str(SERVER), "--port=0", f"--token={TOKEN}"]
    with subprocess.Popen(
        [*command, f"--ready-file={ready}"], stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            while not ready.exists():
                assert process.poll() is None
                time.sleep(0.05)
            yield json.loads(ready.read_text())["url"]
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def run(
    command: Sequence[str],
    folder: Path,
    url: str,
    *,
    seconds: int,
    more: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Return how a command of Ansible ended that has its service from the environment."""
    program, *words = command
    return subprocess.run(
        [str(Path(sys.executable).with_name(program)), *words],
        cwd=folder,
        env={
            **os.environ,
            "SCIM_SERVER_URL": url,
            "SCIM_TOKEN": TOKEN,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT.parents[2]),
            "ANSIBLE_NOCOLOR": "1",
            **(more or {}),
        },
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def playbook() -> tuple[list[dict[str, Any]], int]:
    """Return a play for each plugin, and how many tasks they have."""
    office = {"name": "What the examples take for granted", "identity.scim.scim_directory": OFFICE}
    plays = [{"tasks": [office]}]
    for name, tasks in examples():
        runs = [one for one in tasks if one["name"] not in NOT_RUN]
        plays.append({"name": name, "tasks": runs})
    common = {"hosts": "localhost", "gather_facts": False, "vars": VARIABLES}
    return [{**common, **one} for one in plays], sum(len(one["tasks"]) for one in plays)


def test_every_example_runs_in_order_on_one_server(tmp_path: Path) -> None:
    plays, tasks = playbook()
    (tmp_path / "examples.yml").write_text(yaml.safe_dump(plays, sort_keys=False))
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    with demo_server(tmp_path) as url:
        found = run(["ansible-playbook", "examples.yml"], tmp_path, url, seconds=SECONDS)
    print(found.stdout, found.stderr)
    assert found.returncode == 0, found.stdout[-3000:]
    done = re.search(r"ok=(\d+)\s.*skipped=0", found.stdout)
    assert done and int(done[1]) == tasks


BRANCH: dict[str, Any] = {
    "users": [
        {
            "user_name": name,
            "title": title,
            "active": active,
            "emails": [{"value": f"{name}@example.com", "primary": True}],
            "addresses": [{"type": "work", "locality": place}],
            "enterprise": {"department": "Sales"},
        }
        for name, title, place, active in (
            ("mscott", "Regional Manager", "Scranton", True),
            ("jhalpert", "Salesman", "Scranton", True),
            ("kfilippelli", "Saleswoman", "Stamford", True),
            ("rhoward", "Temp", "Scranton", False),
        )
    ],
    "groups": [
        {"display_name": "Scranton Sales", "members": {"set": ["jhalpert"]}},
        {"display_name": "Stamford Sales", "members": {"set": ["kfilippelli"]}},
    ],
}
# What each example of the inventory plugin finds there: hosts, and groups with some of them.
INVENTORIES: tuple[tuple[set[str], dict[str, list[str]]], ...] = (
    (
        {"jhalpert", "kfilippelli", "mscott"},
        {"Scranton_Sales": ["jhalpert"], "Stamford_Sales": ["kfilippelli"]},
    ),
    (
        {"jhalpert@example.com", "mscott@example.com"},
        {
            "Scranton_Sales": ["jhalpert@example.com"],
            "managers": ["mscott@example.com"],
            "department_Sales": ["jhalpert@example.com", "mscott@example.com"],
        },
    ),
    (
        {"jhalpert", "kfilippelli", "mscott", "rhoward"},
        {"Scranton_Sales": ["jhalpert"], "Stamford_Sales": ["kfilippelli"]},
    ),
)


def inventories() -> list[str]:
    """Return the examples of the inventory plugin as texts."""
    for node in ast.parse((ROOT / "plugins/inventory/people.py").read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES":
            return str(ast.literal_eval(node.value)).split("\n---\n")
    return []


def test_every_example_of_the_inventory_plugin_is_an_inventory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SCRANTON_TOKEN", TOKEN)
    with demo_server(tmp_path) as url:
        branch = f"identity.scim.scim_directory -a {json.dumps(BRANCH)!r}"
        made = run(shlex.split(f"ansible localhost -m {branch}"), tmp_path, url, seconds=SECONDS)
        assert made.returncode == 0, made.stdout + made.stderr
        every = inventories()
        assert len(every) == len(INVENTORIES)
        for text, (hosts, groups) in zip(every, INVENTORIES):
            text = text.replace("https://scim.example.com/v2", url)
            (tmp_path / "people.scim.yml").write_text(text, encoding="utf-8")
            command = ["ansible-inventory", "-i", "people.scim.yml", "--list"]
            found = run(command, tmp_path, url, seconds=SECONDS)
            assert found.returncode == 0 and not found.stderr, found.stderr
            listed = json.loads(found.stdout)
            assert set(listed["_meta"]["hostvars"]) == hosts
            assert {name: sorted(listed[name]["hosts"]) for name in groups} == groups
    assert list((tmp_path / ".cache/scim").iterdir())


def test_examples_that_do_not_run_exist_and_read_what_they_register() -> None:
    found = [one for _name, tasks in examples() for one in tasks]
    assert NOT_RUN.keys() <= {one["name"] for one in found}
    registered = {one["register"] for one in found if "register" in one}
    assert registered.isdisjoint(["groups", "hostvars", "inventory_hostname", "environment"])
