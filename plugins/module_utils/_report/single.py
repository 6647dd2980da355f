# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of the modules for one user, one group or one resource.

Knows no request.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._converge.converge import Outcome
from .._model.key import Key
from .._model.schema import GROUP
from .._plan.change import Subject
from .._plan.desired import key_option
from .._plan.known_members import round_list
from .report import (
    Report,
    Run,
    Unkept,
    diffs,
    losses,
    missing_warnings,
    operations,
    pending_members,
    promised,
    unkept,
    unkept_notes,
    unkept_warnings,
    values_of,
)

if TYPE_CHECKING:
    from .._converge.effects import Done


def user_report(run: Run) -> Report:
    """Return the result of scim_user.

    ``pending_*`` is what check mode does not find yet.
    """
    report = base_report(run)
    if report.failure is None:
        report.result["user"] = resource_of(run)
        report.result.update(_pending_of_user(run))
    return report


def group_report(run: Run) -> Report:
    """Return the result of scim_group."""
    report = base_report(run)
    if report.failure is None:
        report.result["group"] = resource_of(run)
        pending = pending_members(run.outcome)
        if pending:
            report.result["pending_members"] = pending
    return report


def resource_report(run: Run) -> Report:
    """Return the result of scim_resource."""
    report = base_report(run)
    if report.failure is None:
        report.result["resource"] = resource_of(run)
    return report


def base_report(run: Run) -> Report:
    """Return what the modules for one resource have in common.

    A failure midway is part of it.
    """
    outcome = run.outcome
    lost = _unkept(run)
    result: dict[str, Any] = {
        "changed": outcome.changed or bool(outcome.pending.needed),
        "operations": operations(run),
        "not_saved": sorted({path for one in lost for path in one.paths}),
        "matched_by": _matched_by(outcome),
        **promised(outcome),
    }
    warnings = list(outcome.notes)
    if outcome.error is None:
        warnings += _unseen_members(outcome)
        warnings += missing_warnings(outcome)
        warnings += unkept_warnings(losses(lost), outcome)
        notes = [*unkept_notes(losses(lost)), *_unproven_members(outcome)]
        notes += outcome.plan.unseen_leaves
        result.update({"notes": notes} if notes else {})
    diff = diffs(run, outcome.performed)
    return Report(result=result, warnings=tuple(warnings), diff=diff, failure=outcome.error)


def _unkept(run: Run) -> list[Unkept]:
    """Return what is not kept.

    What the task causes elsewhere counts as its resource's.
    """
    name = run.desired[0].text
    return [replace(one, name=name) for one in unkept(run.outcome)]


def _matched_by(outcome: Outcome) -> str | None:
    """Return the name of the key that found the resource, as in ``match_by``."""
    subject = subject_of(outcome)
    if subject is None or subject.matched_by is None:
        return None
    return key_option(subject.matched_by)


def subject_of(outcome: Outcome) -> Subject | None:
    """Return the resource that the task is about."""
    return outcome.plan.subjects[0] if outcome.plan.subjects else None


def resource_of(run: Run) -> dict[str, Any] | None:
    """Return the resource that the task is about.

    Return None if it is deleted or does not exist. It is as the service holds it or, in check
    mode, as it would be.
    """
    outcome = run.outcome
    subject = subject_of(outcome)
    if subject is None:
        return None
    resource = outcome.resource(subject.key)
    if resource is None:
        return None
    found = run.redactor.without_secrets(resource)
    if subject.membership is not None:
        members = _members(outcome, subject)
        found["members"] = None
        if members is not None:
            shown = sorted(members, key=outcome.named)
            found["members"] = [_member_row(outcome, key) for key in shown]
    return found


def _unseen_members(outcome: Outcome) -> tuple[str, ...]:
    """Return the sentence about a group whose members cannot be seen whole."""
    subject = subject_of(outcome)
    if subject is None or subject.membership is None or _members(outcome, subject) is not None:
        return ()
    name = outcome.named(subject.key)
    return (f"not all members of group '{name}' can be seen, so members is null",)


def _unproven_members(outcome: Outcome) -> Iterator[str]:
    """Yield the sentence about a group that may have more members than it shows.

    It would come in each run, so it is no warning.
    """
    subject = subject_of(outcome)
    if subject is not None and subject.may_have_more and _members(outcome, subject) is not None:
        yield round_list([outcome.named(subject.key)])


def _members(outcome: Outcome, subject: Subject) -> Set[Key] | None:
    """Return the members of a group, None if not all of them can be seen.

    They are those that were read after the writes, else those that are planned.
    """
    members = outcome.snapshot.members(outcome.service_key(subject.key))
    if members is not None:
        for one in outcome.done:
            if one.change.key == subject.key and _is_read_back(one, members):
                return members
    if subject.membership is None:
        return frozenset()
    if subject.exists and subject.membership.current is None and members is None:
        return None
    return subject.membership.after


def _is_read_back(done: Done, members: Set[Key]) -> bool:
    """Return whether members of the snapshot were read after the writes of a change.

    Members that are not saved were found by reading. Without reading, members that left are
    still in the snapshot. An addition that was kept need not be read.
    """
    if "members" in done.not_saved:
        return True
    leaves = done.change.leaves
    return bool(leaves) and members.isdisjoint(leaves)


def _member_row(outcome: Outcome, key: Key) -> dict[str, str]:
    ident = outcome.service_key(key).id
    name = outcome.named(key)
    if name == ident:
        return {"value": ident}
    return {"value": ident, "display": name}


def _pending_of_user(run: Run) -> dict[str, Any]:
    """Return what a user refers to and what does not exist yet, in check mode."""
    missing = run.outcome.pending.every
    links = {reference.key for reference in run.desired[0].content.links.values()}
    managers = []
    groups = []
    for one in missing:
        if one.key in links:
            managers.append(one.value)
        if one.kind == GROUP.name:
            groups.append(one)
    pending: dict[str, Any] = {}
    if managers:
        pending["pending_manager"] = managers[0]
    if groups:
        pending["pending_groups"] = values_of(groups)
    return pending
