"""Knows which parts of the fault tests there are and runs them side by side, each with a server of its own."""

# main.py             all parts → one line each, exit code 1 if one is not as expected
# main.py PART …      these parts one after the other, their lines shown as they come

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup_server/files"))

# pylint: disable=wrong-import-position
import launch  # noqa: E402
from alone import LIVES, alone, always  # noqa: E402
from driving import Server  # noqa: E402
from storm import storm  # noqa: E402

SEEDS = 20
PAGE = 60
LANES = (
    ("scim_user",),
    ("scim_group", "scim_group_membership"),
    ("always", *(module for module in LIVES if module not in ("scim_user", "scim_group", "scim_group_membership"))),
    tuple(f"storm {seed}" for seed in range(1, SEEDS + 1, 2)),
    tuple(f"storm {seed}" for seed in range(2, SEEDS + 1, 2)),
)


def lines(server: Server, part: str) -> Iterator[str]:
    if part == "always":
        yield from always(server)
    elif part.startswith("storm "):
        yield storm(server, int(part.split()[1]))
    else:
        yield alone(server, part)


def work(parts: tuple[str, ...]) -> int:
    """Run parts one after the other against one server; in the storms of even number it has pages."""
    paged = all(part.startswith("storm ") and int(part.split()[1]) % 2 == 0 for part in parts)
    started = launch.start(argparse.Namespace(folder=None, upstream=None, token="test-1", username="u", password="p", patch="on", bulk="on",
                                              bodies="off", page_size=PAGE if paged else 0, seconds=600))
    server = Server(started["url"], started["direct_url"], started["recorder_url"], started["token"])
    failed = 0
    try:
        for part in parts:
            begun = time.monotonic()
            try:
                for line in lines(server, part):
                    print(f"{line} ({time.monotonic() - begun:.1f} s)", flush=True)
            except Exception as fault:  # pylint: disable=broad-exception-caught
                failed += 1
                said = str(fault) if isinstance(fault, AssertionError) else traceback.format_exc()
                print(f"NOT AS EXPECTED, {part}: {said[:3000]}", file=sys.stderr, flush=True)
                server.spoil()
                server.clear()
    finally:
        launch.stop(started["pids"])
    return failed


def main() -> int:
    if sys.argv[1:]:
        return min(work(tuple(sys.argv[1:])), 1)
    lanes = [subprocess.Popen([sys.executable, __file__, *lane]) for lane in LANES]  # pylint: disable=consider-using-with
    try:
        failed = sum(lane.wait() != 0 for lane in lanes)
    finally:
        for lane in lanes:
            lane.terminate()
    print(f"{len(lanes) - failed} of {len(lanes)} lanes as expected")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
