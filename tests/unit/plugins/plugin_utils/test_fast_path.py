# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the decision whether a task runs in the worker: every reason by itself."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.plugin_utils._fast_path import (
    Circumstances,
    why_not_in_process,
)

PLAIN = Circumstances(connection="local", controller=sys.executable)


def why_not(**changed: Any) -> str | None:
    """Why a task that is plain but for this does not run in the worker."""
    return why_not_in_process(dataclasses.replace(PLAIN, **changed))


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"interpreter": sys.executable},
        {"environment": {"SCIM_IN_PROCESS": ""}},
        {"environment": {"SCIM_IN_PROCESS": "1"}},
        {"environment": {"SCIM_IN_PROCESS": "true", "HTTPS_PROXY": "http://proxy:3128"}},
        {"environment": {"NO_PROXY": "socks5://x"}},
    ],
)
def test_a_plain_task_of_the_controller_runs_in_the_worker(changed: dict[str, Any]) -> None:
    assert why_not(**changed) is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"connection": "ssh"}, "the connection is ssh"),
        ({"is_async": True}, "the task is asynchronous"),
        ({"becomes": "pam"}, "the task becomes pam"),
        ({"timeout": 30}, "the task has a timeout"),
        ({"task_environment": {"SCIM_TOKEN": "x"}}, "the task has an environment"),
        ({"interpreter": "/opt/other/python"}, "ansible_python_interpreter is /opt/other/python"),
        ({"interpreter": "python3"}, "ansible_python_interpreter is python3"),
        ({"missing": ("requests",)}, "the controller lacks requests"),
        ({"overridden": ("basic", "urls")}, "module_utils are overridden: basic, urls"),
        ({"environment": {"SCIM_IN_PROCESS": "0"}}, "SCIM_IN_PROCESS is 0"),
        ({"environment": {"SCIM_IN_PROCESS": "False"}}, "SCIM_IN_PROCESS is False"),
        ({"environment": {"SCIM_IN_PROCESS": "no"}}, "SCIM_IN_PROCESS is no"),
        ({"environment": {"SCIM_IN_PROCESS": " off "}}, "SCIM_IN_PROCESS is  off "),
    ],
)
def test_each_other_circumstance_makes_it_a_module(changed: dict[str, Any], reason: str) -> None:
    assert why_not(**changed) == reason


@pytest.mark.parametrize("name", ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "http_proxy"])
@pytest.mark.parametrize("proxy", ["socks5://canary@proxy:1080", "SOCKS4://proxy", "socks5h://p"])
def test_a_socks_proxy_makes_it_a_module_and_is_not_shown(name: str, proxy: str) -> None:
    assert why_not(environment={name: proxy}) == "the environment names a SOCKS proxy"


def test_names_of_one_python_in_one_folder_are_the_same(tmp_path: Path) -> None:
    """A link in another folder may have other libraries: a virtual environment has."""
    real = tmp_path / "usr" / "python3.13"
    real.parent.mkdir()
    real.touch()
    (real.parent / "python3").symlink_to(real)
    (tmp_path / "bin").symlink_to(real.parent)
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "python").symlink_to(real)
    (tmp_path / "venv" / "python3").symlink_to("python")
    for here in ("usr/python3.13", "usr/python3", "bin/python3"):
        assert why_not(controller=str(real), interpreter=str(tmp_path / here)) is None
    own = str(tmp_path / "venv" / "python")
    assert why_not(controller=own, interpreter=str(tmp_path / "venv" / "python3")) is None
    assert why_not(controller=own, interpreter=str(real)) is not None
    assert why_not(controller=str(real), interpreter=own) is not None
