# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records the result of each task of this collection, to compare the worker with the module.

Test code. The section both_ways of the configuration of Ansible says where to: ``file``; and by which
path tasks run: ``in_process``. The variables BOTH_WAYS_FILE and SCIM_IN_PROCESS come before it.
"""

from __future__ import annotations

import configparser
import json
import os
from typing import Any

from ansible import constants
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: aggregate
short_description: Records results for a comparison
description: Test code of identity.scim.
"""
OURS = "identity.scim."


class CallbackModule(CallbackBase):
    """Write one JSON line for each result."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "record"
    # No CALLBACK_NEEDS_ENABLED: ansible-test decides which of those are enabled.

    def __init__(self, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        settings = configparser.ConfigParser(interpolation=None)
        settings.read(constants.CONFIG_FILE or "")
        given = dict(settings["both_ways"]) if settings.has_section("both_ways") else {}
        self.file = os.environ.get("BOTH_WAYS_FILE") or given.get("file", "")
        if "in_process" in given:
            # Workers and the playbooks that tasks start inherit it.
            os.environ.setdefault("SCIM_IN_PROCESS", given["in_process"])

    def _write(self, result: Any, way: str) -> None:
        task = result.task
        if not self.file or not str(task.resolved_action or task.action).startswith(OURS):
            return
        line = {
            "place": task.get_path(),
            "name": task.get_name(),
            "host": result.host.get_name(),
            "way": way,
            "result": result.result,
        }
        with open(self.file, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        """Record a success."""
        self._write(result, "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Record a failure."""
        self._write(result, "failed")

    def v2_runner_item_on_ok(self, result: Any) -> None:
        """Record a success of an item."""
        self._write(result, "item ok")

    def v2_runner_item_on_failed(self, result: Any) -> None:
        """Record a failure of an item."""
        self._write(result, "item failed")

    def v2_runner_retry(self, result: Any) -> None:
        """Record an attempt."""
        self._write(result, "retry")
