# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints what the collection costs beside its goals: ``make bench``.

ONLY=name,… takes some sections, SIZE=n another number of users (of turns in ``task``, of items in
``loop``). Goals are for the usual sizes, so they are left out then, but for ratios. It fails if a
run does not do what it should, never because it is slow.
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import bench_figures as figures
import environment
from bench_runs import Bench, Broken
from bench_sections import SECTIONS


def chosen(environ: Mapping[str, str]) -> tuple[list[str], int]:
    """Return the names of sections and the number of users, 0 for the usual ones.

    Raise Broken for what is neither.
    """
    only = environ.get("ONLY", "").replace(",", " ").split()
    unknown = [name for name in only if name not in SECTIONS]
    if unknown:
        raise Broken(f"no section {unknown[0]!r}; ONLY must be of: {', '.join(SECTIONS)}")
    size = environ.get("SIZE", "").replace(",", "").replace("_", "").strip()
    if size and not (size.isdecimal() and int(size) > 0):
        raise Broken(f"SIZE must be a whole number above 0, not {size!r}")
    return only or list(SECTIONS), int(size or 0)


def machine(bench: Bench) -> str:
    """Return on what the figures were measured."""
    line, python = environment.newest()
    return (
        f"{time.strftime('%Y-%m-%d')}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, ansible-core {line.core}, Python {python}, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def lines(bench: Bench, name: str, size: int) -> Iterator[figures.Figure]:
    """Yield the lines of a section; of another size only ratios are judged."""
    section = SECTIONS[name]
    for figure in section.work(bench, size or section.size):
        is_fixed = size and size != section.size and figure.unit in ("s", "MiB")
        yield figure.unjudged() if is_fixed else figure


def report(bench: Bench, names: list[str], size: int) -> None:
    """Print the table."""
    started = time.monotonic()
    print(f"{machine(bench)}\n\n{figures.heading()}", flush=True)
    found = []
    for name in names:
        print(f"[{name}] {SECTIONS[name].title}", flush=True)
        for figure in lines(bench, name, size):
            found.append(figure)
            print(figure.line(), flush=True)
    print(f"\n{figures.totals(found)}; {time.monotonic() - started:.0f} s")
    print("docs/performance.md explains each figure.")


def interrupted(_number: int, _frame: object) -> None:
    """End like Ctrl-C does."""
    raise KeyboardInterrupt


def main() -> int:
    """Measure and print; return the exit code."""
    signal.signal(signal.SIGTERM, interrupted)
    folder = Path(tempfile.mkdtemp(prefix="scim-bench-"))
    keep = False
    try:
        names, size = chosen(os.environ)
        bench = Bench(folder)
        with bench.server.bench_server() as url:
            bench.url = url
            report(bench, names, size)
        return 0
    except (Broken, environment.Missing) as error:
        keep = folder.joinpath("ansible.cfg").exists()
        where = f"\nWhat was run is in {folder}" if keep else ""
        print(f"{error}{where}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", flush=True)
        return 130
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
