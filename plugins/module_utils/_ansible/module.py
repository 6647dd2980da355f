# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The glue to Ansible: the only file that knows AnsibleModule and check mode; does no work of its own."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._converge.connect import REQUESTS_IMPORT_ERROR, connect, forms_of
from .._converge.service import Service
from .._model.options import Option, argument_spec
from .._model.errors import ScimError
from .connection import CONNECTION, connection_spec, stated
from .output import clean, holds, secrets_in
from .tasks import TASKS
from .work import Stopped

USER_AGENT = "ansible-identity.scim"


class Module(AnsibleModule):  # type: ignore[misc]
    """An AnsibleModule whose failures do not show its arguments, as those of ansible-core before 2.21 do at -vvv.

    Arguments that Ansible refuses are shown before it knows all that is secret in them.
    """

    def fail_json(self, msg: str, **more: Any) -> NoReturn:
        """End with a failure."""
        self.params: dict[str, Any] = {}
        super().fail_json(msg, **more)
        raise AssertionError  # it never returns


def run(name: str) -> None:
    """The whole of a module: read the options, do the task of that name, leave by exit_json or fail_json."""
    task = TASKS[name]
    module = Module(
        argument_spec={**connection_spec(), **argument_spec(task.options)},
        supports_check_mode=True,
        no_log=True,
        required_one_of=task.required_one_of or None,
        mutually_exclusive=task.mutually_exclusive or None,
    )
    _need_libraries(module)
    secrets = secrets_in(
        [module.params[option.name] for option in CONNECTION if option.secret]
    ) | secrets_of(task.options, module.params)
    known = forms_of(secrets)
    service: Service | None = None
    result: dict[str, Any] = {"changed": False}
    failure: str | None = None
    try:
        options = stated(module.params, os.environ)
        stated_secrets = [options[option.name] for option in CONNECTION if option.secret]
        known = forms_of(
            secrets | secrets_in([*stated_secrets, *_user_info(options["server_url"])])
        )
        service, more, notes = connect(options, user_agent=USER_AGENT, read_only=module.check_mode)
        known = tuple(sorted({*known, *more}, key=lambda form: (-len(form), form)))
        _heed_signals(service)
        result = task.work(module.params, service, module.check_mode)
        result["warnings"] = [*notes, *result.get("warnings", ())]
    except Stopped as stopped:
        result, failure = stopped.result, str(stopped.error)
    except ScimError as problem:
        failure = str(problem)
    except Exception as fault:  # pylint: disable=broad-exception-caught
        failure = internal(fault)
    # Not in an except clause: of an exception that is being handled fail_json tells all, where Ansible shows tracebacks.
    _leave(module, known, service, result, failure)


def _user_info(url: str | None) -> list[str]:
    """The password that an address should not have, and that is refused: ansible-core 2.19 shows the arguments of a task."""
    user_info = (url or "").partition("://")[2].partition("/")[0].rpartition("@")[0]
    return [one for one in (user_info, user_info.partition(":")[2]) if one]


def _heed_signals(service: Service) -> None:
    """An interruption ends the run between two changes, and what was done by then is told."""

    def interrupt(_number: int, _frame: object) -> None:
        service.interrupted = True

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, interrupt)


def _need_libraries(module: AnsibleModule) -> None:
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("requests"))
    if module.params.get("query"):
        try:
            import jmespath  # noqa: F401  # pylint: disable=unused-import
        except ImportError:
            module.fail_json(msg=missing_required_lib("jmespath"))


def secrets_of(options: tuple[Option, ...], params: Mapping[str, Any]) -> set[str]:
    """The values of all secret options, nested ones included."""
    found: set[str] = set()
    for option in options:
        value = params.get(option.name)
        if option.secret and not isinstance(value, bool):
            found |= secrets_in(value)
        elif option.options and value:
            for one in value if isinstance(value, list) else [value]:
                found |= secrets_of(option.options, one)
    return found


def internal(fault: Exception) -> str:
    """An exception that nobody expected, as a sentence: where, never what it says, since that may hold a secret."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"
    return f"internal error ({type(fault).__name__} at {place}); this is a defect of identity.scim, please report it"


def _leave(
    module: AnsibleModule,
    known: tuple[str, ...],
    service: Service | None,
    result: dict[str, Any],
    failure: str | None,
) -> None:
    """The one way out: everything is cleaned, warnings are given, then the module ends."""
    if service is not None:  # access tokens that were given on the way
        known = tuple(
            sorted({*known, *service.session.secrets}, key=lambda form: (-len(form), form))
        )
    module.no_log_values.update(known)
    module.no_log_values -= {
        one for one in module.no_log_values if not one.strip()
    }  # a blank one would eat every space
    for warning in result.pop("warnings", ()):
        module.warn(clean(warning, known, escape=True))
    if holds(result, known):
        module.warn(
            "a secret of this task is part of what it returns, and is masked there; do not use those values in other tasks"
        )
    shown = clean(result.pop("diff", []), known, escape=True)
    result = {
        name: clean(value, known, escape=False) for name, value in result.items()
    }  # the names are ours, no secrets
    result["requests"] = service.session.requests if service is not None else 0
    if shown and module._diff:  # pylint: disable=protected-access
        result["diff"] = shown[0] if len(shown) == 1 else shown
    if failure is not None:
        module.fail_json(msg=clean(failure, known, escape=True), **result)
    module.exit_json(**result)
