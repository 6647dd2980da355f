# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one entry to every module: checked options in, a cleaned result out.

Knows no AnsibleModule, no signal and no process environment, so that it gives equal results
wherever it runs.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from .._converge.connect import REQUESTS_IMPORT_ERROR, KeptConnections, connect
from .._converge.service import Progress, Service
from .._input.secret_values import secret_values
from .._model.errors import ScimError
from .._report.redaction import Redactor
from .._report.report import Report
from .connection import CONNECTION, USER_AGENT, completed
from .defects import defect
from .tasks import TASKS

SHOWN_SECRET = (
    "a secret of this task is part of what it returns, and is masked there; "
    "do not use those values in other tasks"
)
Params = Mapping[str, Any]
# So many new objects, and so many collections of younger ones.
COLLECTED_AFTER = (50_000, 20, 20)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finished:
    """How a module ended, without secrets. ``failure`` is None after a success.

    ``secrets`` is every form of every secret, for all else that is printed about the task; but for
    those that would mask ordinary words.
    """

    result: dict[str, Any]
    failure: str | None
    warnings: tuple[str, ...]
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """What the caller of a run lends to it.

    ``connected`` is given the service before the first request, to interrupt it. ``kept`` are
    connections of earlier tasks, which this run may use and keeps for later ones. ``progress`` is
    told the phase, how much is done, of how many if that is known, and the requests so far.
    """

    connected: Callable[[Service], None] | None = None
    kept: KeptConnections | None = None
    progress: Progress | None = None


ALONE = Caller()


def perform(
    name: str,
    params: Params,
    environment: Mapping[str, str],
    *,
    check: bool,
    diff: bool,
    caller: Caller = ALONE,
) -> Finished:
    """Do the work of the module ``name``.

    Raise nothing: every failure is in the result. ``params`` are the options as Ansible checked
    them, those of the connection included. What they leave open of the connection is read from
    ``environment``. With ``check`` nothing is written. With ``diff`` the result has one.
    """
    collect_seldom()
    performance = _Performance(name, params, caller, check=check)
    performance.run(environment)
    return performance.finished(diff=diff)


@functools.cache
def collect_seldom() -> None:
    """Let the garbage collector look seldom, and at nothing that was there before.

    A process has the whole heap of Ansible, lives for one task, and makes little garbage.
    """
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


class _Performance:
    """One task under way: what is secret, what was done, and how it failed."""

    def __init__(self, name: str, params: Params, caller: Caller, *, check: bool) -> None:
        self.task = TASKS[name]
        self.params = params
        self.caller = caller
        self.check = check
        self.redactor = Redactor()
        self.service: Service | None = None
        self.notes: tuple[str, ...] = ()
        self.report = Report(result={"changed": False})
        self.failure: str | None = None

    def run(self, environment: Mapping[str, str]) -> None:
        """Connect and work. Every exception becomes the failure."""
        try:
            service = self._connect(environment)
            if self.caller.progress is not None:
                service.report_to(self.caller.progress)
            if self.caller.connected is not None:
                self.caller.connected(service)
            self.report = self.task.work(self.params, service, self.check, self.redactor)
            if self.report.failure is not None:
                self.failure = str(self.report.failure)
        except ScimError as error:
            self.failure = str(error)
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.failure = defect(error)

    def _connect(self, environment: Mapping[str, str]) -> Service:
        self.redactor.hide(*secret_values((*CONNECTION, *self.task.options), self.params))
        _require_libraries(self.params)
        options = completed(self.params, environment)
        self.redactor.hide(*secret_values(CONNECTION, options), *_user_info(options["server_url"]))
        service, secrets, notes = connect(
            options, user_agent=USER_AGENT, read_only=self.check, kept=self.caller.kept
        )
        self.redactor.hide_forms(secrets)
        self.service, self.notes = service, notes
        return service

    def finished(self, *, diff: bool) -> Finished:
        """Return what may leave: everything is cleaned here."""
        if self.service is not None:
            self.redactor.hide_forms(self.service.session.secrets)  # tokens given on the way
        result = {}
        for name, value in self.report.result.items():  # the names are ours, no secrets
            result[name] = self.redactor.clean(value, escape=False)
        result["requests"] = self.service.session.requests if self.service is not None else 0
        shown = self.redactor.clean(self.report.diff, escape=True)
        if diff and shown:
            result["diff"] = shown[0] if len(shown) == 1 else shown
        warnings = map(self.redactor.sentence, self._warnings())
        failure = self.failure
        if failure is not None:
            failure = self.redactor.sentence(failure)
        return Finished(
            result=result,
            failure=failure,
            warnings=tuple(warnings),
            secrets=self.redactor.distinct,
        )

    def _warnings(self) -> Iterator[str]:
        if self.failure is None:
            yield from self.notes
        yield from self.report.warnings
        if self.redactor.holds([self.report.result, self.report.diff]):
            yield SHOWN_SECRET


def _require_libraries(params: Params) -> None:
    """Raise ScimError if a library is missing that this task needs."""
    if REQUESTS_IMPORT_ERROR:
        raise ScimError(missing_required_lib("requests"))
    if params.get("query"):
        try:
            import jmespath  # noqa: F401  # pylint: disable=unused-import
        except ImportError:
            raise ScimError(missing_required_lib("jmespath")) from None


def _user_info(url: str | None) -> list[str]:
    """Return the password that an address must not have.

    The address is refused, and ansible-core 2.19 shows the arguments of the task all the same.
    """
    user_info = (url or "").partition("://")[2].partition("/")[0].rpartition("@")[0]
    password = user_info.partition(":")[2]
    return list(filter(None, (user_info, password)))
