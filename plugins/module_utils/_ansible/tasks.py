# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One row for each module: its options, their constraints, and its work."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._converge.converge import PlanRefused, converge
from .._converge.service import Service
from .._input.any_resource import resource_desired
from .._input.directory import directory_of
from .._input.directory_options import DIRECTORY_OPTIONS
from .._input.info_options import PROBE_OPTIONS, info_options
from .._input.membership import membership_desired, membership_policy
from .._input.options import Option
from .._input.policy import policy_of
from .._input.resource_options import (
    GROUP_OPTIONS,
    MEMBERSHIP_OPTIONS,
    RESOURCE_OPTIONS,
    USER_OPTIONS,
)
from .._input.resources import group_desired, user_desired
from .._model.schema import GROUP, USER
from .._plan.desired import Desired
from .._plan.policy import Policy
from .._plan.roster import made_of
from .._report.directory import directory_report, refused_report
from .._report.membership import membership_report
from .._report.redaction import Redactor
from .._report.report import Report, Run
from .._report.single import group_report, resource_report, user_report
from .doctor import read_service_provider
from .info import read_groups, read_resources, read_users

Params = Mapping[str, Any]
Work = Callable[[Params, Service, bool, Redactor], Report]


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What a module offers.

    ``work`` takes checked options, the service, check mode and a redactor.
    """

    options: tuple[Option, ...]
    work: Work
    required_one_of: tuple[tuple[str, ...], ...] = ()
    mutually_exclusive: tuple[tuple[str, ...], ...] = ()


def converging(
    desired_of: Callable[[Params, Redactor], Desired | Sequence[Desired]],
    policy_of_task: Callable[[Params], Policy],
    report: Callable[[Run], Report],
) -> Work:
    """Return the work of a module that changes a service: input, converge, report."""

    def work(params: Params, service: Service, check: bool, redactor: Redactor) -> Report:
        started = time.monotonic()
        found = desired_of(params, redactor)
        desired = [found] if isinstance(found, Desired) else found
        redactor.hide_paths(made_of(desired))
        # A full report shows every resource, also those without a change.
        sifts = params.get("return") != "full"
        policy = policy_of_task(params)
        refusal: PlanRefused | None = None
        try:
            outcome = converge(service, desired, policy, check=check, sifts=sifts)
        except PlanRefused as refused:
            outcome, refusal = refused.planned, refused
        run = Run(
            outcome=outcome,
            desired=desired,
            params=params,
            redactor=redactor,
            requests=service.session.requests,
            seconds=time.monotonic() - started,
        )
        return report(run) if refusal is None else refused_report(run, refusal)

    return work


def _one(desired_of: Callable[[Params], Desired]) -> Callable[[Params, Redactor], Desired]:
    """Return what a task wants of one resource.

    Its secrets are known from its options.
    """
    return lambda params, redactor: desired_of(params)


def _directory(params: Params, redactor: Redactor) -> Sequence[Desired]:
    """Return what scim_directory wants, and hide the secrets of its rows."""
    secrets: list[Any] = []
    try:
        return directory_of(params, secrets)
    finally:
        redactor.hide(*secrets)


def reading(read: Callable[[Params, Service], Report]) -> Work:
    """Return the work of a module that only reads."""

    def work(params: Params, service: Service, _check: bool, _redactor: Redactor) -> Report:
        return read(params, service)

    return work


def _probing(params: Params, service: Service, check: bool, _redactor: Redactor) -> Report:
    return read_service_provider(params, service, check=check)


def _verifying(params: Params) -> Policy:
    return Policy(verify=params["verify"])


def _default(_params: Params) -> Policy:
    return Policy()


TASKS = {
    "scim_user": Task(
        options=USER_OPTIONS,
        work=converging(_one(user_desired), _verifying, user_report),
    ),
    "scim_group": Task(
        options=GROUP_OPTIONS,
        work=converging(_one(group_desired), _verifying, group_report),
    ),
    "scim_group_membership": Task(
        options=MEMBERSHIP_OPTIONS,
        work=converging(_one(membership_desired), membership_policy, membership_report),
        required_one_of=(("group", "group_id"),),
        mutually_exclusive=(("group", "group_id"),),
    ),
    "scim_user_info": Task(
        options=info_options(USER),
        work=reading(read_users),
        mutually_exclusive=(("id", "user_name", "filter"),),
    ),
    "scim_group_info": Task(
        options=info_options(GROUP),
        work=reading(read_groups),
        mutually_exclusive=(("id", "display_name", "filter"),),
    ),
    "scim_resource": Task(
        options=RESOURCE_OPTIONS,
        work=converging(_one(resource_desired), _default, resource_report),
    ),
    "scim_resource_info": Task(
        options=info_options(None),
        work=reading(read_resources),
        mutually_exclusive=(("id", "filter"),),
    ),
    "scim_service_provider_info": Task(options=PROBE_OPTIONS, work=_probing),
    "scim_directory": Task(
        options=DIRECTORY_OPTIONS,
        work=converging(_directory, policy_of, directory_report),
        required_one_of=(("src", "users", "groups", "teams"),),
        mutually_exclusive=(("src", "users"), ("src", "groups"), ("src", "teams")),
    ),
}
