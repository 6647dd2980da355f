# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of targets has its tasks run by the path that is asked for, and the results are compared."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import check
import environment
import paths
import pytest
import versions


def test_the_configuration_names_recorder_results_and_path(tmp_path: Path) -> None:
    file = tmp_path / "tests/integration/integration.cfg"
    file.parent.mkdir(parents=True)
    file.write_text(
        "[defaults]\n# why\ninject_facts_as_vars = False\n[connection]\npipelining = True\n"
    )
    paths.choose(tmp_path, "module", tmp_path / "results")
    text = file.read_text()
    assert "inject_facts_as_vars = False" in text and "pipelining = True" in text
    assert f"callback_plugins = {tmp_path}/tests/both_ways/callback" in text
    assert f"[both_ways]\nfile = {tmp_path}/results\nin_process = 0" in text


def results(file: Path, **result: object) -> Path:
    """A file as the recorder writes it."""
    row = {"place": "x.yml:1", "name": "n", "host": "h", "way": "ok", "result": result}
    file.write_text(json.dumps(row) + "\n")
    return file


def test_results_of_both_paths_are_compared(tmp_path: Path) -> None:
    same = {path: results(tmp_path / path, changed=True) for path in paths.PATHS}
    assert paths.compare(environment.ROOT, same) == (True, "1 results compared, 0 differences")
    results(same["worker"], changed=False)
    passed, found = paths.compare(environment.ROOT, same)
    assert not passed and "changed is True as a module, False in the worker" in found


def test_nothing_recorded_has_failed(tmp_path: Path) -> None:
    assert not paths.compare(environment.ROOT, {path: tmp_path / path for path in paths.PATHS})[0]


@pytest.mark.parametrize(
    ("stage", "quick", "path", "line", "expected"),
    [
        ("integration", True, "", 0, ("worker",)),
        ("integration", True, "", -1, ("module",)),
        ("integration", True, "module", 0, ("module",)),
        ("integration", False, "", 0, ("",)),
        ("both", False, "", 0, ("module", "worker")),
        ("units", True, "", 0, ("",)),
    ],
)
def test_the_quick_test_shows_each_path_on_one_line(
    stage: str,
    quick: bool,
    path: str,
    line: int,
    expected: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(environment, "newest", lambda: (versions.LINES[0], "3.13"))
    args = argparse.Namespace(stage=stage, quick=quick, path=path)
    assert check.paths_of(args, versions.LINES[line]) == expected
