# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of scim_group_membership.

Knows the group and its members, no attribute.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from .._converge.converge import Outcome
from .._model.errors import ScimError
from .._model.key import Key
from .._model.schema import GROUP
from .._plan.change import Subject
from .._plan.desired import Reference
from .report import Report, Run, not_yet, pending_members, values_of
from .single import base_report, resource_of, subject_of

NAMES_SHOWN = 10


def membership_report(run: Run) -> Report:
    """Return the result of scim_group_membership.

    Raise ScimError if the group does not exist. In check mode that is a warning.
    """
    outcome = run.outcome
    subject = subject_of(outcome)
    if subject is None or not subject.exists:
        return _without_group(run)
    report = base_report(run)
    if report.failure is not None:
        return report
    ignores = run.params["missing_members"] == "ignore"
    result = report.result
    if ignores or run.params["state"] == "absent":
        result["changed"] = outcome.changed  # a member that does not exist is in no group either
    warnings = list(report.warnings)
    missing = outcome.plan.missing.every
    if ignores and missing:
        names = ", ".join(map(str, missing[:NAMES_SHOWN]))
        warnings.append(f"ignored because they do not exist: {names}")
    result["group"] = resource_of(run)
    result.update(_moves(outcome, subject))
    pending = [] if ignores else pending_members(outcome)
    if pending:
        result["pending_members"] = pending
    return replace(report, warnings=tuple(warnings))


def _moves(outcome: Outcome, subject: Subject) -> dict[str, Any]:
    """Return the names of members that were added, removed and left alone."""
    added: list[Key] = []
    removed: list[Key] = []
    for change in outcome.performed:
        added += change.joins
        removed += change.leaves
    return {
        "added": _names(outcome, added),
        "removed": _names(outcome, removed),
        "unmanaged": _names(outcome, subject.unmanaged),
    }


def _names(outcome: Outcome, keys: Iterable[Key]) -> list[str]:
    return sorted(map(outcome.named, keys))


def _without_group(run: Run) -> Report:
    """Return the result of check mode for a group that an earlier task may create."""
    outcome = run.outcome
    desired = run.desired[0]
    path, value = desired.keys[0]
    reference = Reference(GROUP.name, path, value)
    missing = outcome.pending.members
    if reference not in missing:
        raise ScimError(
            f"{reference} does not exist",
            hint="create it first, for example with identity.scim.scim_group",
        )
    report = base_report(run)
    report.result.update(
        changed=any(members.joining for members in desired.members),
        group=None,
        added=[],
        removed=[],
        unmanaged=[],
        pending_group=str(value),
        pending_members=values_of(one for one in missing if one.key != reference.key),
    )
    return replace(report, warnings=(not_yet(reference),))
