# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module in this process as the fast path does, and prints what it cost.

The first run, of another small job, imports everything. Only the second one is measured: from the
options as Ansible hands them over to the result. With ``--options`` it prints what is built, with
``--read`` what reading a roster alone costs.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    connection_spec,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.perform import perform
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS
from ansible_collections.identity.scim.plugins.module_utils._input.options import argument_spec
from ansible_collections.identity.scim.tests.bench import people
from ansible_collections.identity.scim.tests.bench.server import change, counts

ROOT = Path(__file__).resolve().parents[2]


def run(module: str, given: dict[str, Any], check: bool) -> dict[str, Any]:
    """Check the options and do the work; return the result. Raise SystemExit if it failed."""
    spec = {**connection_spec(), **argument_spec(TASKS[module].options)}
    validated = ArgumentSpecValidator(spec).validate(given)
    if validated.error_messages:
        raise SystemExit(f"{module}: {validated.error_messages}"[:2000])
    done = perform(module, validated.validated_parameters, {}, check=check, diff=False)
    if done.failure:
        raise SystemExit(f"{module}: {done.failure}"[:2000])
    return {**done.result, "warnings": list(done.warnings)}


def inline(job: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a roster inside of a task, if the job has one."""
    given: dict[str, Any] = {}
    if job["users"]:
        given["users"] = [people.options(number) for number in range(job["users"])]
    if job["groups"]:
        given["groups"] = []
        for group in range(job["groups"]):
            numbers = people.member_numbers(group, job["members"], job["users"])
            rows = [{"user_name": people.user_name(number)} for number in numbers]
            row = {"display_name": people.group_name(group), "members": {"set": rows}}
            given["groups"].append(row)
    return given


def measured(job: dict[str, Any]) -> dict[str, Any]:
    """Run a job: see ``Bench.core``."""
    url = job["connection"]["server_url"]
    first = job["first"] or {"users": [people.options(0)]}
    run("scim_directory", {**job["connection"], **first}, check=True)
    change(url, **job["reset"])
    given = {**job["connection"], **job["options"], **inline(job)}
    started, cpu = time.perf_counter(), time.process_time()
    result = run(job["module"], given, check=False)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kept = {name: result.get(name) for name in ("changed", "requests", "warnings", "notes")}
    return {"seconds": seconds, "cpu": cpu, "peak": peak, "counts": counts(url), **kept}


def read(path: str, small: str) -> dict[str, Any]:
    """Read a roster and nothing else; ``small`` is another one, to import everything."""
    from ansible_collections.identity.scim.plugins.module_utils._input.roster import roster_of

    roster_of({"src": small}, [])
    started, cpu = time.perf_counter(), time.process_time()
    rows = len(roster_of({"src": path}, []))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "cpu": cpu, "peak": peak, "rows": rows}


def built() -> dict[str, list[str]]:
    """Return the options of what the benchmark can use; ``in_process`` is one of ``paths``."""
    plugin = (ROOT / "plugins/action/scim_directory.py").read_text(encoding="utf-8")
    role = (ROOT / "roles/team/meta/argument_specs.yml").read_text(encoding="utf-8")
    return {
        "directory": [option.name for option in TASKS["scim_directory"].options],
        "connection": list(connection_spec()),
        "role": [name for name in ("team_src",) if f" {name}:" in role],
        "paths": ["in_process"] if "why_not_in_process" in plugin else [],
    }


if __name__ == "__main__":
    if sys.argv[1] == "--options":
        print(json.dumps(built()))
    elif sys.argv[1] == "--read":
        print(json.dumps(read(*sys.argv[2:])))
    else:
        print(json.dumps(measured(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
