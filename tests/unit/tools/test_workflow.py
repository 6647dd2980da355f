# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflow of the forge runs what ``make test-matrix`` runs, with the floors of requirements.

It knows names of stages and requirements, and runs none of them.
"""

from __future__ import annotations

import re
from pathlib import Path

import check
import pytest
import versions
import yaml

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.rst"))]
JOBS = ("core", "whole")
NEEDED = (ROOT / "meta/ee-requirements.txt").read_text(encoding="utf-8").split()


def stages_in(*beginnings: str) -> set[str]:
    """Return the stages that lines of the Makefile name, by how the lines begin."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    found: set[str] = set()
    for beginning in beginnings:
        [line] = [one for one in text.splitlines() if one.startswith(beginning)]
        found |= set(re.findall(r"[\w-]+", line.removeprefix(beginning))) & set(check.STAGES)
    return found


def test_the_workflow_has_every_stage_of_the_matrix() -> None:
    text = (ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8")
    core, whole = (yaml.safe_load(text)["jobs"][name]["strategy"]["matrix"] for name in JOBS)
    assert set(core["line"]) == {one.name for one in versions.LINES}
    pythons = {(one["line"], one["python"]) for one in core["include"]}
    assert pythons == {(one.name, one.pythons[0]) for one in versions.LINES}
    alone = {command.removeprefix("make ") for command in whole["command"]}
    assert set(core["stage"]) | alone - {"lint", "demo"} == stages_in("test-matrix: ", "on = ")
    assert stages_in("test-matrix: ") == {"both", "molecule", "runner", "site"}
    assert "$(LINT)" in (ROOT / "Makefile").read_text(encoding="utf-8") and "lint" in alone


def test_the_next_ansible_core_is_an_early_warning() -> None:
    text = (ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8")
    [job] = [
        one for one in yaml.safe_load(text)["jobs"].values() if "LINE=devel" in str(one["steps"])
    ]
    assert job["continue-on-error"] is True
    assert set(job["strategy"]["matrix"]["stage"]) <= set(check.CORE_STAGES)
    line = versions.by_name("devel")
    assert line not in versions.LINES
    assert line.requirement.startswith("https://github.com/ansible/ansible/")
    assert f'python-version: "{line.pythons[0]}"' in text


def test_the_workflow_runs_each_week() -> None:
    text = (ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8")
    [schedule] = yaml.safe_load(text)["on"]["schedule"]
    assert schedule["cron"].split()[2:4] == ["*", "*"]


def test_a_line_is_pinned() -> None:
    for line in versions.LINES:
        assert line.requirement == f"ansible-core=={line.core}"
        assert versions.by_name(line.name) is line


def test_pip_lines_name_the_requirements_with_their_floors() -> None:
    assert all(">=" in one for one in NEEDED)
    lines = [line for page in PAGES for line in page.read_text(encoding="utf-8").splitlines()]
    found = [one for one in lines if re.search(r'pip install "?ansible-core', one)]
    assert len(found) >= 3
    for line in found:
        assert re.findall(r'"([^"]+)"', line)[1:] == NEEDED, line


@pytest.mark.parametrize("folder", ["unit", "integration"])
def test_tests_have_the_same_floors(folder: str) -> None:
    used = (ROOT / f"tests/{folder}/requirements.txt").read_text(encoding="utf-8").split()
    names = {one.partition(">=")[0]: one for one in NEEDED}
    for one in used:
        name = re.split(r"[^\w-]", one)[0]
        assert names.get(name, one) == one
