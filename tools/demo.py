"""Runs the office story on a SCIM server and checks what it promises.

The collection is a black box. The server is one that the demo starts itself. ``DEMO_ON`` (a URL)
and ``DEMO_TOKEN`` name another service, and nothing else in the environment does. Before it starts
there, it says what it will do and asks. ``DEMO_YES=1`` answers.
"""

from __future__ import annotations

import functools
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
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import demo_elsewhere
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
# The steps after it use what some services lack.
LAST_BEFORE_LIMITS = 4
RECOGNISED = """
import sys
from ansible_collections.identity.scim.plugins.module_utils._provider.profiles import profile_at
print(profile_at(sys.argv[1]))
"""
ROW = "{:>2}  {:<38}  {:<44}  {:>5} {:>6}  {:>7} {:>6}"


class Broken(Exception):
    """A promise that did not hold."""


@dataclass(frozen=True)
class Service:
    """A service to run the story on that is not the demo's own."""

    url: str
    token: str


def chosen_service(environ: Mapping[str, str]) -> Service | None:
    """Return the service that ``DEMO_ON`` names, or None for a server of our own.

    ``SCIM_SERVER_URL`` and ``SCIM_TOKEN`` are what a user exports for real work, so they never
    choose. Raise Broken if there is a URL and no token.
    """
    url = environ.get("DEMO_ON", "").strip().rstrip("/")
    token = environ.get("DEMO_TOKEN", "").strip()
    if not url:
        return None
    if not token:
        raise Broken("DEMO_ON needs the service's bearer token; set DEMO_TOKEN in the environment.")
    return Service(url, token)


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
    """Send one GET. Loopback addresses never use a proxy."""
    opener = urllib.request.build_opener(
        *([urllib.request.ProxyHandler({})] if url.startswith("http://127.") else [])
    )
    with opener.open(urllib.request.Request(url, headers=headers or {}), timeout=60) as response:
        return json.load(response)


