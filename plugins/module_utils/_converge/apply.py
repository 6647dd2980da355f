# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The coordinator of writes: merges the effects of each change, in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from .._model.errors import ScimError
from .._plan.change import Change
from .._plan.policy import Policy
from .carry_out import carry_out
from .effects import Effects, Run
from .failures import Failures
from .outcome import Outcome
from .service import Service


def apply(service: Service, outcome: Outcome, policy: Policy) -> None:
    """Carry out the plan of an outcome, and note there what happens."""
    run = Run(service=service, snapshot=outcome.snapshot, verify=policy.verify, ids=outcome.ids)
    work = _Coordinator(run=run, outcome=outcome, policy=policy)
    changes = list(outcome.plan.changes)
    for number, change in enumerate(changes):
        outcome.interrupted = service.interrupted and not work.is_over
        if outcome.interrupted or work.is_over:
            outcome.not_tried += changes[number:]
            break
        work.carry_out(change)
    outcome.failures = work.failures.found


@dataclass(kw_only=True, slots=True)
class _Coordinator:
    """A run while it writes. Nothing else writes what its changes share."""

    run: Run
    outcome: Outcome
    policy: Policy
    failures: Failures = field(default_factory=Failures)
    is_over: bool = False

    def carry_out(self, planned: Change) -> None:
        """Carry out one change, as far as the failures before it allow."""
        change, is_partial = self.failures.feasible(planned)
        if is_partial:
            self.outcome.not_tried.append(planned)
        if change.verb != "keep":
            self._merge(planned, carry_out(self.run, change))

    def _merge(self, planned: Change, effects: Effects) -> None:
        run, outcome = self.run, self.outcome
        run.ids.update(effects.created)
        run.deleted.update(effects.deleted)
        run.proved.update(effects.proved)
        run.disproved.update(effects.disproved)
        run.created_elsewhere.update(effects.created_elsewhere)
        for reading in effects.readings:
            run.snapshot.add(reading)
        run.service.take(effects.lessons, patched=_patched(effects))
        for form, is_done in effects.proofs.items():
            run.proofs[form] = is_done and run.proofs.get(form, True)
        outcome.add_notes(effects.notes)
        if effects.done is not None:
            outcome.done.append(effects.done)
            outcome.operations += effects.done.operations
            self.failures.note(planned, effects.done.change)
        if effects.failure is not None:
            self._fail(planned, effects.failure)
        if effects.undeleted:
            outcome.not_tried.append(planned)
        for key, failure in effects.undeleted.items():
            run.deleted.discard(key)
            self._fail(outcome.without_deletion(key), failure)

    def _fail(self, planned: Change, failure: ScimError) -> None:
        self.failures.add(planned, failure)
        ends = self.failures.end_run(self.policy, self.outcome.plan.size)
        self.is_over = self.is_over or ends


def _patched(effects: Effects) -> str:
    """Return the resource type of which a PATCH was accepted, empty if none was."""
    done = effects.done
    if done is None:
        return ""
    patches = [one for one in done.operations if one["method"] == "PATCH"]
    return done.change.key.kind if patches else ""
