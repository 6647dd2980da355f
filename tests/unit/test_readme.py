# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the README run as they stand there, in order, on one server.

It knows which of them something else runs.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
}
# The line that sums up a run. What changes a second time, or on a service that is not empty, shows.
# An error is the sentence of a task that failed.
RECAP = re.compile(r"^\S+ +: ok=.*\S|^\[ERROR\]: .*\S", re.MULTILINE)
FAILED = "[ERROR]"
# ``make serve`` in the environment of the tests, which has what its own has.
SERVE = """
import sys, environment, serve
environment.newest = tuple
environment.for_line = lambda: environment.Environment(environment.Path(sys.prefix), "")
sys.exit(serve.main())
"""
PASTED = re.compile(r"^ *export (\w+)=(\S+)$", re.MULTILINE)


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


@contextmanager
def served(command: str) -> Iterator[dict[str, str]]:
    """Yield the variables that a ``make serve`` prints to paste, while its server runs."""
    settings = dict(word.split("=", 1) for word in command.split()[2:])
    tools = str(ROOT / "tools")
    with subprocess.Popen(
        [sys.executable, "-c", SERVE],
        env={**os.environ, **settings, "PYTHONPATH": tools, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        text = ""
        try:
            for line in process.stdout:
                text += line
                if "Ctrl-C" in line:
                    break
            yield dict(PASTED.findall(text))
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.stdout.read()


def run_block(text: str, folder: Path, variables: dict[str, str]) -> Iterator[str]:
    """Run the commands of a block, and yield each that something else does not run."""
    for command, recap in commands(text):
        is_before = "teams.yml" in command and not (folder / "teams.yml").exists()
        if is_before or any(command.startswith(one) for one in (*ELSEWHERE, "make serve")):
            continue
        url = variables["SCIM_SERVER_URL"]
        found = run(shlex.split(command), folder, url, seconds=SECONDS, more=variables)
        print(command, found.stdout, found.stderr)
        is_failure = any(one.startswith(FAILED) for one in recap)
        assert (found.returncode != 0) is is_failure, command
        if "identity.scim.onboard" in command:
            counts_are_told(found, check="--check" in command)
        if recap:
            shown = RECAP.findall(found.stdout + found.stderr)
            assert [one for one in shown if one.startswith(FAILED) is is_failure] == recap, command
        yield command


def test_commands_of_the_readme_run_in_order_on_one_server(tmp_path: Path) -> None:
    ran = []
    with demo_server(tmp_path) as url:
        for kind, text in blocks():
            name = re.match(r"# ([\w.]+\.yml)\b", text)
            if kind == "yaml":
                if name:
                    (tmp_path / name[1]).write_text(text, encoding="utf-8")
            elif "make serve" not in text:
                ran += run_block(text, tmp_path, {"SCIM_SERVER_URL": url})
    assert len(ran) >= 8 and {one.split()[0] for one in ran} == {
        "ansible",
        "ansible-inventory",
        "ansible-playbook",
    }


def test_make_serve_prints_what_the_readme_shows_and_the_commands_after_it_run(
    tmp_path: Path,
) -> None:
    files = {}
    ran = []
    for kind, text in blocks():
        name = re.match(r"# ([\w.]+\.yml)\b", text)
        if kind == "yaml" and name:
            files[name[1]] = text
        for command, _recap in commands(text) if kind == "console" else ():
            if command.startswith("make serve"):
                for file, content in files.items():
                    (tmp_path / file).write_text(content, encoding="utf-8")
                with served(command) as variables:
                    ran += [command, *run_block(text, tmp_path, variables)]
    assert ran == ["make serve SERVICE=aws", "ansible-playbook accounting.yml"]
    [shown] = [text for kind, text in blocks() if kind == "console" and PASTED.match(text)]
    with served("make serve") as variables:
        assert variables.keys() == dict(PASTED.findall(shown)).keys()
        found = run(
            ["ansible-playbook", "accounting.yml"],
            tmp_path,
            variables["SCIM_SERVER_URL"],
            seconds=SECONDS,
            more=variables,
        )
        assert found.returncode == 0, found.stdout


def test_every_command_is_run_or_said_to_be_run_elsewhere() -> None:
    every = [one for kind, text in blocks() if kind == "console" for one, _said in commands(text)]
    programs = {one.split()[0] for one in every}
    assert programs <= {"ansible", "ansible-inventory", "ansible-playbook", "make"} | {
        one.split()[0] for one in ELSEWHERE
    }
