# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stage that tested nothing has failed, and the total counts every stage."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import check
import environment
import pytest
import versions

SANITY = 'Running sanity test "pep8"\n'


@pytest.mark.parametrize(
    ("stage", "code", "output", "expected"),
    [
        ("sanity", 0, SANITY * 15, (True, "15 tests")),
        ("sanity", 0, SANITY * 14, (False, "tested only 14 tests")),
        ("sanity", 1, SANITY * 15, (False, "exit 1; 15 tests")),
        ("units", 0, "== 3 passed in 1 s ==\n== 40 passed, 2 skipped ==", (True, "43 passed")),
        ("units", 0, "All targets skipped", (False, "tested only 0 passed")),
        ("units", -signal.SIGKILL, "== 3 passed ==", (False, "took too long")),
        ("integration", 0, "h : ok=7 changed=0\nh : ok=12", (True, "19 tasks")),
        ("format", 0, "1 file already formatted", (True, "1 files")),
        ("mypy", 0, "Success: no issues found in 61 source files", (True, "61 files")),
        ("changelog", 0, "", (True, "")),
        ("changelog", 3, "", (False, "exit 3")),
    ],
)
def test_verdict(stage: str, code: int, output: str, expected: tuple[bool, str]) -> None:
    assert check.verdict(check.STAGES[stage], code, output) == expected


def test_excerpt_of_sanity_is_its_errors() -> None:
    assert check.excerpt(f"{SANITY}ERROR: one\nnoise\nFATAL: two") == "ERROR: one\nFATAL: two"
    assert check.excerpt("ERROR: one\nthe end") == "ERROR: one\nthe end"


@pytest.mark.parametrize(
    ("scores", "code", "line"),
    [
        ([True, True], 0, "2 passed, 0 failed"),
        ([True, False], 1, "1 passed, 1 failed"),
        ([], 1, "0 passed, 0 failed"),
    ],
)
def test_total(
    scores: list[bool], code: int, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, passed in enumerate(scores):
        score = {"passed": passed, "started": 1.0, "ended": 3.0, "cpu": 5.0}
        (tmp_path / f"{number}.score").write_text(json.dumps(score))
    assert check.total(tmp_path) == code
    written = capsys.readouterr().out.splitlines()
    assert written[-1] == line
    assert ("2 s, 10 s CPU" in written) == (len(scores) == 2)


def test_cpu_is_of_the_commands() -> None:
    before = check.cpu_of_children()
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    subprocess.run([sys.executable, "-c", busy], check=True)
    assert check.cpu_of_children() >= before + 0.2


def test_no_time_left_ends_the_stage_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "TIMEOUT", 0)
    collection = tmp_path / "ansible_collections/identity/scim"
    collection.mkdir(parents=True)
    env = environment.Environment(tmp_path, "3.13")
    command = ["sh", "-c", "sleep 60 & sleep 60"]
    code = check.execute(command, env, collection, tmp_path / "log", False)
    assert code == -signal.SIGKILL


@pytest.mark.parametrize("ci", ["", "true"])
def test_results_of_rehearsals_come_back_except_in_ci(
    ci: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(environment, "ROOT", tmp_path / "checkout")
    for place in ("checkout", "copy"):
        (tmp_path / place / check.PAGES).mkdir(parents=True)
        for name in ("aws", "results"):
            (tmp_path / place / check.PAGES / f"{name}.md").write_text("old")
    copy = tmp_path / "copy"
    before = check.texts(copy)
    assert check.keep_results(before, copy) == ""
    (copy / check.PAGES / "results.md").write_text("new")
    wrong = check.keep_results(before, copy)
    assert wrong.startswith("out of date: docs/services/results.md;" if ci else "")
    assert bool(wrong) is bool(ci)
    kept = {"aws.md": "old", "results.md": "old" if ci else "new"}
    assert check.texts(tmp_path / "checkout") == kept


def args_of(stage: str) -> argparse.Namespace:
    return argparse.Namespace(stage=stage, quick=True, targets=[])


def test_each_target_runs_on_one_of_the_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    newest, oldest = versions.LINES[0], versions.LINES[-1]
    monkeypatch.setattr(check, "available", lambda: [newest, oldest])
    some, others = (set(check.left_out(args_of("integration"), one)) for one in (newest, oldest))
    assert some & others == set(versions.BOTH_WAYS) and some != others
    assert not check.left_out(args_of("units"), newest) and check.left_out(args_of("units"), oldest)


def test_the_only_line_leaves_out_what_both_ways_run(monkeypatch: pytest.MonkeyPatch) -> None:
    only = versions.LINES[-1]
    monkeypatch.setattr(check, "available", lambda: [only])
    assert check.left_out(args_of("integration"), only) == versions.BOTH_WAYS
    assert not check.left_out(args_of("units"), only)


def test_lines_without_a_python_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "pythons", lambda: {"3.11": Path("python3.11")})
    assert check.show_lines() == 0
    said = capsys.readouterr()
    assert said.out.split() == ["2.19"]
    assert "skipped ansible-core 2.21: no Python 3.13 or 3.12 found" in said.err


def test_environments_are_in_no_folder_with_a_space(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("SCIM_BUILD_DIR", str(tmp_path / "my folder"))
    found = environment.build_folder()
    assert found.parent == tmp_path and not (tmp_path / "my folder").exists()
    monkeypatch.setenv("SCIM_BUILD_DIR", str(tmp_path / "mine"))
    assert environment.build_folder() == tmp_path / "mine"


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="no ssh-keygen")
def test_stages_that_begin_together_make_one_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SCIM_BUILD_DIR", str(tmp_path / "build"))
    with ThreadPoolExecutor(2) as both:
        for one in [both.submit(environment.seed_key) for _turn in range(2)]:
            one.result()
    folder = tmp_path / ".ansible/test"
    assert sorted(one.name for one in folder.iterdir()) == ["id_rsa", "id_rsa.pub"]
    before = (folder / "id_rsa").read_bytes()
    environment.seed_key()
    assert (folder / "id_rsa").read_bytes() == before
