# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one path of every module: draft, read, draft again, refuse or apply.

What writes, or predicts writes, is imported only for a plan that has some.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .._model.errors import all_of
from .._plan.desired import Desired
from .._plan.desired_rows import made_of
from .._plan.placeholders import placeholders, stand_ins
from .._plan.policy import Policy
from .outcome import Outcome, PlanRefused
from .planner import Planner
from .service import Service

__all__ = ["Outcome", "PlanRefused", "converge", "writer"]


def converge(
    service: Service,
    desired: Sequence[Desired],
    policy: Policy = Policy(),
    *,
    check: bool,
    sifts: bool = True,
) -> Outcome:
    """Make the service as desired, or with ``check`` only say what would be done.

    ``sifts``: users that are as desired already are not kept in full, nor among the subjects of the
    plan. Raise ScimError, with every reason, before the first write. It is PlanRefused if only
    thresholds or protection forbid the plan. Failures during the writes are ``Outcome.failures``.
    """
    planner = Planner(service, desired, policy, sifts=sifts)
    if check:
        planner.take(stand_ins(made_of(desired)))
    else:
        _refuse_placeholders(made_of(desired))
    plan = planner.plan()
    # An earlier task may create what is missing. In check mode it has not, so that is a warning.
    refusals = plan.refusals if check else plan.refusals + plan.missing_refusals
    if refusals and refusals == plan.forbidden:
        planned = Outcome(plan=plan, snapshot=planner.snapshot, check=True)
        raise PlanRefused(all_of(list(refusals)), planned)
    if refusals:
        raise all_of(list(refusals))
    outcome = Outcome(plan=plan, snapshot=planner.snapshot, check=check)
    if not plan.steps:
        return outcome
    if check:
        from .._plan.requests import predicted_requests

        predicted = predicted_requests(plan.changes, service.capabilities)
        outcome.operations = [request.shown for request in predicted]
    else:
        writer()(service, outcome, policy, planner)
    return outcome


def writer() -> Callable[[Service, Outcome, Policy, Planner], None]:
    """Return what carries out a plan, and import it."""
    from .apply import apply

    return apply


def _refuse_placeholders(desired: Sequence[Desired]) -> None:
    """Raise ScimError if an id is that of a resource that only check mode knows."""
    refusals = [one.refusal for one in placeholders(desired)]
    if refusals:
        raise all_of(refusals)
