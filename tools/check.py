"""Knows the stages of a test run and how to see that each really tested something; knows nothing of the tests themselves."""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import environment
import tree
import versions

TIMEOUT = 3000
TAIL = 80

Count = Callable[[str], tuple[int, str]]


def occurrences(pattern: str, what: str) -> Count:
    """How often a pattern is found."""
    return lambda output: (len(re.findall(pattern, output, re.MULTILINE)), what)


def total(pattern: str, what: str) -> Count:
    """The sum of the numbers a pattern captures."""
    return lambda output: (
        sum(int(number) for number in re.findall(pattern, output, re.MULTILINE)),
        what,
    )


def unless_empty(output: str) -> tuple[int, str]:
    """For programs that are silent when all is well: their exit code is the proof."""
    return 1, ""


@dataclass(frozen=True)
class Stage:
    """A command; how to count what it tested, and the fewest that are believed."""

    name: str
    command: tuple[str, ...]
    count: Count = unless_empty
    fewest: int = 1
    alone: bool = False  # ansible-test makes shared environments in sanity: two at the same time would meet there


@dataclass
class Lane:
    """Stages that run one after the other in one copy of the tree."""

    name: str
    make: Callable[[], environment.Environment]
    stages: list[Stage] = field(default_factory=list)


def ansible_test_stages(
    version: str, targets: list[str], left_out: tuple[str, ...] = ()
) -> dict[str, Stage]:
    python = ("--python", version, "--color", "no")
    excluded = [word for target in left_out for word in ("--exclude", target)]
    return {
        "sanity": Stage(
            "sanity",
            ("ansible-test", "sanity", "--color", "no", *targets),
            occurrences(r"^Running sanity test ", "tests"),
            15,
            True,
        ),
        "units": Stage(
            "units", ("ansible-test", "units", *python, *targets), total(r"(\d+) passed", "passed")
        ),
        "integration": Stage(
            "integration",
            ("ansible-test", "integration", *python, *excluded, *targets),
            total(r"\bok=(\d+)", "tasks"),
        ),
    }


LINT_STAGES = (
    Stage(
        "mypy",
        ("mypy", "--config-file", "mypy.ini", "plugins/module_utils"),
        total(r"no issues found in (\d+) source", "files"),
    ),
    Stage(
        "ansible-lint",
        ("ansible-lint", "--offline", "--nocolor"),
        total(r"(\d+) files processed", "files"),
    ),
    Stage("changelog", ("antsibull-changelog", "lint")),
    Stage("documentation", ("antsibull-docs", "lint-collection-docs", "--plugin-docs", ".")),
    Stage("generated", ("python", "tools/docs.py", "--check")),
)


