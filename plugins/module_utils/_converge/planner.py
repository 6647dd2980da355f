# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making the plan of a task, and making it again; writes nothing to the service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .._model.errors import ScimError, all_of
from .._model.schema import GROUP, USER
from .._plan.change import Plan
from .._plan.desired import Desired
from .._plan.desired_rows import NO_ROWS, DesiredRows
from .._plan.draft import draft
from .._plan.policy import Policy
from .._plan.questions import Question, Questions, Reading
from .._plan.roster_questions import roster_questions
from .._plan.snapshot import Snapshot
from .._provider.abilities import most_members_shown
from .service import Service
from .survey import survey

# Lists of fewer resources are looked up.
LEAST = 100
# Plans take a few rounds of questions. So many mean that answers never settle what is asked.
MOST_ROUNDS = 200


class Planner:
    """Drafts the plan of a task from what the service answers.

    ``snapshot`` is what is known of the service. The writes of the run add to it. ``sifts``: users
    that a listing shows as desired are packed away.
    """

    def __init__(
        self,
        service: Service,
        desired: Sequence[Desired],
        policy: Policy,
        *,
        sifts: bool = True,
    ) -> None:
        self._rows = NO_ROWS
        if sifts and LEAST <= len(desired) and not service.rewritten(USER.name):
            self._rows = desired if isinstance(desired, DesiredRows) else DesiredRows(desired)
            self._waits = self._rows.waits
        else:
            desired = list(desired)
            self._waits = False
        self.snapshot = Snapshot(service.account, service.rewritten, self._rows)
        self._service = service
        self._desired = desired
        self._policy = policy
        self._readings: list[Reading] = []

    def plan(self) -> Plan:
        """Return the plan. Raise ScimError if an answer is not certain."""
        return self._drafted(self.snapshot)

    def take(self, readings: Iterable[Reading]) -> None:
        """Take in what is known without asking."""
        for reading in readings:
            self.snapshot.add(reading)
            self._readings.append(reading)

    def planned_again(self, found: Sequence[Reading]) -> Plan:
        """Return the plan as if resources that a creation met had been found at once.

        The writes of this run are left out of what it is made from. So it has every change of the
        run, also those that are carried out, and is judged as a whole. Groups count as cut by what
        is known of the service now. Raise ScimError if it is refused.
        """
        self._readings += found
        snapshot = Snapshot(self.snapshot.account, self.snapshot.forms, self._rows)
        if self.snapshot.account_asked:
            snapshot.add_account(())
        most = most_members_shown(self._service.capabilities)
        for reading in self._readings:
            snapshot.add(replace(reading, most=most) if reading.kind is GROUP else reading)
        known = len(self._readings)
        plan = self._drafted(snapshot)
        for reading in self._readings[known:]:
            self.snapshot.add(reading)
        self.snapshot.add_schemas(snapshot.schemas or self.snapshot.schemas)
        refusals = plan.refusals + plan.missing_refusals
        if refusals:
            raise all_of(list(refusals))
        return plan

    def _drafted(self, snapshot: Snapshot) -> Plan:
        """Return the plan from a snapshot, which takes in what is asked.

        Raise ScimError if the questions do not end.
        """
        while self._waits:
            asked = roster_questions(self._rows, snapshot, self._policy, self._service.capabilities)
            self._waits = all(one.kind.name != USER.name for one in asked.asked if not one.ids)
            self._waits = self._waits and bool(asked.asked)
            self._ask(asked, snapshot)
        for _round in range(MOST_ROUNDS):
            known = self._service.capabilities
            plan = draft(self._open(snapshot), snapshot, self._policy, known)
            if not isinstance(plan, Questions):
                return plan
            self._ask(plan, snapshot)
        raise ScimError(
            f"the answers of the service settle nothing, after {MOST_ROUNDS} rounds of questions",
            hint="report this with the name of the service",
        )

    def _ask(self, questions: Questions, snapshot: Snapshot) -> None:
        asked = tuple(self._sifted(one, snapshot) for one in questions.asked)
        self._readings += survey(self._service, snapshot, replace(questions, asked=asked))

    def _open(self, snapshot: Snapshot) -> Sequence[Desired]:
        """Return what is desired, but for users that are as desired already."""
        archive = snapshot.archive
        for ident in archive.unresolved():
            snapshot.reopen(ident)
        return self._rows.open(archive.settles) if len(self._rows) else self._desired

    def _sifted(self, question: Question, snapshot: Snapshot) -> Question:
        """Return a question whose listing is sifted, if it is the first one about users."""
        is_first = not snapshot.count(USER) and snapshot.listed(USER) is None
        if question.kind.name != USER.name or question.ids or not is_first:
            return question
        if not len(self._rows):
            return question
        from .._plan.sieve import Sieve

        sieve = Sieve(self._rows, self._service.capabilities, draft)
        return replace(question, sieve=sieve)
