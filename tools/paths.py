"""Runs integration targets in the worker or as modules, and compares results.

Knows the configuration of Ansible in the copy that is tested, and tests/both_ways.
"""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

IN_PROCESS = {"module": "0", "worker": "1"}
PATHS = tuple(IN_PROCESS)
COMPARED = "tests/both_ways"


def choose(collection: Path, path: str, results: Path) -> None:
    """Let every task of the copy run by ``path``, and record its result.

    ``results`` is the file for that.
    """
    results.unlink(missing_ok=True)
    file = collection / "tests/integration/integration.cfg"
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(file, encoding="utf-8")
    settings["defaults"]["callback_plugins"] = str(collection / COMPARED / "callback")
    settings["both_ways"] = {"file": str(results), "in_process": IN_PROCESS[path]}
    with file.open("w", encoding="utf-8") as target:
        settings.write(target)


def compare(root: Path, results: dict[str, Path]) -> tuple[bool, str]:
    """Return whether the results of both paths are equal, and what was found."""
    files = [str(results[path]) for path in PATHS]
    done = subprocess.run(
        [sys.executable, str(root / COMPARED / "compare.py"), *files],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, (done.stdout + done.stderr).strip()