class Runner:
    """Runs lanes, prints a line for each stage and keeps the score."""

    def __init__(self, folder: Path, stream: bool) -> None:
        self.folder, self.stream = folder, stream
        self.passed = self.failed = 0
        self.printing, self.alone = threading.Lock(), threading.Lock()
        self.skipped: list[str] = []
        self.running: set[subprocess.Popen[bytes]] = set()
        self.stopping = False

    def say(
        self, ok: bool, lane: str, stage: str, note: str, seconds: float, tail: str = ""
    ) -> None:
        with self.printing:
            self.passed, self.failed = self.passed + ok, self.failed + (not ok)
            if tail:
                print(
                    f"\n---- {lane} · {stage}: the end of its output ----\n{tail}\n----", flush=True
                )
            print(
                f"{'ok    ' if ok else 'FAILED'}  {lane:<16}  {stage:<14}  {note:<34}  {seconds:5.0f} s",
                flush=True,
            )

    def lane(self, lane: Lane) -> None:
        started = time.monotonic()
        folder = self.folder / re.sub(r"[^\w.]+", "-", lane.name)
        try:
            env = lane.make()
            collection = tree.copy(folder)
            self.servers(lane, collection)
        except (environment.Missing, OSError) as error:
            self.say(
                False,
                lane.name,
                "environment",
                "could not be made",
                time.monotonic() - started,
                str(error),
            )
            return
        for stage in lane.stages:
            if not self.stopping:
                self.stage(lane, stage, env, collection)

    def servers(self, lane: Lane, collection: Path) -> None:
        """Tell the integration tests of this copy where the further servers are: ansible-test gives them this file as variables."""
        if any(stage.name == "integration" for stage in lane.stages):
            found, skipped = environment.test_servers()
            lines = [f"{name}: {json.dumps(path)}" for name, path in found.items()]
            (collection / "tests/integration/integration_config.yml").write_text(
                "\n".join(["---", *lines, ""]), encoding="utf-8"
            )
            with self.printing:
                new = [line for line in skipped if line not in self.skipped]
                self.skipped += new
                print("".join(f"{line}\n" for line in new), end="", flush=True)

    def stage(
        self, lane: Lane, stage: Stage, env: environment.Environment, collection: Path
    ) -> None:
        log = collection.parents[2] / f"{stage.name}.log"
        with self.alone if stage.alone else threading.Lock():
            started = time.monotonic()
            code = self.execute(stage, env, collection, log)
        output = log.read_text(encoding="utf-8", errors="replace")
        number, what = stage.count(output)
        note = f"{number} {what}" if what else ""
        if code:
            note = (
                "took too long" if code == -signal.SIGKILL else f"exit {code}; {note}".rstrip("; ")
            )
        elif number < stage.fewest:
            code, note = 1, f"tested nothing ({note})" if not number else f"tested only {note}"
        tail = excerpt(output) if code and not self.stream else ""
        self.say(not code, lane.name, stage.name, note, time.monotonic() - started, tail)

    def execute(
        self, stage: Stage, env: environment.Environment, collection: Path, log: Path
    ) -> int:
        variables = {**env.variables(), "ANSIBLE_COLLECTIONS_PATH": str(collection.parents[2])}
        command = [
            shutil.which(stage.command[0], path=str(env.bin)) or stage.command[0],
            *stage.command[1:],
        ]
        with log.open("wb") as sink:
            out = subprocess.PIPE if self.stream else sink
            process = subprocess.Popen(  # pylint: disable=consider-using-with
                command,
                cwd=collection,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self.running.add(process)
            timer = threading.Timer(TIMEOUT, end, [process, signal.SIGKILL])
            timer.start()
            try:
                for line in process.stdout or ():
                    sink.write(line)
                    sys.stdout.buffer.write(line)
                    sys.stdout.flush()
                return process.wait()
            finally:
                timer.cancel()
                self.running.discard(process)

    def all(self, lanes: list[Lane], jobs: int) -> None:
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            try:
                for future in [pool.submit(self.lane, lane) for lane in lanes]:
                    future.result()
            except BaseException:
                self.stopping = True
                pool.shutdown(wait=False, cancel_futures=True)
                for process in list(self.running):
                    end(process, signal.SIGTERM)
                raise


def excerpt(output: str) -> str:
    """What to show of a failed stage: what ansible-test calls errors, if it named any, else the end."""
    lines = output.splitlines()
    errors = [line for line in lines if line.startswith(("ERROR: ", "FATAL: "))]
    return "\n".join(
        errors[:TAIL]
        if any(line.startswith("Running sanity test") for line in lines) and errors
        else lines[-TAIL:]
    )


def end(process: subprocess.Popen[bytes], number: int) -> None:
    """End a stage with everything it started."""
    try:
        os.killpg(process.pid, number)
    except OSError:
        pass


def lanes(args: argparse.Namespace) -> list[Lane]:
    """The newest line found runs everything; the oldest (and with --matrix each) what ansible-test does."""
    newest_line, newest_python = environment.newest()
    chosen = []
    for line in versions.LINES:
        version = environment.choose(line)
        if args.line and line.name != args.line:
            continue
        if not version and (
            args.matrix or args.line or line in (versions.LINES[0], versions.LINES[-1])
        ):
            print(
                f"skipped: ansible-core {line.name}: no Python {' or '.join(line.pythons)} found",
                flush=True,
            )
        elif version and (
            args.line
            or line == newest_line
            or (not args.stage and (args.matrix or line == versions.LINES[-1]))
        ):
            chosen.append((line, version))
    result: list[Lane] = []
    last: list[Lane] = []
    for line, version in chosen:
        left_out = (
            versions.CORE_ALIKE
            if line != newest_line and not (args.matrix or args.line or args.stage)
            else ()
        )
        if left_out:
            print(
                f"skipped: on ansible-core {line.name} the targets {', '.join(left_out)}, which make test-matrix runs there too",
                flush=True,
            )
        stages = ansible_test_stages(version, args.targets, left_out)
        # The first lane begins with sanity, the others end with it: so they seldom wait for each other. The first is the longest,
        # so its units are a lane of their own, for whoever has nothing else to do.
        order = (
            ["sanity", "integration", "units"]
            if line == newest_line
            else ["units", "integration", "sanity"]
        )
        wanted = [stages[name] for name in order if not args.stage or name in args.stage]
        apart = [wanted.pop()] if line == newest_line and not args.stage else []
        for name, some in (("core", wanted), ("units", apart)):
            if some:
                lane = Lane(
                    f"{name} {line.name}/{version}",
                    lambda line=line, version=version: for_tests(line, version),
                    some,
                )  # type: ignore[misc]
                (last if some is apart else result).append(lane)
    linting = [
        stage
        for stage in LINT_STAGES
        if (stage.name in args.stage if args.stage else not args.line)
    ]
    if linting:
        result.append(
            Lane("lint", lambda: environment.for_lint(newest_line, newest_python), linting)
        )
    return result + last


def for_tests(line: versions.Line, version: str) -> environment.Environment:
    env = environment.for_line(line, version)
    environment.seed_bootstrap(env)
    return env


def interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--matrix", action="store_true", help="every supported line of ansible-core"
    )
    parser.add_argument(
        "--line",
        choices=[line.name for line in versions.LINES],
        help="only this line of ansible-core",
    )
    parser.add_argument(
        "--stage",
        action="append",
        default=[],
        help="only this stage (again for more), its output shown",
    )
    parser.add_argument(
        "--jobs", type=int, default=int(os.environ.get("JOBS") or 2), help="lanes at the same time"
    )
    parser.add_argument(
        "targets", nargs="*", help="what ansible-test is to test; only with --stage"
    )
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, interrupted)
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="scim-test-"))
    runner = Runner(folder, bool(args.stage))
    try:
        todo = lanes(args)
        if not todo:
            raise environment.Missing("There is no such stage, or no Python for it.")
        runner.all(todo, 1 if args.stage else args.jobs)
    except environment.Missing as error:
        runner.say(False, "-", "environment", str(error).splitlines()[0], 0, str(error))
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        return 130
    if runner.failed:
        print(f"Logs of every stage: {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{time.monotonic() - started:.0f} s")
    print(f"{runner.passed} passed, {runner.failed} failed", flush=True)
    return 1 if runner.failed else 0


if __name__ == "__main__":
    sys.exit(main())
