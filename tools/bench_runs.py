# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs what ``make bench`` measures: playbooks, modules, bare connections, peers.

Each is a process of its own, so that its memory and CPU can be told. Knows no goal.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environment
import tree
import versions
from bench_figures import Cost

PROGRAMS = "tests/bench"
TESTS = "ansible_collections.identity.scim.tests.bench"
TOKEN = "any"  # the server lets everything in
CONCURRENCY = 8
TIMEOUT = 300
Options = dict[str, Any]


class Broken(Exception):
    """A run that did not do what it should; its figures would mean nothing."""


@dataclass(frozen=True)
class Played:
    """What a playbook cost, and name, seconds and ``changed`` of each task."""

    cost: Cost
    tasks: list[dict[str, Any]]

    def seconds(self, name: str) -> list[float]:
        """Return how long the tasks of a name took."""
        return [one["seconds"] for one in self.tasks if one["name"] == name]


class Bench:
    """A copy of the checkout, a server, and the ways to run something against it."""

    def __init__(self, folder: Path, env: environment.Environment | None = None) -> None:
        self.folder = folder
        self.collection = tree.copy(folder)
        sys.path.insert(0, str(folder))
        self.server = importlib.import_module(f"{TESTS}.server")
        self.people = importlib.import_module(f"{TESTS}.people")
        self.env = env or environment.for_line(*environment.newest())
        self.url = ""
        self.number = 0
        self.built = json.loads(self._program(self.env, "worker.py", "--options"))
        (folder / "ansible.cfg").touch()

    def has(self, option: str) -> bool:
        """Return whether an option, or ``in_process``, is built."""
        return any(option in names for names in self.built.values())

    @property
    def connection(self) -> Options:
        """Return the connection options of a task."""
        found = {"server_url": self.url, "token": TOKEN}
        return {**found, "concurrency": CONCURRENCY} if self.has("concurrency") else found

    def change(self, **settings: Any) -> None:
        """Change settings of the server and forget what came."""
        self.server.change(self.url, **settings)

    def counts(self) -> dict[str, Any]:
        """Return what came to the server since then."""
        found: dict[str, Any] = self.server.counts(self.url)
        return found

    def write(self, name: str, content: Any) -> Path:
        """Write a JSON file that a run reads, and return its path."""
        self.number += 1
        path = self.folder / f"{self.number:03}-{name}"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    # --- what can be run -------------------------------------------------------------------------

    def play(
        self,
        tasks: Sequence[Options],
        variables: Mapping[str, str] | None = None,
        extra: Sequence[str] = (),
    ) -> Played:
        """Run a playbook on localhost. ``extra`` are options of ansible-playbook."""
        play = {"hosts": "localhost", "gather_facts": False, "tasks": list(tasks)}
        path = self.write("play.json", [play])
        times = path.with_suffix(".times")
        times.touch()
        python = json.dumps({"ansible_python_interpreter": "{{ ansible_playbook_python }}"})
        command = [str(self.env.bin / "ansible-playbook"), str(path), "-i", "localhost,"]
        command += ["-c", "local", "-e", python, *extra]
        own = {
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder),
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_CALLBACK_PLUGINS": str(self.collection / PROGRAMS / "callback"),
            "ANSIBLE_CALLBACKS_ENABLED": "bench_times",
            "BENCH_TIMES": str(times),
            **(variables or {}),
        }
        cost = self._measured(command, {**self.env.variables(), **own}, path.with_suffix(".log"))
        lines = times.read_text(encoding="utf-8").splitlines()
        return Played(cost, [json.loads(line) for line in lines])

    def core(self, module: str, options: Options, **job: Any) -> dict[str, Any]:
        """Run the core of a module in a process that has imported everything.

        ``users`` is a number of users to be passed inline, ``reset`` settings of the server to
        begin with.
        """
        given = {"module": module, "options": options, "connection": self.connection}
        given |= {"users": 0, "groups": 0, "members": 0, "first": {}, "reset": {}, **job}
        found: dict[str, Any] = json.loads(self._job(self.env, "worker.py", given))
        return found

    def read(self, path: str, small: str) -> dict[str, Any]:
        """Read a roster of a file in a process that has imported everything."""
        found: dict[str, Any] = json.loads(
            self._program(self.env, "worker.py", "--read", path, small)
        )
        return found

    def floor(self, stages: Sequence[Sequence[Any]], concurrency: int = CONCURRENCY) -> Cost:
        """Send (method, target, body) by bare connections; stages follow each other."""
        host = self.url.split("/")[2]
        given = {"host": host, "stages": stages, "concurrency": concurrency}
        found = json.loads(self._job(self.env, "floor.py", given))
        if found["status"] >= 300:
            raise Broken(f"the floor was answered {found['status']}")
        return Cost(seconds=found["seconds"], cpu=found["cpu"])

    def script(self, numbers: Iterable[int]) -> Cost:
        """Look users up, and create them, by a script with scim2-client."""
        users = [json.loads(self.people.text(number)) for number in numbers]
        found = json.loads(self._job(self.peers(), "peer.py", {"url": self.url, "users": users}))
        return Cost(seconds=found["seconds"], cpu=found["cpu"])

    def command_line(self, number: int) -> Cost:
        """Look one user up by scim2-cli."""
        peers = self.peers()
        header = f"Authorization: Bearer {TOKEN}"
        question = f'userName eq "{self.people.user_name(number)}"'
        command = [str(peers.bin / "scim2"), "--url", self.url, "--header", header]
        command += ["query", "user", "--filter", question]
        return self._measured(command, peers.variables(), self.folder / "scim2-cli.log")

    def peers(self) -> environment.Environment:
        """Return the environment of other SCIM clients. It shares no package with ours."""
        return environment.make("peers", environment.newest()[1], versions.PEERS, ())

    def _job(self, env: environment.Environment, program: str, job: Options) -> str:
        return self._program(env, program, str(self.write("job.json", job)))

    def _program(self, env: environment.Environment, program: str, *words: str) -> str:
        """Run a program of tests/bench and return the last line that it prints."""
        command = [str(env.python), str(self.collection / PROGRAMS / program), *words]
        variables = {**env.variables(), "PYTHONPATH": str(self.folder)}
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=variables,
            timeout=TIMEOUT,
            cwd=self.folder,
            check=False,
        )
        if done.returncode:
            raise Broken(f"{program} failed: {done.stderr[-2000:]}")
        return done.stdout.splitlines()[-1]

    def _measured(self, command: list[str], variables: dict[str, str], log: Path) -> Cost:
        """Run a command. Its CPU and memory are those of all processes that it waited for."""
        started = time.perf_counter()
        with log.open("wb") as sink:
            process = subprocess.Popen(  # pylint: disable=consider-using-with
                command,
                cwd=self.folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )
            _pid, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output = log.read_text(encoding="utf-8", errors="replace")
            raise Broken(f"{Path(command[0]).name} failed:\n{output[-3000:]}")
        return Cost(seconds=seconds, cpu=used.ru_utime + used.ru_stime, peak=used.ru_maxrss)
