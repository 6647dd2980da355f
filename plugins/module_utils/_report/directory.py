# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of scim_directory: counts, names and the failures of a whole run.

Knows no request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._converge.converge import Outcome
from .._model.errors import ScimError
from .._model.key import Key
from .._model.schema import GROUP, USER, ResourceType
from .._plan.change import Change, Rename
from .._plan.known_members import round_list
from .report import (
    Report,
    Run,
    diffs,
    losses,
    missing_warnings,
    operations,
    paths_by_name,
    pending_members,
    promised,
    unkept,
    unkept_notes,
    unkept_warnings,
)
from .rows import row
from .shown import counts_in_words, one_for_each, sentences, shown

PLAN_ROWS = 200
FAILURES_SHOWN = 5
MANY_ROWS = 1000
WHOLE = ("create", "deactivate", "delete")


def directory_report(run: Run) -> Report:
    """Return the result of scim_directory, also after failures."""
    outcome = run.outcome
    plan = outcome.plan
    lost = unkept(outcome)
    result = {
        "changed": outcome.changed or bool(outcome.pending.needed),
        "summary": _summary(run),
        "moves": _moves(outcome.performed),
        **_plan(run),
        "failures": _failures(outcome),
        "not_tried": [f"{one.verb} {one.text}" for one in outcome.not_tried[:PLAN_ROWS]],
        "done_in_part": [f"{one.verb} {one.text}" for one in outcome.in_part[:PLAN_ROWS]],
        "not_saved": paths_by_name(lost),
        "unmanaged": _lists(plan.unmanaged),
        "still_member": _lists(plan.still_member),
        "scope": plan.scope,
        "operations": operations(run, PLAN_ROWS),
        **promised(outcome),
        **_more(run),
    }
    warnings = [
        *outcome.notes,
        *_still_member_warnings(outcome),
        *unkept_warnings(losses(lost), outcome),
        *missing_warnings(outcome),
    ]
    if run.params["return"] == "full":
        result["users"] = _resources(run, USER)
        result["groups"] = _resources(run, GROUP)
    return Report(
        result=result,
        warnings=tuple(warnings),
        diff=_diff(run),
        failure=_with_renames(_failure(outcome), plan.renames),
    )


def _more(run: Run) -> dict[str, Any]:
    """Return what a result has only if there is any."""
    outcome = run.outcome
    found: dict[str, Any] = {}
    if outcome.plan.renames:
        found["probable_renames"] = [_rename(one) for one in outcome.plan.renames]
    notes = [*outcome.plan.remarks, *outcome.plan.unseen_leaves, *_unproven_members(outcome)]
    notes += [*unkept_notes(losses(unkept(outcome))), *_notes(run)]
    if notes:
        found["notes"] = notes
    if outcome.pending.every:
        found["pending_members"] = pending_members(outcome)
    return found


def _unproven_members(outcome: Outcome) -> Iterator[str]:
    """Yield the sentence about groups that users join and that may have them already."""
    names = []
    for one in outcome.plan.subjects:
        if one.may_have_more and one.membership is not None and one.membership.joins:
            names.append(outcome.named(one.key))
    if names:
        yield round_list(names)


def refused_report(run: Run, refusal: ScimError) -> Report:
    """Return the result of scim_directory if a plan is refused.

    Thresholds or protection forbid it. ``run`` has what would have been done.
    """
    outcome = run.outcome
    would = tuple(sentences(outcome.plan.changes, outcome.named))
    failure = ScimError(refusal.reason, lines=(*refusal.lines, *would))
    return Report(result={"changed": False, **_plan(run)}, diff=_diff(run), failure=failure)


def _plan(run: Run) -> dict[str, Any]:
    """Return the rows of the plan, and how many of each kind are cut, if any are."""
    found = shown(run.outcome.plan.changes, PLAN_ROWS)
    result: dict[str, Any] = {"plan": [_row(run, one) for one in found.changes]}
    if found.cut:
        result["plan_cut"] = dict(sorted(found.cut.items()))
    return result


def _diff(run: Run) -> tuple[dict[str, Any], ...]:
    """Return the changes in the form of diff mode, and counts of what is cut."""
    found = shown(one_for_each(run.outcome.performed), PLAN_ROWS)
    if not found.cut:
        return diffs(run, found.changes)
    rest = f"… and {sum(found.cut.values())} more: {counts_in_words(found.cut)}"
    return (*diffs(run, found.changes), {"prepared": rest})


def _row(run: Run, change: Change) -> dict[str, Any]:
    """Return a change as a row of the plan, without secrets."""
    found = row(change, run.outcome.named)
    for side in ("before", "after"):
        if side in found:
            found[side] = run.redactor.masked(found[side])
    return found


