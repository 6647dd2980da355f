# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making the plan of a task, and making it again; writes nothing to the service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .._model.errors import all_of
from .._plan.change import Plan
from .._plan.desired import Desired
from .._plan.draft import draft
from .._plan.policy import Policy
from .._plan.questions import Questions, Reading
from .._plan.snapshot import Snapshot
from .service import Service
from .survey import survey


class Planner:
    """Drafts the plan of a task from what the service answers.

    ``snapshot`` is what is known of the service. The writes of the run add to it.
    """

    def __init__(self, service: Service, desired: Sequence[Desired], policy: Policy) -> None:
        self.snapshot = Snapshot(service.account, service.rewritten)
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
        run, also those that are carried out, and is judged as a whole. Raise ScimError if it is
        refused.
        """
        self._readings += found
        snapshot = Snapshot(self.snapshot.account, self.snapshot.forms)
        if self.snapshot.account_asked:
            snapshot.add_account(())
        for reading in self._readings:
            snapshot.add(reading)
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
        """Return the plan from a snapshot, which takes in what is asked."""
        while True:
            known = self._service.capabilities
            plan = draft(self._desired, snapshot, self._policy, known)
            if not isinstance(plan, Questions):
                return plan
            self._readings += survey(self._service, snapshot, plan)
