# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a new process imports of the collection, since Ansible compiles that each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys


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


def imported(row: str, *names: str) -> set[str]:
    """The files of module_utils that a process imports: for some files, and for a row."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, row, *names],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    return set(json.loads(done.stdout))