def _rename(one: Rename) -> dict[str, Any]:
    return {"new": one.new, "old": one.old, "same": list(one.same)}


def _with_renames(failure: ScimError | None, renames: Sequence[Rename]) -> ScimError | None:
    """Return a failure that also names what was left out as a probable rename.

    The rest of the run goes on, and the task fails in check mode too.
    """
    if not renames:
        return failure
    said = [str(failure)] if failure is not None else []
    said += [one.sentence for one in renames[:FAILURES_SHOWN]]
    rest = len(renames) - FAILURES_SHOWN
    if rest > 0:
        said.append(f"and {rest} more, see probable_renames")
    return ScimError(" | ".join(said))


def _notes(run: Run) -> list[str]:
    """Return what is worth knowing but needs no warning."""
    if run.params.get("src") is not None or len(run.desired) <= MANY_ROWS:
        return []
    return [
        f"{len(run.desired)} rows came through Ansible variables, which takes 1 to 4 ms each; "
        "src reads a file in a fraction of that"
    ]


def _lists(names: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: list(others) for name, others in names.items()}


def _summary(run: Run) -> dict[str, Any]:
    plan = run.outcome.plan
    changes = run.outcome.performed
    counted = {(one.verb, one.key) for one in changes if _counts(one)}
    verbs = Counter(verb for verb, _key in counted)
    return {
        "created": verbs["create"],
        "updated": verbs["update"],
        "deactivated": verbs["deactivate"],
        "deleted": verbs["delete"],
        "unchanged": sum(plan.unchanged.values()),
        "memberships_added": sum(len(one.joins) for one in changes),
        "memberships_removed": sum(len(one.leaves) for one in changes),
        "groups_emptied": len(plan.emptied),
        "unmanaged": sum(map(len, plan.unmanaged.values())),
        "requests": run.requests,
        "seconds": round(run.seconds, 2),
    }


def _moves(changes: Iterable[Change]) -> dict[str, int]:
    """Return how many users join groups, leave groups, and do both."""
    joined: set[Key] = set()
    left: set[Key] = set()
    for change in changes:
        joined.update(one for one in change.joins if one.kind == USER.name)
        left.update(one for one in change.leaves if one.kind == USER.name)
    return {
        "joined": len(joined - left),
        "left": len(left - joined),
        "moved": len(joined & left),
    }


def _counts(change: Change) -> bool:
    """Return whether a change is more than one of memberships.

    Those have their own counts.
    """
    return bool(change.paths or change.secrets.attributes) or change.verb in WHOLE


def _failures(outcome: Outcome) -> list[dict[str, Any]]:
    found = []
    parts = set(map(id, outcome.in_part))
    for one in outcome.failures:
        found.append(
            {
                "kind": one.change.key.kind.lower(),
                "name": one.change.name,
                "status": one.error.status,
                "msg": str(one.error),
                "in_part": id(one.change) in parts,
            }
        )
    return found


def _still_member_warnings(outcome: Outcome) -> list[str]:
    found = []
    for name, groups in sorted(outcome.plan.still_member.items()):
        found.append(f"{name} left, still in {', '.join(groups)}")
    return found


def _resources(run: Run, kind: ResourceType) -> list[dict[str, Any]]:
    """Return the resources of the input as the service holds them now."""
    found = []
    for subject in run.outcome.plan.subjects:
        if subject.key.kind != kind.name:
            continue
        resource = run.outcome.snapshot.get(run.outcome.service_key(subject.key))
        if resource is not None:
            found.append(run.redactor.without_secrets(resource))
    return found


def _failure(outcome: Outcome) -> ScimError | None:
    """Return the failures of a run as one error.

    It has the first ones in full, and how much was done.
    """
    if not outcome.failures:
        return outcome.error
    said = [str(one.error) for one in outcome.failures[:FAILURES_SHOWN]]
    rest = len(outcome.failures) - len(said)
    if rest:
        said.append(f"and {rest} more, see failures")
    interrupted = "interrupted; " if outcome.interrupted else ""
    return ScimError(f"{interrupted}{_counted(outcome)}: {' | '.join(said)}")


def _counted(outcome: Outcome) -> str:
    """Return how many changes failed, were done, whole or in part, and were not tried.

    Each change is one of these.
    """
    said = f"{outcome.failed} of {outcome.plan.size} changes failed, {outcome.succeeded} were done"
    if outcome.in_part:
        said += f", {len(outcome.in_part)} were done in part"
    if outcome.not_tried:
        said += f"; {len(outcome.not_tried)} were not tried"
    return said
