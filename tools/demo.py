"""Knows how to run the office story on a server and what must be true of it; knows nothing of how the collection does it."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environment
import tree

LAUNCH = environment.ROOT / "tests/integration/targets/setup_server/files/launch.py"
PLAYBOOK = "identity.scim.office"
STEPS = {
    1: "Dunder Mifflin: 15 people, one group",
    2: "Charles Miner joins",
    3: "Micheal is deactivated, and leaves",
    4: "Micheal Scott Paper Company opens",
    5: "All of it verified by reading",
    6: "New addresses, one user replaced whole",
    7: "Clean-up: both groups deleted",
}
READS_ONLY = {5}
ROW = "{:>2}  {:<38}  {:<44}  {:>5} {:>6}  {:>7} {:>6}"


class Broken(Exception):
    """A promise that did not hold."""


@dataclass
class Run:
    """What one run of the playbook did: by its own recap, and as the recorder saw it."""

    changed: int
    counts: dict[str, Any]

    @property
    def requests(self) -> int:
        return int(self.counts["requests"])

    @property
    def writes(self) -> int:
        return int(self.counts["writes"])


def fetch(url: str, headers: dict[str, str] | None = None) -> Any:
    """One GET; loopback addresses are never asked for through a proxy."""
    opener = urllib.request.build_opener(
        *([urllib.request.ProxyHandler({})] if url.startswith("http://127.") else [])
    )
    with opener.open(urllib.request.Request(url, headers=headers or {}), timeout=60) as response:
        return json.load(response)


def plural(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def described(entries: list[dict[str, Any]]) -> str:
    """What the writes did, in words."""
    verbs = {"POST": "created", "PUT": "changed", "PATCH": "changed", "DELETE": "deleted"}
    touched: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        if entry["write"] and 200 <= (entry["status"] or 0) < 300:
            path = entry["path"].split("?")[0]
            for endpoint, names in (
                ("/Users", ("person", "people")),
                ("/Groups", ("group", "groups")),
            ):
                if path == endpoint or path.startswith(f"{endpoint}/"):
                    touched.setdefault((names[0], verbs[entry["method"]]), []).append(
                        path if path != endpoint else f"{path}#{id(entry)}"
                    )
    words = []
    for (one, verb), paths in touched.items():
        words.append(
            f"{plural(len(set(paths)), one, 'people' if one == 'person' else 'groups')} {verb}"
        )
    return ", ".join(words) or "nothing"


def print_row(number: int | str, title: str, what: str, *counts: int | str) -> None:
    """One row of the table; what does not fit goes on below."""
    first, *more = textwrap.wrap(what, 44)
    print(ROW.format(number, title, first, *counts))
    for line in more:
        print(ROW.format("", "", line, "", "", "", "").rstrip())
    sys.stdout.flush()


class Story:
    def __init__(self, env: environment.Environment, folder: Path) -> None:
        self.env, self.folder = env, folder
        self.own = not os.environ.get("SCIM_SERVER_URL")
        self.server: dict[str, Any] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self.runs = 0

    def start(self) -> None:
        tree.copy(self.folder)
        (self.folder / "ansible.cfg").touch()
        command = [
            str(self.env.python),
            str(LAUNCH),
            "start",
            f"--folder={self.folder / 'server'}",
            "--seconds=3600",
        ]
        if not self.own:
            command.append(f"--upstream={os.environ['SCIM_SERVER_URL']}")
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if result.returncode:
            raise Broken("The demo server did not start.")
        self.server = json.loads(result.stdout)

    def stop(self) -> None:
        """Whatever happens: no playbook and no server is left."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        if self.server:
            subprocess.run(
                [str(self.env.python), str(LAUNCH), "stop", *map(str, self.server["pids"])],
                check=False,
            )

    def variables(self) -> dict[str, str]:
        own = (
            {"SCIM_TOKEN": self.server["token"]}
            if self.own
            else {name: value for name, value in os.environ.items() if name.startswith("SCIM_")}
        )
        return {
            **self.env.variables(),
            **own,
            "SCIM_SERVER_URL": self.server["url"],
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder),
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        }

    def play(self, doing: str, extra: dict[str, Any] | None = None) -> Run:
        """Run the playbook once."""
        self.runs += 1
        log = self.folder / f"play-{self.runs:02}.log"
        fetch(f"{self.server['recorder_url']}/take")
        command = [
            str(self.env.bin / "ansible-playbook"),
            PLAYBOOK,
            *(["-e", json.dumps(extra)] if extra else []),
        ]
        with log.open("wb") as sink:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.variables(),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            code = self.process.wait()
        output = log.read_text(encoding="utf-8", errors="replace")
        changed = [
            int(number)
            for number in re.findall(r"^\S+\s+: ok=\d+\s+changed=(\d+)", output, re.MULTILINE)
        ]
        if code or not changed:
            print("\n".join(output.splitlines()[-40:]))
            raise Broken(f"{doing}: the playbook failed (exit {code}).")
        return Run(sum(changed), fetch(f"{self.server['recorder_url']}/take"))

    def resources(self, endpoint: str) -> list[dict[str, Any]]:
        """Every resource there is, read past the recorder."""
        headers = {"Accept": "application/scim+json"}
        token, user = (
            (self.server["token"] if self.own else os.environ.get("SCIM_TOKEN")),
            os.environ.get("SCIM_USERNAME", ""),
        )
        basic = base64.b64encode(f"{user}:{os.environ.get('SCIM_PASSWORD', '')}".encode()).decode()
        headers["Authorization"] = f"Bearer {token.strip()}" if token else f"Basic {basic}"
        found: list[dict[str, Any]] = []
        while True:
            page = fetch(
                f"{self.server['direct_url']}{endpoint}?startIndex={len(found) + 1}&count=100",
                headers,
            )
            found += page.get("Resources") or []
            if not page.get("Resources") or len(found) >= page.get("totalResults", 0):
                return found

    def state(self) -> list[str]:
        """All users and groups, without what a service makes up itself: ids, dates, order."""
        everything = self.resources("/Users") + self.resources("/Groups")
        names = {
            resource["id"]: resource.get("userName") or resource.get("displayName")
            for resource in everything
        }

        def plain(value: Any) -> Any:
            if isinstance(value, dict):
                return {
                    key: plain(inner)
                    for key, inner in value.items()
                    if key not in ("id", "meta", "$ref")
                }
            if isinstance(value, list):
                return sorted(
                    (plain(inner) for inner in value),
                    key=lambda inner: json.dumps(inner, sort_keys=True),
                )
            return names.get(value, value) if isinstance(value, str) else value

        return sorted(json.dumps(plain(resource), sort_keys=True) for resource in everything)

    def step(self, number: int, title: str) -> None:
        first = self.play(f"Step {number}", {"office_steps": [number], "office_passes": ["first"]})
        what = described(first.counts["entries"])
        if number in READS_ONLY and not first.writes:
            what = "nothing: it only reads"
        again = self.play(
            f"Step {number}, run again", {"office_steps": [number], "office_passes": ["second"]}
        )
        print_row(number, title, what, first.requests, first.writes, again.requests, again.writes)
        if self.own and bool(first.writes) == (number in READS_ONLY):
            raise Broken(
                f"Step {number} sent {first.writes} writes on a server where {'none were' if first.writes else 'some were'} to be expected."
            )
        if again.changed or again.writes:
            writes = (
                f"{plural(again.writes, 'write', 'writes')} ({described(again.counts['entries'])})"
            )
            raise Broken(
                f"Step {number}, run again, changed something: changed={again.changed}, {writes}."
            )

    def tell(self) -> None:
        where = "a SCIM server of our own, in memory" if self.own else "your SCIM server"
        print(
            f"\nThe office story, on {where}, each step run two times in a row.\nRequests are counted by a recorder in front of the server.\n"
        )
        print(ROW.format("", "", "", "first", "run", "run", "again"))
        print(ROW.format("", "step", "what it changed", "reqs", "writes", "reqs", "writes"))
        print("-" * len(ROW.format(*[""] * 7)), flush=True)
        started = time.monotonic()
        for number, title in STEPS.items():
            self.step(number, title)
        before = self.state()
        whole = self.play("The whole story once more")
        after = self.state()
        print_row(
            "",
            "the whole story once more, both runs",
            described(whole.counts["entries"]),
            whole.requests,
            whole.writes,
            "",
            "",
        )
        if before != after:
            differences = [f"  only before: {line}" for line in before if line not in after]
            differences += [f"  only after:  {line}" for line in after if line not in before]
            raise Broken(
                "The whole story, run once more, ended in another state:\n" + "\n".join(differences)
            )
        print("\nEvery step run again: changed=0 and no write at the server.")
        print(
            f"The whole story once more: the same end state ({plural(len(after), 'resource', 'resources')})."
        )
        print(f"All of it holds. {time.monotonic() - started:.0f} s\n")


def interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    folder = Path(tempfile.mkdtemp(prefix="scim-demo-"))
    story, keep = None, False
    try:
        story = Story(environment.for_line(*environment.newest()), folder)
        story.start()
        story.tell()
        return 0
    except (Broken, environment.Missing, urllib.error.URLError) as error:
        print(
            f"\nIt does not hold: {error}\nWhat Ansible and the recorder wrote: {folder}",
            flush=True,
        )
        keep = True
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", flush=True)
        return 130
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if story:
            story.stop()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
