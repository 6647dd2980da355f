# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says which tasks gave another result in the worker than as a module, as record.py wrote them.

Usage: compare.py MODULE.jsonl WORKER.jsonl
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

# What Ansible adds to a result, and what tells where it ran.
NOT_COMPARED = frozenset({"invocation", "exception", "ansible_facts", "deprecations"})
SAME = (
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{24,40}\b"), "ID"),
    (re.compile(r"(?<=127\.0\.0\.1:)\d{2,}|(?<=localhost:)\d{2,}"), "PORT"),
    (re.compile(r'W/"[^"]*"'), "VERSION"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z|[+-]\d\d:?\d\d)?"), "DATE"),
    (re.compile(r"(?:/private)?/(?:tmp|var/folders)/[^\s\"',:]+"), "PATH"),
)
Result = dict[str, Any]
Results = dict[tuple[str, str, str], list[Result]]


def normal(value: Any, name: str = "") -> Any:
    """Return a value of a result without what differs in every run.

    Services list resources by their ids, so lists are sorted, but for the operations. So are the
    members in a diff: one that is shown by its id stands elsewhere in each run.
    """
    if isinstance(value, dict):
        return {normal(key): normal(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        found = [normal(inner) for inner in value]
        return found if name == "operations" else sorted(found, key=json.dumps)
    if name == "seconds":
        return 0
    if isinstance(value, str):
        for pattern, instead in SAME:
            value = pattern.sub(instead, value)
        if name == "members":
            return ", ".join(sorted(value.split(", ")))
    return value


def place_of(path: str) -> str:
    """Return where a task is, without the folder of this run."""
    return path.rpartition("/targets/")[2]


def compared(result: Result) -> Result:
    """Return the parts of a result that are compared, of a loop those of each item."""
    found = {}
    for name, value in result.items():
        if name not in NOT_COMPARED and not name.startswith("_ansible"):
            found[name] = value
    if isinstance(found.get("results"), list):
        found["results"] = [compared(one) for one in found["results"]]
    return found


def read(lines: Iterable[str]) -> Results:
    """Return the results of each task on each host, in order."""
    found: Results = defaultdict(list)
    for line in lines:
        row = json.loads(line)
        key = (place_of(row["place"]), row["name"], row["host"])
        found[key].append({"way": row["way"], "result": normal(compared(row["result"]))})
    return found


def differences(modules: Results, workers: Results) -> Iterator[str]:
    """Yield a sentence for each task whose results are not equal."""
    for key in sorted({*modules, *workers}):
        one, other = modules.get(key, []), workers.get(key, [])
        place = f"{key[0]} ({key[1]}, {key[2]})"
        if len(one) != len(other):
            yield f"{place}: {len(one)} results as a module, {len(other)} in the worker"
        for number, (first, second) in enumerate(zip(one, other)):
            if first != second:
                yield f"{place}, result {number + 1}: {apart(first, second)}"


def apart(ours: Result, theirs: Result) -> str:
    """Return what differs in two results, by key."""
    found = []
    for name in sorted({*ours["result"], *theirs["result"]}):
        values = [one["result"].get(name, "nothing") for one in (ours, theirs)]
        if values[0] != values[1]:
            found.append(
                f"{name} is {str(values[0])[:600]} as a module, {str(values[1])[:600]} in the worker"
            )
    if ours["way"] != theirs["way"]:
        found.append(f"{ours['way']} as a module, {theirs['way']} in the worker")
    return "; ".join(found)


def main() -> int:
    """Print what differs; return the exit code."""
    results = []
    for name in sys.argv[1:3]:
        path = Path(name)
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        results.append(read(text.splitlines()))
    found = list(differences(*results))
    count = sum(map(len, results[0].values()))
    print(*found, sep="\n")
    print(f"{count} results compared, {len(found)} differences")
    return 1 if found or not count else 0


if __name__ == "__main__":
    sys.exit(main())