def plural(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def described(entries: list[dict[str, Any]]) -> str:
    """Return in words what the writes did."""
    verbs = {"POST": "created", "PUT": "changed", "PATCH": "changed", "DELETE": "deleted"}
    touched: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        if entry["write"] and 200 <= (entry["status"] or 0) < 300:
            path = entry["path"].split("?")[0].replace("/users", "/Users")
            path = path.replace("/groups", "/Groups")
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
    """Return one row of the table. What does not fit goes on below."""
    first, *more = textwrap.wrap(what, 44)
    print(ROW.format(number, title, first, *counts))
    for line in more:
        print(ROW.format("", "", line, "", "", "", "").rstrip())
    sys.stdout.flush()


class Story:
    """The story on one service: the demo's own server if ``service`` is None."""

    def __init__(self, env: environment.Environment, folder: Path, service: Service | None) -> None:
        self.env, self.folder, self.service = env, folder, service
        self.server: dict[str, Any] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self.runs = 0
        self.settings: dict[str, Any] = {}

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
        if self.service:
            command.append(f"--upstream={self.service.url}")
        result = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, check=False, env=self.env.variables()
        )
        if result.returncode:
            raise Broken("The demo server did not start.")
        self.server = json.loads(result.stdout)

    def stop(self) -> None:
        """End the playbook and the server in every case."""
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

    @property
    def token(self) -> str:
        """Return the bearer token of the service that the story runs on."""
        return self.service.token if self.service else str(self.server["token"])

    def variables(self) -> dict[str, str]:
        """Return the environment of the playbook. The only service in it is the recorder."""
        return {
            **self.env.variables(),
            "SCIM_SERVER_URL": self.server["url"],
            "SCIM_TOKEN": self.token,
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder),
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
        }

    def command(self, extra: dict[str, Any]) -> list[str]:
        """Return the command of one run, with an inventory of its own.

        The machine's inventory may set ``scim_server_url``, which precedes the environment.
        """
        program = str(self.env.bin / "ansible-playbook")
        inventory = ["--inventory", "localhost,", "--connection", "local"]
        variables = json.dumps({**self.settings, **extra})
        return [program, PLAYBOOK, *inventory, "--extra-vars", variables]

    def play(self, doing: str, extra: dict[str, Any] | None = None) -> Run:
        """Run the playbook once."""
        self.runs += 1
        log = self.folder / f"play-{self.runs:02}.log"
        fetch(f"{self.server['recorder_url']}/take")
        with log.open("wb") as sink:
            self.process = subprocess.Popen(
                self.command(extra or {}),
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
        """Return every resource, read past the recorder."""
        return [*demo_elsewhere.listed(self.send, endpoint)]

    @functools.cached_property
    def send(self) -> demo_elsewhere.Request:
        """Send one request that nobody counts."""
        return demo_elsewhere.requests_to(self.server["direct_url"], self.token)

    def state(self) -> list[str]:
        """Return all users and groups without ids, dates and order."""
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

    def begin_elsewhere(self) -> None:
        """Find out which profile another service has and what it demands, and say so."""
        profile = self.profile()
        if profile:
            self.settings["scim_service_provider"] = profile
            print(f"    service_provider: {profile}")
        demanded = demo_elsewhere.demands(self.send, os.environ)
        if demanded:
            self.settings["office_demands"] = demanded
            print(f"    added to each new user, for the service demands it: {', '.join(demanded)}")
        sys.stdout.flush()

    def profile(self) -> str:
        """Return the profile of another service, "" for none.

        ``DEMO_SERVICE`` names it. Else its address is recognised, since the playbook has the
        address of the recorder.
        """
        assert self.service
        named = os.environ.get("DEMO_SERVICE", "").strip()
        if named:
            return named
        command = [str(self.env.python), "-c", RECOGNISED, self.service.url]
        variables = {**self.env.variables(), "PYTHONPATH": str(self.folder)}
        return subprocess.run(
            command, stdout=subprocess.PIPE, text=True, check=True, env=variables
        ).stdout.strip()

    def leave_out(self) -> None:
        """Leave out what another service lacks, and say so."""
        for lack in demo_elsewhere.lacks(self.send, self.settings.get("office_demands", {})):
            self.settings[lack.variable] = False
            print(f"    left out from here on, since the service lacks it: {lack.words}")
        sys.stdout.flush()

    def step(self, number: int, title: str) -> None:
        first = self.play(f"Step {number}", {"office_steps": [number], "office_passes": ["first"]})
        what = described(first.counts["entries"])
        if number in READS_ONLY and not first.writes:
            what = "nothing: it only reads"
        again = self.play(
            f"Step {number}, run again", {"office_steps": [number], "office_passes": ["second"]}
        )
        print_row(number, title, what, first.requests, first.writes, again.requests, again.writes)
        if not self.service and bool(first.writes) == (number in READS_ONLY):
            expected = "none" if first.writes else "some"
            raise Broken(f"Step {number} sent {first.writes} writes, expected {expected}.")
        if again.changed or again.writes:
            writes = (
                f"{plural(again.writes, 'write', 'writes')} ({described(again.counts['entries'])})"
            )
            raise Broken(
                f"Step {number}, run again, changed something: changed={again.changed}, {writes}."
            )

    def tell(self) -> None:
        where = self.service.url if self.service else "a SCIM server of our own, in memory"
        print(f"\nThe office story, on {where}, each step run two times in a row.")
        print("Requests are counted by a recorder in front of the server.\n")
        print(ROW.format("", "", "", "first", "run", "run", "again"))
        print(ROW.format("", "step", "what it changed", "reqs", "writes", "reqs", "writes"))
        print("-" * len(ROW.format(*[""] * 7)), flush=True)
        started = time.monotonic()
        if self.service:
            self.begin_elsewhere()
        for number, title in STEPS.items():
            self.step(number, title)
            if self.service and number == LAST_BEFORE_LIMITS:
                self.leave_out()
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
        resources = plural(len(after), "resource", "resources")
        print(f"The whole story once more: the same end state ({resources}).")
        print(f"All of it holds. {time.monotonic() - started:.0f} s\n")


def ask_first(service: Service, environ: Mapping[str, str]) -> None:
    """Say what the story does on another service, and ask.

    Raise Declined if it must not run there.
    """
    has_terminal = sys.stdin is not None and sys.stdin.isatty()
    demo_elsewhere.consent(service.url, environ, input if has_terminal else None)
    send = demo_elsewhere.requests_to(service.url, service.token)
    demo_elsewhere.check_reachable(send)


def interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    try:
        service = chosen_service(os.environ)
        if service:
            ask_first(service, os.environ)
    except (Broken, demo_elsewhere.Declined, urllib.error.URLError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted.", flush=True)
        return 130
    folder = Path(tempfile.mkdtemp(prefix="scim-demo-"))
    story, keep = None, False
    try:
        story = Story(environment.for_line(*environment.newest()), folder, service)
        story.start()
        story.tell()
        return 0
    except demo_elsewhere.Declined as error:
        print(error, file=sys.stderr)
        return 2
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
