# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One row for each module: its options, their constraints, and its work.

A row is made when it is asked for, and imports what only its module needs: Ansible compiles every
file that is imported, in each process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from .._converge.converge import PlanRefused, converge
from .._converge.service import Service
from .._input.options import Option
from .._plan.desired import Desired
from .._plan.desired_rows import made_of
from .._plan.policy import Policy
from .._report.redaction import Redactor
from .._report.report import Report, Run

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
        if refusal is None:
            return report(run)
        from .._report.directory import refused_report

        return refused_report(run, refusal)

    return work


def _one(desired_of: Callable[[Params], Desired]) -> Callable[[Params, Redactor], Desired]:
    """Return what a task wants of one resource.

    Its secrets are known from its options.
    """
    return lambda params, redactor: desired_of(params)


def reading(read: Callable[[Params, Service], Report]) -> Work:
    """Return the work of a module that only reads."""

    def work(params: Params, service: Service, _check: bool, _redactor: Redactor) -> Report:
        return read(params, service)

    return work


def _verifying(params: Params) -> Policy:
    return Policy(verify=params["verify"], stop_on_attributes=False)


def _default(_params: Params) -> Policy:
    return Policy()


def _user() -> Task:
    from .._input.resource_options import USER_OPTIONS
    from .._input.resources import user_desired
    from .._report.single import user_report

    return Task(
        options=USER_OPTIONS,
        work=converging(_one(user_desired), _verifying, user_report),
    )


def _group() -> Task:
    from .._input.resource_options import GROUP_OPTIONS
    from .._input.resources import group_desired
    from .._report.single import group_report

    return Task(
        options=GROUP_OPTIONS,
        work=converging(_one(group_desired), _verifying, group_report),
    )


def _membership() -> Task:
    from .._input.membership import membership_desired, membership_policy
    from .._input.resource_options import MEMBERSHIP_OPTIONS
    from .._report.membership import membership_report

    return Task(
        options=MEMBERSHIP_OPTIONS,
        work=converging(_one(membership_desired), membership_policy, membership_report),
        required_one_of=(("group", "group_id"),),
        mutually_exclusive=(("group", "group_id"),),
    )


def _user_info() -> Task:
    from .._input.info_options import info_options
    from .._model.schema import USER
    from .info import read_users

    return Task(
        options=info_options(USER),
        work=reading(read_users),
        mutually_exclusive=(("id", "user_name", "filter"),),
    )


def _group_info() -> Task:
    from .._input.info_options import info_options
    from .._model.schema import GROUP
    from .info import read_groups

    return Task(
        options=info_options(GROUP),
        work=reading(read_groups),
        mutually_exclusive=(("id", "display_name", "filter"),),
    )


def _resource() -> Task:
    from .._input.any_resource import resource_desired
    from .._input.resource_options import RESOURCE_OPTIONS
    from .._report.single import resource_report

    return Task(
        options=RESOURCE_OPTIONS,
        work=converging(_one(resource_desired), _default, resource_report),
    )


def _resource_info() -> Task:
    from .._input.info_options import info_options
    from .info import read_resources

    return Task(
        options=info_options(None),
        work=reading(read_resources),
        mutually_exclusive=(("id", "filter"),),
    )


def _service_provider_info() -> Task:
    from .._input.info_options import PROBE_OPTIONS
    from .doctor import read_service_provider

    def work(params: Params, service: Service, check: bool, _redactor: Redactor) -> Report:
        return read_service_provider(params, service, check=check)

    return Task(options=PROBE_OPTIONS, work=work)


def _directory() -> Task:
    from .._input.directory import directory_of
    from .._input.directory_options import DIRECTORY_OPTIONS
    from .._input.policy import policy_of
    from .._report.directory import directory_report

    def desired_of(params: Params, redactor: Redactor) -> Sequence[Desired]:
        """Return what scim_directory wants, and hide the secrets of its rows."""
        secrets: list[Any] = []
        try:
            return directory_of(params, secrets)
        finally:
            redactor.hide(*secrets)

    return Task(
        options=DIRECTORY_OPTIONS,
        work=converging(desired_of, policy_of, directory_report),
        required_one_of=(("src", "users", "groups", "teams"),),
        mutually_exclusive=(("src", "users"), ("src", "groups"), ("src", "teams")),
    )


class _Rows(MutableMapping[str, Task]):
    """The rows by the names of their modules, each made when it is asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], Task]]) -> None:
        self._makers = {name: cache(make) for name, make in makers.items()}

    def __getitem__(self, name: str) -> Task:
        return self._makers[name]()

    def __setitem__(self, name: str, task: Task) -> None:
        self._makers[name] = cache(lambda: task)

    def __delitem__(self, name: str) -> None:
        del self._makers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


TASKS = _Rows(
    {
        "scim_user": _user,
        "scim_group": _group,
        "scim_group_membership": _membership,
        "scim_user_info": _user_info,
        "scim_group_info": _group_info,
        "scim_resource": _resource,
        "scim_resource_info": _resource_info,
        "scim_service_provider_info": _service_provider_info,
        "scim_directory": _directory,
    }
)
