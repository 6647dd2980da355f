# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo runs on its own server unless ``DEMO_ON`` names another one."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOLS = Path(__file__).resolve().parents[3] / "tools"
ELSEWHERE = "https://scim.example.com/v2"
EXPORTED = {
    "SCIM_SERVER_URL": ELSEWHERE,
    "SCIM_TOKEN": "of-another-service",
    "SCIM_USERNAME": "admin",
    "SCIM_PASSWORD": "of-another-service",
    "SCIM_OAUTH_TOKEN_URL": "https://login.example.com/token",
    "scim_server_url": ELSEWHERE,
    "scim_token": "of-another-service",
    "ANSIBLE_INVENTORY": "/etc/ansible/production",
}
OWN = {"url": "http://127.0.0.1:4711/v2", "token": "own-token", "pids": []}


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, where the environment names a service for real work."""
    monkeypatch.syspath_prepend(str(TOOLS))
    for name, value in EXPORTED.items():
        monkeypatch.setenv(name, value)
    return importlib.import_module("demo")


def story(demo: ModuleType, folder: Path, environ: dict[str, str]) -> Any:
    """A story whose server answers at the address in OWN."""
    environment = importlib.import_module("environment").Environment(folder, "3.13")
    result = demo.Story(environment, folder, demo.chosen_service(environ))
    result.server = OWN
    return result


def test_exported_service_is_not_the_demo_s(demo: ModuleType) -> None:
    assert demo.chosen_service(EXPORTED) is None


def test_no_exported_variable_reaches_the_playbook(demo: ModuleType, tmp_path: Path) -> None:
    variables = story(demo, tmp_path, EXPORTED).variables()
    about_scim = {name: text for name, text in variables.items() if "scim" in name.lower()}
    assert about_scim == {"SCIM_SERVER_URL": OWN["url"], "SCIM_TOKEN": OWN["token"]}
    assert not set(EXPORTED.values()) & set(variables.values())


def test_inventory_of_the_machine_is_not_read(demo: ModuleType, tmp_path: Path) -> None:
    command = story(demo, tmp_path, EXPORTED).command({})
    assert command[command.index("--inventory") + 1] == "localhost,"


def test_demo_on_names_another_service(demo: ModuleType, tmp_path: Path) -> None:
    environ = {**EXPORTED, "DEMO_ON": "https://trial.example.com", "DEMO_TOKEN": "trial-token"}
    assert demo.chosen_service(environ) == demo.Service("https://trial.example.com", "trial-token")
    variables = story(demo, tmp_path, environ).variables()
    assert variables["SCIM_SERVER_URL"] == OWN["url"], "the recorder stands in front of it"
    assert variables["SCIM_TOKEN"] == "trial-token"


def test_demo_on_without_a_token_of_its_own_is_an_error(demo: ModuleType) -> None:
    with pytest.raises(demo.Broken, match="set DEMO_TOKEN"):
        demo.chosen_service({**EXPORTED, "DEMO_ON": "https://trial.example.com"})
