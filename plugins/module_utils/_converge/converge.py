# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one path: read, plan, judge, apply, verify. Single modules, memberships, directories and the role all go through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .._model.problem import ScimError, all_of
from .._model.schema import USER
from .._plan.desired import Desired
from .._plan.guard import Guard
from .._plan.leavers import Policy
from .._plan.plan import Plan, make_plan
from .._plan.questions import Question, questions
from .._plan.requests import requests_for
from .._plan.snapshot import Snapshot
from .apply import Run, apply_change
from .read import list_all, read
from .service import Service
from .verify import Done


@dataclass(kw_only=True, slots=True)
class Outcome:
    """What a run planned and did. ``error`` is what stopped it midway; what was done before stays done and is told."""

    plan: Plan
    snapshot: Snapshot
    check: bool
    done: list[Done] = field(default_factory=list)
    operations: list[dict[str, Any]] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    error: ScimError | None = None

    @property
    def changed(self) -> bool:
        """Whether the service was changed or, in check mode, would be."""
        return bool(self.plan.changes) if self.check else any(one.changed for one in self.done)

    def named(self, ident: str) -> str:
        """What people call the resource of an id, or of a ``bulkId:``."""
        return self.snapshot.name(self.ids.get(ident, ident))


def converge(service: Service, wishes: Sequence[Desired], *, check: bool, guard: Guard = Guard(), policy: Policy = Policy(), verify: str = "removals",
             names: bool = False, ignore_missing: bool = False) -> Outcome:
    """Make the service as the wishes say, or with ``check`` only say what would be done.

    Raises ScimError, with every reason, before the first write. A failure during the writes is ``Outcome.error``.
    ``ignore_missing``: references that name nobody are left out instead of forbidding everything.
    """
    snapshot = Snapshot()
    read(service, snapshot, lambda: questions(wishes, snapshot, service.capabilities, policy, names=names))
    plan = make_plan(wishes, snapshot, service.capabilities, policy)
    if guard.wants_total(plan, snapshot):
        list_all(service, snapshot, Question(kind=USER))
        plan = make_plan(wishes, snapshot, service.capabilities, policy)
    reasons = [*plan.problems, *guard.reasons(plan, snapshot)]
    if not (check or ignore_missing):
        reasons += [f"there is no {reference}" for reference in plan.missing]
    if reasons:
        raise all_of(reasons)
    outcome = Outcome(plan=plan, snapshot=snapshot, check=check)
    if check:
        outcome.operations = [request.shown for one in plan.changes for request in requests_for(one, service.capabilities)]
    else:
        _apply(service, outcome, verify)
    return outcome


def _apply(service: Service, outcome: Outcome, verify: str) -> None:
    run = Run(service=service, snapshot=outcome.snapshot, verify=verify, ids=outcome.ids)
    for one in outcome.plan.changes:
        claim = outcome.plan.claims.index.get((one.kind.name, "id", one.ident))
        try:
            done = apply_change(run, one, claim.wish if claim is not None else None)
        except ScimError as problem:
            outcome.error = problem
            return
        outcome.done.append(done)
        outcome.operations += done.operations
