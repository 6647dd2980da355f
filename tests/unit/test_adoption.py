# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory of what a service holds is a roster of it, whatever its variables are called.

It runs ansible-inventory and ansible-playbook as a user does.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.identity.scim.tests.unit.test_examples import demo_server, run

SECONDS = 120
OFFICE = {
    "users": [
        {
            "user_name": "mscott",
            "name": {"given_name": "Michael", "family_name": "Scott"},
            "title": "Manager",
            "roles": [{"value": "admin"}],
        },
        {"user_name": "jhalpert", "enterprise": {"manager": "mscott", "department": "Sales"}},
    ],
    "groups": [{"display_name": "Sales", "members": {"set": ["jhalpert", "mscott"]}}],
}
ADOPT = """
- hosts: all
  gather_facts: false
  roles:
    - {role: identity.scim.team, team_from_inventory: true, run_once: true}
"""


@pytest.mark.parametrize("prefix", ["", "person_"])
def test_p9_an_exported_inventory_changes_nothing_and_each_of_its_values_counts(
    tmp_path: Path, prefix: str
) -> None:
    source = f"plugin: identity.scim.people\nprefix: '{prefix}'\n"
    (tmp_path / "office.scim.yml").write_text(source, encoding="utf-8")
    (tmp_path / "adopt.yml").write_text(ADOPT, encoding="utf-8")
    export = "ansible-inventory -i office.scim.yml --export --list --yaml --output office.yml"
    adopt = "ansible-playbook -i office.yml adopt.yml"
    with demo_server(tmp_path) as url:

        def ran(*words: str) -> str:
            found = run(words, tmp_path, url, seconds=SECONDS)
            assert found.returncode == 0, found.stdout + found.stderr
            assert "reserved" not in found.stdout + found.stderr
            return found.stdout

        directory = "identity.scim.scim_directory"
        ran("ansible", "localhost", "-m", directory, "-a", json.dumps(OFFICE))
        ran(*export.split())
        roster = (tmp_path / "office.yml").read_text(encoding="utf-8")
        assert f"{prefix}title: Manager" in roster
        assert " changed=0 " in ran(*adopt.split())
        for old, new in (("Manager", "Boss"), ("admin", "guest"), ("Michael", "Micheal")):
            assert roster.count(old) == 1
            roster = roster.replace(old, new)
        (tmp_path / "office.yml").write_text(roster, encoding="utf-8")
        shown = ran(*adopt.split(), "--check", "--diff")
        assert " changed=1 " in shown
        assert all(f'"{new}"' in shown for new in ("Boss", "guest", "Micheal"))


def test_a_file_of_the_plugin_with_another_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "office.yml").write_text("plugin: identity.scim.people\n", encoding="utf-8")
    command = ["ansible-inventory", "-i", "office.yml", "--list"]
    found = run(command, tmp_path, "http://127.0.0.1:1", seconds=SECONDS)
    said = " ".join((found.stdout + found.stderr).split())
    assert "reads only files whose names end with .scim.yml or .scim.yaml; rename the file" in said
