# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The glue to Ansible: AnsibleModule, check mode and signals.

No other file knows them. Does no work of its own.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from .._converge.service import Service
from .._input.options import Option, argument_spec, checked_spec, documented
from .._input.row_checks import wrong_options
from .._input.secret_values import secret_values
from .._input.types import without_nulls
from .._model.errors import all_of
from .._report.redaction import refusal, strings_in
from .connection import CONNECTION, connection_spec, with_nulls
from .perform import Caller, Finished, perform
from .tasks import TASKS


class Module(AnsibleModule):  # type: ignore[misc]
    """An AnsibleModule whose failures do not show its arguments.

    ansible-core before 2.21 shows them at -vvv, also those that it refuses before it knows all
    that is secret in them. ``wrong`` are sentences about misspelt options, and about options of
    the wrong type, which ansible-core would convert to text, or end with a traceback. ``is_clean``:
    what leaves holds no secret any more.
    """

    def __init__(self, table: Sequence[Option], **more: Any) -> None:
        self.table = table
        self.wrong: list[str] = []
        self.is_clean = False
        self.given: dict[str, Any] = {}
        self.argument_spec: dict[str, Any] = {}
        self.params: dict[str, Any] = {}
        super().__init__(**more)

    def _load_params(self) -> None:
        """Read the options, and look at names and types before they are converted.

        If one is wrong, none is checked further.
        """
        super()._load_params()
        self.wrong = wrong_options(self.table, self.params)
        self.params = without_nulls(self.table, self.params)
        self.given = dict(self.params)
        self.no_log_values = strings_in([*secret_values(self.table, self.params)])
        self.argument_spec = {**self.argument_spec, **checked_spec(self.table)}
        if self.wrong:
            internal = [one for one in self.params if one.startswith("_ansible_")]
            self.params = {name: self.params[name] for name in internal}
            self.argument_spec = {}
            self.required_one_of = self.mutually_exclusive = None

    def fail_json(self, msg: str, **more: Any) -> NoReturn:
        """End with a failure, in which Ansible masks no part of a word."""
        self.params = {}
        if not self.is_clean:
            msg, distinct = refusal(msg, self.no_log_values)
            self.no_log_values = set(distinct)
        super().fail_json(msg, **more)
        raise AssertionError  # it never returns


def run(name: str) -> None:
    """Run a whole module.

    Read the options, do the work, leave by exit_json or fail_json.
    """
    task = TASKS[name]
    module = Module(
        (*CONNECTION, *task.options),
        argument_spec={**connection_spec(), **argument_spec(documented(task.options))},
        supports_check_mode=True,
        no_log=True,
        required_one_of=task.required_one_of or None,
        mutually_exclusive=task.mutually_exclusive or None,
    )
    if module.wrong:
        module.fail_json(msg=str(all_of(module.wrong)))
    finished = perform(
        name,
        with_nulls(module.params, module.given),
        os.environ,
        check=module.check_mode,
        diff=module._diff,  # pylint: disable=protected-access
        caller=Caller(connected=_heed_signals),
    )
    # Not in an except clause: if Ansible shows tracebacks, fail_json prints the exception that is
    # being handled.
    _leave(module, finished)


def _heed_signals(service: Service) -> None:
    """Let a signal end the run between two changes, and a read or a wait at once.

    The changes made until then are reported.
    """

    def interrupt(_number: int, _frame: object) -> None:
        service.interrupt()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, interrupt)


def _leave(module: Module, finished: Finished) -> None:
    """End the module with what is clean already."""
    # No person is shown in the invocation of ansible-core before 2.21.
    rows = {one.name for one in module.table if one.rows}
    module.params = {name: one for name, one in module.params.items() if name not in rows}
    # Everything was cleaned. Ansible would mask the other secrets inside of ordinary words too.
    module.no_log_values = set(finished.secrets)
    module.is_clean = True
    for warning in finished.warnings:
        module.warn(warning)
    if finished.failure is not None:
        module.fail_json(msg=finished.failure, **finished.result)
    module.exit_json(**finished.result)
