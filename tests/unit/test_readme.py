# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the README run as they stand there, in order, on one server.

It knows which of them something else runs.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.identity.scim.tests.unit.test_examples import ROOT, demo_server, run

README = (ROOT / "README.md").read_text(encoding="utf-8")
SECONDS = 120
BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# How a command begins that is not run here, and what runs it.
ELSEWHERE = {
    "pip install": "every environment of the tests",
    "ansible-galaxy": "tools/distribution.py",
    "export": "the environment of this test",
    "make serve": "demo_server",
}
# The line that sums up a run. What changes a second time, or on a service that is not empty, shows.
RECAP = re.compile(r"^\S+ +: ok=.*\S", re.MULTILINE)


def blocks() -> Iterator[tuple[str, str]]:
    """Yield the blocks of files and commands in order."""
    for kind, text in BLOCK.findall(README):
        yield kind, text


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of a block with the recap that its output shows."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _line, output = part.partition("\n")
        yield re.sub(r"\s{2,}#.*", "", command), RECAP.findall(output)


def counts_are_told(found: subprocess.CompletedProcess[str], *, check: bool) -> None:
    """Assert that one line of counts is on standard error, where no callback prints."""
    lines = re.findall(
        r"^identity\.scim: (.*unchanged, \d+ requests?)$", found.stderr, re.MULTILINE
    )
    assert len(lines) == 1 and ("would be created" in lines[0]) is check
    assert lines[0] not in found.stdout


def test_commands_of_the_readme_run_in_order_on_one_server(tmp_path: Path) -> None:
    ran = []
    with demo_server(tmp_path) as url:
        for kind, text in blocks():
            name = re.match(r"# ([\w.]+\.yml)\b", text)
            if kind == "yaml":
                if name:
                    (tmp_path / name[1]).write_text(text, encoding="utf-8")
                continue
            for command, recap in commands(text):
                if any(command.startswith(one) for one in ELSEWHERE):
                    continue
                if "teams.yml" in command and not (tmp_path / "teams.yml").exists():
                    continue  # the rehearsal before the roster is shown
                found = run(shlex.split(command), tmp_path, url, seconds=SECONDS)
                print(command, found.stdout, found.stderr)
                assert found.returncode == 0, command
                if "identity.scim.onboard" in command:
                    counts_are_told(found, check="--check" in command)
                if recap:
                    assert RECAP.findall(found.stdout) == recap, command
                ran.append(command)
    assert len(ran) >= 8 and {one.split()[0] for one in ran} == {
        "ansible",
        "ansible-inventory",
        "ansible-playbook",
    }


def test_every_command_is_run_or_said_to_be_run_elsewhere() -> None:
    every = [one for kind, text in blocks() if kind == "console" for one, _said in commands(text)]
    programs = {one.split()[0] for one in every}
    assert programs <= {"ansible", "ansible-inventory", "ansible-playbook"} | {
        one.split()[0] for one in ELSEWHERE
    }
