# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a new process imports of the collection, since Ansible compiles that each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

OURS = "ansible_collections.identity.scim.plugins."
SCRIPT = f"""
import importlib, json, sys
for name in sys.argv[2:]:
    importlib.import_module("{OURS}" + name)
if sys.argv[1]:
    sys.modules["{OURS}module_utils._ansible.tasks"].TASKS[sys.argv[1]]
found = [name.partition("module_utils.")[2] for name in sys.modules if name.startswith("{OURS}")]
print(json.dumps(found))
"""
READS = ("_ansible.info", "_input.info_options", "_converge.named_members")
PROBES = ("_ansible.doctor", "_converge.probe", "_report.probe")
WRITES = ("_converge.apply", "_converge.create", "_converge.update", "_plan.requests")
ROSTERS = ("_input.directory", "_input.roster", "_input.csv_rows", "_report.directory")
FORMATS = ("_input.csv_rows", "_input.json_rows", "_input.yaml_rows")
DIRECTORIES = ("_plan.sieve", "_plan.scope")
FAILURES = ("_transport.explain", "_transport.rate_limits", "_transport.oauth")


TASK = f"""
import json, sys
from {OURS}plugin_utils._in_worker import Run, run_in_worker
run = Run(module=sys.argv[1], called=sys.argv[1], check=False, diff=False, folder=".")
result = run_in_worker(run, json.loads(sys.argv[2]))
assert not result.get("failed"), result
found = [name.partition("module_utils.")[2] for name in sys.modules if name.startswith("{OURS}")]
print(json.dumps([result["changed"], found]))
"""


def imported(row: str, *names: str) -> set[str]:
    """The files of module_utils that a process imports: for some files, and for a row."""
    return set(_printed(SCRIPT, row, *names))


def imported_by_task(module: str, args: dict[str, Any]) -> tuple[bool, set[str]]:
    """Whether a task changes something, and the files that a process imports for it."""
    changed, found = _printed(TASK, module, json.dumps(args))
    return changed, set(found)


def _printed(script: str, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    return json.loads(done.stdout)
