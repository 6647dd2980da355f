"""Runs playbooks in the worker and as modules, and says what is not as it should be; knows no module."""

# both.py          all cases → one line each, exit code 1 if one is not as expected
# both.py CASE …   these

from __future__ import annotations

import getpass
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
# The folder that holds ansible_collections; ansible-test runs a copy of the targets some levels below it.
ROOT = next(folder.parent for folder in HERE.parents if folder.name == "ansible_collections")
BOTH_WAYS = ROOT / "ansible_collections/identity/scim/tests/both_ways"
MODULE = "runs as a module: "
SECRETS = ("canary-password-1", "canary-password-2", "canary-token")


class Service:
    """A service behind a recorder."""

    def __init__(self, place: dict[str, str]) -> None:
        self.url, self.token = place["url"], place["token"]
        self.direct_url, self.recorder_url = place["direct_url"], place["recorder_url"]

    def ask(self, url: str, method: str = "GET", body: Any = None) -> Any:
        """The JSON that it or its recorder answers."""
        headers = {"Authorization": f"Bearer {self.token}"}
        data = json.dumps(body).encode() if body is not None else None
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        request = urllib.request.Request(url, data, headers, method=method)
        with opener.open(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def counts(self) -> dict[str, Any]:
        """What was seen since the last look."""
        found: dict[str, Any] = self.ask(f"{self.recorder_url}/take")
        return found

    def names(self) -> list[str]:
        """The user names that it holds."""
        found = self.ask(f"{self.direct_url}/Users?count=1000")
        return sorted(one["userName"] for one in found.get("Resources", []))


class Plays:
    """Runs playbooks with an inventory and an environment of their own."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.folder = Path(given["folder"])
        self.worker, self.module = Service(given["worker"]), Service(given["module"])
        self.other = self.folder / "other" / "python"
        self.other.parent.mkdir(exist_ok=True)
        self.other.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
        self.other.chmod(0o755)
        (self.folder / "ansible.cfg").write_text("[defaults]\n", encoding="utf-8")

    def inventory(self, service: Service) -> Path:
        """Where the hosts are told."""
        local = {"ansible_connection": "local"}
        hosts = {
            "here": {**local, "ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "other": {**local, "ansible_python_interpreter": str(self.other)},
            "discovered": {**local, "ansible_python_interpreter": "auto_silent"},
            "remote": {
                "ansible_connection": "ssh",
                "ansible_host": "127.0.0.1",
                "ansible_port": 1,
                "ansible_python_interpreter": sys.executable,
            },
        }
        file = self.folder / "hosts.json"
        variables = {
            "service": {"url": service.url, "token": service.token},
            "own_user": getpass.getuser(),
            "other_python": str(self.other),
        }
        file.write_text(json.dumps({"all": {"hosts": hosts, "vars": variables}}), encoding="utf-8")
        return file

    def command(self, play: str, service: Service, *flags: str) -> list[str]:
        """The command of a playbook."""
        inventory = str(self.inventory(service))
        return ["ansible-playbook", "-i", inventory, *flags, str(HERE / play)]

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        """The environment of a playbook; "" removes a variable."""
        found = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_FORCE_COLOR": "0",
            # Of these playbooks, and not of the run that this test is a part of.
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_CALLBACK_PLUGINS": str(BOTH_WAYS / "callback"),
            "BOTH_WAYS_FILE": os.devnull,
            "SCIM_IN_PROCESS": "1",
            **more,
        }
        return {name: value for name, value in found.items() if value}

    def run(self, play: str, service: Service, *flags: str, **more: str) -> str:
        """What a playbook prints. It must succeed."""
        done = subprocess.run(
            self.command(play, service, *flags),
            env=self.environment(more),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        output = done.stdout + done.stderr
        assert done.returncode == 0, output[-4000:]
        return output


def reasons(output: str) -> dict[str, str]:
    """Why each task ran as a module, "worker" if it did not."""
    found = {}
    for part in output.split("\nTASK [")[1:]:
        name = part.partition("] **")[0]
        said = re.search(rf"{MODULE}(.*)", part)
        found[name] = said[1].strip() if said else "worker"
        assert said or "EXEC" not in part, part
    return found


def where(plays: Plays) -> Iterator[str]:
    """Each kind of task runs where it should."""
    output = plays.run("where.yml", plays.worker, "-vvv")
    found = {name: why for name, why in reasons(output).items() if " | " in name}
    assert len(found) > 15, found
    for name, why in found.items():
        assert name.partition(" | ")[2] == why, f"{name}: {why}"
        yield f"where: {name}"


def surroundings(plays: Plays) -> Iterator[str]:
    """What the environment changes."""
    shadow = plays.folder / "shadow"
    shadow.mkdir(exist_ok=True)
    (shadow / "urls.py").write_text("", encoding="utf-8")
    harmless = plays.folder / "harmless"
    harmless.mkdir(exist_ok=True)
    (harmless / "of_another.py").write_text("", encoding="utf-8")
    without = {}
    for library in ("requests", "jmespath"):
        folder = plays.folder / f"without-{library}"
        folder.mkdir(exist_ok=True)
        (folder / f"{library}.py").write_text("raise ImportError\n", encoding="utf-8")
        path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH", "")]))
        without[library] = {"PYTHONPATH": path}
    cases: list[tuple[dict[str, str], str]] = [
        ({}, "worker"),
        ({"SCIM_IN_PROCESS": ""}, "worker"),
        ({"SCIM_IN_PROCESS": "0"}, "SCIM_IN_PROCESS is 0"),
        ({"SCIM_IN_PROCESS": "false"}, "SCIM_IN_PROCESS is false"),
        ({"ANSIBLE_TASK_TIMEOUT": "60"}, "the task has a timeout"),
        ({"ALL_PROXY": "socks5h://127.0.0.1:1"}, "the environment names a SOCKS proxy"),
        ({"ALL_PROXY": "http://127.0.0.1:1"}, "worker"),
        ({"ANSIBLE_MODULE_UTILS": str(shadow)}, "module_utils are overridden: urls"),
        ({"ANSIBLE_MODULE_UTILS": str(harmless)}, "worker"),
        (without["requests"], "the controller lacks requests"),
        (without["jmespath"], "the controller lacks jmespath"),
    ]
    for more, expected in cases:
        found = reasons(plays.run("plain.yml", plays.worker, "-vvv", **more))
        assert list(found.values()) == [expected], (more, found)
        yield f"surroundings: {', '.join(more) or 'none'}: {expected}"


def loop(plays: Plays) -> Iterator[str]:
    """Items share a connection, and each sends the requests that a module would."""
    for path, service, count in (("1", plays.worker, 50), ("0", plays.module, 3)):
        seen = []
        for _run in range(2):
            service.counts()
            plays.run("loop.yml", service, f"-ecount={count}", SCIM_IN_PROCESS=path)
            found = service.counts()
            seen.append(found["by_method"])
            assert found["connections"] == (1 if path == "1" else count), found
        assert seen == [{"GET": count, "POST": count}, {"GET": count}], seen
        yield f"loop of {count}, SCIM_IN_PROCESS={path}: {seen}"


def equal(plays: Plays) -> Iterator[str]:
    """Both paths give the same results, and show no secret."""
    files = []
    for path, service in (("0", plays.module), ("1", plays.worker)):
        files.append(plays.folder / f"results-{path}")
        output = plays.run(
            "each.yml", service, "-vvvv", SCIM_IN_PROCESS=path, BOTH_WAYS_FILE=str(files[-1])
        )
        ran = set(reasons(output).values())
        assert ran == ({"worker"} if path == "1" else {"SCIM_IN_PROCESS is 0"}), ran
        # Ansible prints the options that a task states where it prints the task's items.
        told = re.sub(r"\(item=.*|^.*\"(ansible_loop_var|item)\".*", "", output)
        for secret in (*SECRETS, service.token):
            at = told.find(secret)
            assert at < 0 or '"item"' in told[max(0, at - 900) : at], told[
                max(0, at - 900) : at + 50
            ]
    done = subprocess.run(
        [sys.executable, str(BOTH_WAYS / "compare.py"), *map(str, files)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    yield f"equal: {done.stdout.splitlines()[-1]}"


def killed(plays: Plays) -> Iterator[str]:
    """An interruption in the middle of a write is a kill. The next run completes it."""
    service = plays.worker
    rule = {"method": "POST", "path_prefix": "/Users", "action": "stall", "skip": 3}
    for _name in [name for name in service.names() if name.startswith("loop-")]:
        remove(service, _name)
    service.ask(f"{service.recorder_url}/fault", "POST", rule)
    service.counts()
    running = subprocess.Popen(
        plays.command("loop.yml", service, "-ecount=10"),
        env=plays.environment({}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + 60
    while sum(name.startswith("loop-") for name in service.names()) < 4:
        assert running.poll() is None and time.monotonic() < end
        time.sleep(0.1)
    running.send_signal(signal.SIGTERM)
    assert running.wait(20) != 0
    service.ask(f"{service.recorder_url}/fault", "DELETE")
    plays.run("loop.yml", service, "-ecount=10")
    found = [name for name in service.names() if name.startswith("loop-")]
    assert sorted(found) == sorted(f"loop-{number}" for number in range(10)), found
    yield "killed: the next run completes it, and no user exists twice"


def remove(service: Service, name: str) -> None:
    """Delete a user past the recorder."""
    for one in service.ask(f"{service.direct_url}/Users?count=1000")["Resources"]:
        if one["userName"] == name:
            service.ask(f"{service.direct_url}/Users/{one['id']}", "DELETE")


# equal comes before loop: both services must hold the same.
CASES = (where, surroundings, equal, loop, killed)


def main() -> int:
    plays = Plays(json.load(sys.stdin))
    wanted = sys.argv[1:]
    for case in CASES:
        if not wanted or case.__name__ in wanted:
            for line in case(plays):
                print(line, flush=True)
    print("as expected")
    return 0


if __name__ == "__main__":
    sys.exit(main())
