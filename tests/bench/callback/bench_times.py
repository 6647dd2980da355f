# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes how long each task took as JSON lines to the file that BENCH_TIMES names."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: bench_times
type: aggregate
short_description: Measures tasks for make bench
description: Measures tasks for make bench.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """From the start of a task to its result, as the strategy sees it."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "bench_times"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self.started = 0.0

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self.started = time.perf_counter()

    def v2_runner_on_ok(self, result: Any) -> None:
        seconds = time.perf_counter() - self.started
        line = {"name": result.task.get_name(), "seconds": seconds}
        line["changed"] = bool(result.result.get("changed"))
        with open(os.environ["BENCH_TIMES"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
