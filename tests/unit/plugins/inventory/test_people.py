# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files are ours, how groups are called, and groups that contain each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.inventory.data import InventoryData

from ansible_collections.identity.scim.plugins.inventory.people import InventoryModule, sanitized
from ansible_collections.identity.scim.plugins.plugin_utils._service import PluginRun


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
