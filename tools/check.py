"""Runs one stage of the tests in a copy of the checkout.

A stage that tested nothing fails. The Makefile decides which stages run and how many at a time. The
stage ``both`` runs integration targets as modules and in the worker, and compares their results.
With ``--logs FOLDER`` a stage prints a line when it starts and one when it ends, and leaves its log
and its score in the folder, which ``--total FOLDER`` sums up. Without it the output of the stage is
shown as it comes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import environment
import paths
import tree
import versions

TIMEOUT = 3000
MATRIX = 3  # times as long: all imitations are played
PAGES = "docs/services"
TAIL = 80
INTERRUPTED = 130


@dataclass(frozen=True)
class Stage:
    """A command, and how to see in its output that it tested something.

    ``count`` matches what was tested: a match counts as the number that it captures, else as one.
    A program that says nothing when all is well has none; its exit code is the proof.
    """

    command: tuple[str, ...]
    count: str = ""
    what: str = ""
    fewest: int = 1

    def tested(self, output: str) -> int:
        """Return how much was tested, according to the output."""
        found = re.findall(self.count, output, re.MULTILINE) if self.count else ["1"]
        return sum(int(one) if one.isdigit() else 1 for one in found)


NO_COLOR = ("--color", "no")
ON_PYTHON = ("--python", "{python}", *NO_COLOR)
CORE_STAGES = {
    "sanity": Stage(("ansible-test", "sanity", *NO_COLOR), "^Running sanity test ", "tests", 15),
    "units": Stage(("ansible-test", "units", *ON_PYTHON), r"(\d+) passed", "passed"),
    "integration": Stage(("ansible-test", "integration", *ON_PYTHON), r"\bok=(\d+)", "tasks"),
    "both": Stage(("ansible-test", "integration", *ON_PYTHON), r"\bok=(\d+)", "tasks"),
}
LINT_STAGES = {
    "format": Stage(
        ("ruff", "format", "--check", "--output-format=concise", "plugins", "tools", "tests"),
        r"(\d+) files? already formatted",
        "files",
    ),
    "mypy": Stage(
        ("mypy", "--config-file", "mypy.ini", "plugins/module_utils"),
        r"no issues found in (\d+) source",
        "files",
    ),
    "ansible-lint": Stage(
        ("ansible-lint", "--offline", "--nocolor"), r"(\d+) files processed", "files"
    ),
    "changelog": Stage(("antsibull-changelog", "lint")),
    "documentation": Stage(("antsibull-docs", "lint-collection-docs", "--plugin-docs", ".")),
    "distribution": Stage(("python", "tools/distribution.py"), "^passed: ", "checks", 3),
    "generated": Stage(("python", "tools/docs.py", "--check"), r"(\d+) files are as", "files"),
}
# Two runs would meet in the folder that molecule takes by default.
SCENARIO_FOLDER = "MOLECULE_EPHEMERAL_DIRECTORY=$PWD/.molecule"
SCENARIO = Stage(
    ("sh", "-c", f"cd extensions && {SCENARIO_FOLDER} exec molecule test"),
    r"(?:converge|idempotence|verify): Executed: Successful",
    "parts",
    3,
)
FLEET = Stage(
    ("sh", "-c", "PYTHONPATH=$ANSIBLE_COLLECTIONS_PATH exec python tools/fleet.py"),
    "^passed: ",
    "runs",
    3,
)
SITE = Stage(("python", "tools/site_pages.py"), "^The documentation site: ", "sites")
STAGES = CORE_STAGES | LINT_STAGES | {"molecule": SCENARIO, "runner": FLEET, "site": SITE}


def say(status: str, name: str, note: str = "", spent: str = "") -> None:
    """Print one line about a stage."""
    print(f"{status:<8}{name:<26}{note:<30}{spent}".rstrip(), flush=True)


def cpu_of_children() -> float:
    """Return the seconds of CPU that the commands of this process have taken so far.

    A server that a test starts in the background and stops counts only where it is waited for.
    """
    spent = os.times()
    return spent.children_user + spent.children_system


def chosen_line(name: str | None) -> tuple[versions.Line, str | None]:
    """Return a line of ansible-core and its Python if there is one.

    The default is the newest line.
    """
    if not name:
        return environment.newest()
    line = versions.by_name(name)
    return line, environment.choose(line)


def available() -> list[versions.Line]:
    """Return the lines of ansible-core with a Python here, the newest first."""
    return [line for line in versions.LINES if environment.choose(line)]


def show_lines() -> int:
    """Print the names of these lines, and which are skipped; return the exit code."""
    found = available()
    for line in versions.LINES:
        if line not in found:
            wanted = " or ".join(line.pythons)
            print(f"skipped ansible-core {line.name}: no Python {wanted} found", file=sys.stderr)
    print(*(line.name for line in found))
    return 0


def for_stage(
    args: argparse.Namespace, line: versions.Line, python: str
) -> environment.Environment:
    """Return the environment that the stage runs in."""
    if args.stage == "distribution":
        return environment.for_release(line, python)
    if args.stage in ("molecule", "runner"):
        return environment.for_scenario(line, python)
    if args.stage == "site":
        return environment.for_site(line, python)
    if args.stage in LINT_STAGES:
        return environment.for_lint(line, python)
    env = environment.for_line(line, python)
    environment.seed_bootstrap(env)
    if args.stage in ("integration", "both"):
        environment.seed_key()
    return env


def command_of(args: argparse.Namespace, line: versions.Line, python: str) -> list[str]:
    """Return the command of the stage with its options."""
    command = [word.format(python=python) for word in STAGES[args.stage].command]
    if args.stage == "both" and args.quick and not args.targets:
        return [*command, *versions.BOTH_WAYS]
    for target in left_out(args, line):
        command += ["--exclude", target]
    return [*command, *args.targets]


def left_out(args: argparse.Namespace, line: versions.Line) -> tuple[str, ...]:
    """Return what the quick test leaves out on a line, and say so.

    What one line leaves out the other one runs, so the only line leaves out nothing of that.
    """
    lines = available()
    is_newest = line == lines[0]
    found: tuple[str, ...] = ()
    if args.quick and args.stage == "integration":
        found = versions.BOTH_WAYS
        if len(lines) > 1:
            found += versions.ON_OLDEST if is_newest else versions.ON_NEWEST
    elif args.quick and args.stage == "units" and not is_newest:
        found = versions.UNITS_ON_NEWEST
    found = tuple(one for one in found if one not in args.targets)
    if found:
        names = ", ".join(found)
        print(f"skipped on {line.name}: {names} (make test-matrix runs them)", flush=True)
    return found


def name_servers(collection: Path, *, quick: bool) -> None:
    """Write where further test servers are.

    ansible-test reads this file as variables of the integration tests.
    """
    found, skipped = environment.test_servers()
    lines = ["---", *(f"{name}: {json.dumps(path)}" for name, path in found.items())]
    lines += [f"setup_server_quick: {json.dumps(quick)}", ""]
    file = collection / "tests/integration/integration_config.yml"
    file.write_text("\n".join(lines), encoding="utf-8")
    for reason in skipped:
        print(reason, flush=True)


def execute(
    command: list[str],
    env: environment.Environment,
    collection: Path,
    log: Path,
    show: bool,
    times: int = 1,
) -> int:
    """Run a command in the copy of the collection and return its exit code.

    One that takes ``times`` as long as it may is killed, and its exit code is minus SIGKILL. If
    we are interrupted, the command and all that it started end too.
    """
    end = time.monotonic() + times * TIMEOUT
    with log.open("wb") as sink, log.open("rb") as written:
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            [shutil.which(command[0], path=str(env.bin)) or command[0], *command[1:]],
            cwd=collection,
            env={**env.variables(), "ANSIBLE_COLLECTIONS_PATH": str(collection.parents[2])},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            while process.poll() is None:
                time.sleep(0.2)
                if show:
                    sys.stdout.write(written.read().decode(errors="replace"))
                    sys.stdout.flush()
                if time.monotonic() > end:
                    os.killpg(process.pid, signal.SIGKILL)
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)
            raise
    return process.returncode


def excerpt(output: str) -> str:
    """Return what to show of a failed stage: the errors of sanity tests, else the end."""
    lines = output.splitlines()
    errors = [line for line in lines if line.startswith(("ERROR: ", "FATAL: "))]
    sanity = any(line.startswith("Running sanity test") for line in lines)
    return "\n".join(errors[:TAIL] if sanity and errors else lines[-TAIL:])


def paths_of(args: argparse.Namespace, line: versions.Line) -> tuple[str, ...]:
    """Return the paths by which tasks run, one after another.

    "" is as users run them. The quick test shows each path on one line.
    """
    if args.stage == "both":
        return paths.PATHS
    if args.stage != "integration":
        return ("",)
    if args.quick and not args.path:
        return ("worker" if line == environment.newest()[0] else "module",)
    return (args.path,)


def tested(
    args: argparse.Namespace, line: versions.Line, env: environment.Environment, log: Path
) -> tuple[bool, str, str]:
    """Run the command of a stage; return whether it passed, a note and its output."""
    outputs, notes, results = [], [], {}
    has_passed = True
    for path in paths_of(args, line):
        with tempfile.TemporaryDirectory(prefix="scim-test-") as folder:
            collection = tree.copy(Path(folder))
            if args.stage in ("integration", "both"):
                name_servers(collection, quick=args.quick)
            if path:
                results[path] = log.with_suffix(f".{path}.jsonl")
                paths.choose(collection, path, results[path])
            pages = texts(collection)
            command = command_of(args, line, env.python_version)
            times = 1 if args.quick else MATRIX
            code = execute(command, env, collection, log, not args.logs, times)
            outdated = keep_results(pages, collection)
        outputs.append(log.read_text(encoding="utf-8", errors="replace"))
        has_passed, note = verdict(STAGES[args.stage], code, outputs[-1])
        if outdated:
            has_passed, note = False, outdated
        notes.append(note)
        if not has_passed:
            break
    if has_passed and args.stage == "both":
        has_passed, found = paths.compare(environment.ROOT, results)
        outputs.append(found)
        notes.append(found.splitlines()[-1])
        if not args.logs:
            print(found, flush=True)
    log.write_text("\n".join(outputs), encoding="utf-8")
    return has_passed, "; ".join(notes), outputs[-1]


def verdict(stage: Stage, code: int, output: str) -> tuple[bool, str]:
    """Return whether a stage passed, and a note about it."""
    number = stage.tested(output)
    note = f"{number} {stage.what}" if stage.what else ""
    if code == -signal.SIGKILL:
        return False, "took too long"
    if code:
        return False, f"exit {code}; {note}".rstrip("; ")
    if number < stage.fewest:
        return False, f"tested only {note}"
    return True, note


def texts(collection: Path) -> dict[str, str]:
    """Return the pages of services, by their names."""
    files = (collection / PAGES).glob("*.md")
    return {file.name: file.read_text(encoding="utf-8") for file in files}


def keep_results(before: Mapping[str, str], collection: Path) -> str:
    """Take over the pages to which the unit tests wrote results of rehearsals.

    Return what is wrong where CI is set: nobody would commit them there.
    """
    written = {name: text for name, text in texts(collection).items() if before.get(name) != text}
    names = ", ".join(f"{PAGES}/{name}" for name in sorted(written))
    if written and os.environ.get("CI"):
        return f"out of date: {names}; run make test and commit them"
    for name, text in written.items():
        (environment.ROOT / PAGES / name).write_text(text, encoding="utf-8")
    if written:
        print(f"written: {names}", flush=True)
    return ""


def run(args: argparse.Namespace, line: versions.Line, python: str, logs: Path) -> bool:
    """Run the stage, print and keep how it ended, and return whether it passed."""
    name = f"{args.stage} {line.name}/{python}" if args.stage in CORE_STAGES else args.stage
    log = logs / f"{name.replace('/', '-').replace(' ', '-')}.log"
    say("start", name)
    started = time.time()
    try:
        passed, note, output = tested(args, line, for_stage(args, line, python), log)
    except environment.Missing as error:
        passed, note, output = False, "no environment", str(error)
    if not passed and args.logs:
        print(f"\n---- {name}: the end of its output ----\n{excerpt(output)}\n----", flush=True)
    ended, cpu = time.time(), cpu_of_children()
    say("ok" if passed else "FAILED", name, note, f"{ended - started:7.0f} s {cpu:6.0f} s CPU")
    score = {"passed": passed, "started": started, "ended": ended, "cpu": cpu}
    log.with_suffix(".score").write_text(json.dumps(score), encoding="utf-8")
    return passed


def total(logs: Path) -> int:
    """Print how many stages passed and failed; return the exit code of all of them."""
    scores = [json.loads(file.read_text(encoding="utf-8")) for file in logs.glob("*.score")]
    passed = sum(score["passed"] for score in scores)
    if scores:
        seconds = max(one["ended"] for one in scores) - min(one["started"] for one in scores)
        cpu = sum(one["cpu"] for one in scores)
        print(f"Logs: {logs}\n{seconds:.0f} s, {cpu:.0f} s CPU")
    print(f"{passed} passed, {len(scores) - passed} failed", flush=True)
    return 0 if scores and passed == len(scores) else 1


def arguments() -> argparse.Namespace:
    """Return what is to be done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--line", choices=[line.name for line in (*versions.LINES, versions.DEVEL)])
    parser.add_argument("--logs", type=Path, help="keep log and score here; show no output")
    parser.add_argument("--quick", action="store_true", help="leave out what one line runs")
    parser.add_argument(
        "--path", choices=paths.PATHS, default="", help="how tasks of integration targets run"
    )
    parser.add_argument("--lines", action="store_true", help="print what can be tested")
    parser.add_argument("--total", type=Path, metavar="LOGS", help="sum up the scores there")
    parser.add_argument("stage", nargs="?", choices=STAGES, default="units")
    parser.add_argument("targets", nargs="*", help="what ansible-test is to test")
    return parser.parse_args()


def interrupted(_number: int, _frame: object) -> None:
    """End like Ctrl-C does."""
    raise KeyboardInterrupt


def main() -> int:
    """Run a stage or sum up; return the exit code."""
    args = arguments()
    if args.total:
        return total(args.total)
    if args.lines:
        return show_lines()
    signal.signal(signal.SIGTERM, interrupted)
    line, python = chosen_line(args.line)
    if not python:
        wanted = " or ".join(line.pythons)
        say("skipped", f"{args.stage} {line.name}", f"no Python {wanted} found")
        return 0
    lock = environment.locked(environment.build_folder() / "sanity")
    try:
        # ansible-test makes shared environments in sanity: two at the same time would meet there.
        with lock if args.stage == "sanity" else contextlib.nullcontext():
            with tempfile.TemporaryDirectory() as folder:
                passed = run(args, line, python, args.logs or Path(folder))
    except KeyboardInterrupt:
        print(f"interrupted: {args.stage}", flush=True)
        return INTERRUPTED
    # With --logs the score counts; make goes on with the next stage.
    return 0 if passed or args.logs else 1


if __name__ == "__main__":
    sys.exit(main())
