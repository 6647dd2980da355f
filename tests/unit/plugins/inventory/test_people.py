# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files are ours, how groups are called, and groups that contain each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.inventory.data import InventoryData
from ansible.vars.reserved import get_reserved_names

from ansible_collections.identity.scim.plugins.inventory import people
from ansible_collections.identity.scim.plugins.inventory.people import InventoryModule, sanitized
from ansible_collections.identity.scim.plugins.plugin_utils._service import PluginRun
from ansible_collections.identity.scim.plugins.plugin_utils._teams import PERSON, person


@pytest.mark.parametrize(
    "name, ours",
    [
        ("a.scim.yml", True),
        ("b.scim.yaml", True),
        ("scim.yml", False),
        ("a.yml", False),
        ("a.scim.json", False),
    ],
)
def test_files(tmp_path: Path, name: str, ours: bool) -> None:
    (tmp_path / name).write_text("plugin: identity.scim.people\n", encoding="utf-8")
    assert InventoryModule().verify_file(str(tmp_path / name)) is ours
    assert not InventoryModule().verify_file(str(tmp_path / "absent.scim.yml"))


def test_a_file_of_ours_with_another_ending_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(people.display, "warning", said.append)
    for name, text in (
        ("office.yml", "---\n# x\nplugin: 'identity.scim.people'\n"),
        ("other.yml", "plugin: amazon.aws.aws_ec2\n# identity.scim.people\n"),
        ("office.scim.yml", "plugin: identity.scim.people\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        InventoryModule().verify_file(str(tmp_path / name))
    assert (
        len(said) == 1 and "office.yml names the inventory plugin identity.scim.people" in said[0]
    )
    assert "rename the file" in said[0]


def test_no_host_variable_has_a_name_that_ansible_reserves() -> None:
    every = dict.fromkeys(PERSON, 1)
    for prefix in ("", "person_"):
        assert not set(people.renamed(every, prefix)) & get_reserved_names()
    assert people.renamed({"name": 1, "title": 2}, "") == {"scim_name": 1, "title": 2}
    assert people.renamed({"name": 1}, "p_") == {"p_name": 1, "scim_prefix": "p_"}


@pytest.mark.parametrize("prefix", ["", "person_"])
def test_the_role_reads_what_the_inventory_calls_attributes(prefix: str) -> None:
    options = {"user_name": "pam", "name": {"given_name": "Pam"}, "roles": [{"value": "x"}]}
    variables = people.renamed(options, prefix)
    assert person("host", variables, lambda value: value) == options


@pytest.mark.parametrize(
    "name, valid",
    [
        ("Dunder Mifflin", "Dunder_Mifflin"),
        ("1st-line", "_st_line"),
        ("Café", "Café"),
        ("a.b/c", "a_b_c"),
    ],
)
def test_group_names(name: str, valid: str) -> None:
    assert sanitized(name) == valid


def test_groups_that_contain_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    plugin: Any = InventoryModule()
    plugin.inventory = InventoryData()
    plugin.get_option = lambda name: None
    run = PluginRun()
    monkeypatch.setattr(run, "warn", said.append)
    groups = [
        {"name": one, "vars": {"scim_team": True}, "hosts": [], "children": [other]}
        for one, other in (("a", "b"), ("b", "a"))
    ]
    plugin.fill(run, {"hosts": [], "groups": groups, "notes": []})
    assert said == ["the group 'a' is not shown in 'b', which it contains itself"]
    assert plugin.inventory.groups["b"].vars["scim_team_membership"] == "additive"
