# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of modules.

Every module is in it, and its work goes from options to a report.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._ansible import tasks
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import (
    TASKS,
    converging,
    reading,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Desired, Secrets
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.plugins.module_utils._report.redaction import Redactor
from ansible_collections.identity.scim.plugins.module_utils._report.report import Report, Run
from ansible_collections.identity.scim.tests.unit.imported import (
    DIRECTORIES,
    FAILURES,
    FORMATS,
    PROBES,
    READS,
    ROSTERS,
    WRITES,
    imported,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

MODULES = Path(__file__).resolve().parents[5] / "plugins/modules"


def test_every_module_is_in_the_table() -> None:
    assert {path.stem for path in MODULES.glob("*.py")} == set(TASKS)


@pytest.mark.parametrize("name", TASKS)
def test_requirements_name_options(name: str) -> None:
    task = TASKS[name]
    named = {one for group in (*task.required_one_of, *task.mutually_exclusive) for one in group}
    assert named <= {option.name for option in task.options}


@pytest.mark.parametrize("check", [False, True])
def test_work_goes_from_options_to_a_report(check: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(Store(), overridden({}))
    redactor = Redactor()
    seen: list[Any] = []
    desired = Desired(kind=USER, secrets=Secrets(attributes={"pin": "x"}))
    policy = Policy(verify="none")

    def converge(*given: Any, **flags: Any) -> str:
        seen.extend((*given, flags))
        return "outcome"

    def report(run: Run) -> Report:
        assert run.outcome == "outcome" and run.desired == [desired] and run.seconds >= 0
        return Report(result={"params": run.params})

    monkeypatch.setattr(tasks, "converge", converge)
    work = converging(lambda params, hides: desired, lambda params: policy, report)
    assert work({"x": 1}, service, check, redactor).result == {"params": {"x": 1}}
    assert seen == [service, [desired], policy, {"check": check, "sifts": True}]
    assert redactor.without_secrets({"pin": 1, "title": "x"}) == {"title": "x"}


def test_reading_needs_neither_check_mode_nor_a_redactor() -> None:
    service = Service(Store(), overridden({}))
    report = Report(result={})
    work = reading(lambda params, given: report if given is service else Report(result=params))
    assert work({}, service, True, Redactor()) is report


@pytest.mark.parametrize(
    ("row", "needed", "others"),
    [
        ("scim_user", ("_report.single",), (*READS, *PROBES, *ROSTERS, *DIRECTORIES)),
        ("scim_group_membership", ("_report.membership",), (*READS, *PROBES, *ROSTERS)),
        ("scim_user_info", READS[:1], (*PROBES, *ROSTERS)),
        ("scim_directory", ("_report.directory",), (*READS, *PROBES, *FORMATS)),
    ],
)
def test_a_module_imports_no_file_of_another_one(
    row: str, needed: tuple[str, ...], others: tuple[str, ...]
) -> None:
    """Ansible compiles what is imported, in each process of a module."""
    found = imported(row, "module_utils._ansible.module")
    assert found >= set(needed) and not found & {*others, *WRITES, *FAILURES}
