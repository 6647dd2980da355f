"""Knows which lanes of fault tests there are and runs them side by side, each with a server of its own."""

# main.py             all lanes side by side → one line each, exit code 1 if one is not as expected
# main.py LANE …      these lanes one after the other

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LAUNCH = Path(__file__).resolve().parents[2] / "setup_server/files/launch.py"
sys.path.insert(0, str(LAUNCH.parent))

# pylint: disable=wrong-import-position
from alone import LIVES, alone, always  # noqa: E402
from cursor import cursor  # noqa: E402
from driving import Server  # noqa: E402
from storm import storm  # noqa: E402

AT_ONCE = 4  # most lanes wait most of the time, and a server must not be starved

# What a lane does, one after the other, and the options of its server.
LANES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "user": (("scim_user",), ()),
    "group": (("scim_group", "scim_group_membership"), ()),
    "directory": (("scim_directory",), ()),
    "others": (
        (
            "always",
            *(
                module
                for module in LIVES
                if module
                not in ("scim_user", "scim_group", "scim_group_membership", "scim_directory")
            ),
        ),
        (),
    ),
    "cursors": (("cursor",), ("--cursor=7", "--cursor-seconds=6")),
    "storm": (tuple(f"storm {seed}" for seed in range(1, 11)), ()),
    "storm with pages": (tuple(f"storm {seed}" for seed in range(11, 16)), ("--page-size=60",)),
    "storm with cursors": (tuple(f"storm {seed}" for seed in range(16, 21)), ("--cursor=60",)),
}


def lines(server: Server, part: str) -> Iterator[str]:
    if part == "always":
        yield from always(server)
    elif part == "cursor":
        yield cursor(server)
    elif part.startswith("storm "):
        yield storm(server, int(part.split()[1]))
    else:
        yield alone(server, part)


def work(parts: tuple[str, ...], options: tuple[str, ...]) -> int:
    """Run parts one after the other and return how many were not as expected."""
    command = [sys.executable, str(LAUNCH), "start", "--seconds=600", *options]
    started = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    server = Server(
        started["url"], started["direct_url"], started["recorder_url"], started["token"]
    )
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
                print(f"NOT AS EXPECTED, {part}: {said[:1500]}", file=sys.stderr, flush=True)
                server.spoil()
                server.clear()
    finally:
        subprocess.run(
            [sys.executable, str(LAUNCH), "stop", *map(str, started["pids"])], check=False
        )
        shutil.rmtree(started["folder"], ignore_errors=True)
    return failed


def main() -> int:
    if sys.argv[1:]:
        return min(sum(work(*LANES[name]) for name in sys.argv[1:]), 1)
    with ThreadPoolExecutor(AT_ONCE) as lanes:
        failed = sum(
            code != 0
            for code in lanes.map(
                lambda name: subprocess.call([sys.executable, __file__, name]), LANES
            )
        )
    print(f"{len(LANES) - failed} of {len(LANES)} lanes as expected")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
