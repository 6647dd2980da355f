# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module run in the worker process of Ansible, with the result of a module.

Knows how Ansible checks options and cleans results, no task. An interruption of the worker ends it
at once, so no signal is handled here.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    CONNECTION,
    connection_spec,
    with_nulls,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.perform import (
    Caller,
    collect_seldom,
    perform,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS
from ansible_collections.identity.scim.plugins.module_utils._converge.connect import (
    REQUESTS_IMPORT_ERROR,
    KeptConnections,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.converge import writer
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Progress
from ansible_collections.identity.scim.plugins.module_utils._input.options import checked_spec
from ansible_collections.identity.scim.plugins.module_utils._input.row_checks import wrong_options
from ansible_collections.identity.scim.plugins.module_utils._input.secret_values import (
    secret_values,
)
from ansible_collections.identity.scim.plugins.module_utils._input.types import without_nulls
from ansible_collections.identity.scim.plugins.module_utils._model.errors import all_of
from ansible_collections.identity.scim.plugins.module_utils._report.redaction import (
    refusal,
    strings_in,
)

# All items of a loop run in one process, one after another.
CONNECTIONS = KeptConnections()
WIRE = "legacy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One run of a module: its name, as the task calls it, and its modes.

    ``folder`` is where relative paths of options begin.
    """

    module: str
    called: str
    check: bool
    diff: bool
    folder: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """Options as the module would have them, or why Ansible refuses them.

    ``secrets`` are the values that Ansible masks in that.
    """

    params: dict[str, Any]
    refusal: str | None = None
    secrets: frozenset[str] = field(default=frozenset(), repr=False)


def import_early(module: str, *, writes: bool = False) -> None:
    """Import what tasks of a module need, before Ansible forks their workers.

    Each worker would compile it again. ``writes``: with what writes. A playbook may have many tasks
    that change one resource each.
    """
    _validator(module)
    if writes:
        writer()


def missing_libraries(args: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the libraries that a task needs and that cannot be imported."""
    missing = ["requests"] if REQUESTS_IMPORT_ERROR else []
    if args.get("query") or args.get("mapping"):
        try:
            import jmespath  # noqa: F401  # pylint: disable=unused-import
        except ImportError:
            missing.append("jmespath")
    return tuple(missing)


def run_in_worker(
    run: Run, args: Mapping[str, Any], progress: Progress | None = None
) -> dict[str, Any]:
    """Return the result of a module that is run in this process.

    ``args`` are the options as the action plugin completed them.
    """
    collect_seldom()
    checked = check_options(run, plain(args))
    if checked.refusal is not None:
        said, distinct = refusal(checked.refusal, checked.secrets)
        return result_of({}, said, (), distinct)
    with contextlib.chdir(run.folder):
        finished = perform(
            run.module,
            checked.params,
            os.environ,
            check=run.check,
            diff=run.diff,
            caller=Caller(kept=CONNECTIONS, progress=progress),
        )
    secrets = frozenset(finished.secrets)
    return result_of(finished.result, finished.failure, finished.warnings, secrets)


def plain(args: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as they arrive in a module.

    These are values of JSON, without tags of Ansible.
    """
    encoder = get_module_encoder(WIRE, Direction.CONTROLLER_TO_MODULE)
    decoder = get_module_decoder(WIRE, Direction.CONTROLLER_TO_MODULE)
    found: dict[str, Any] = json.loads(json.dumps(args, cls=encoder), cls=decoder)
    return found


@functools.cache
def _validator(module: str) -> ArgumentSpecValidator:
    task = TASKS[module]
    return ArgumentSpecValidator(
        {**connection_spec(), **checked_spec(task.options)},
        mutually_exclusive=task.mutually_exclusive or None,
        required_one_of=task.required_one_of or None,
    )


def check_options(run: Run, args: dict[str, Any]) -> Checked:
    """Return options as AnsibleModule would check and complete them."""
    table = (*CONNECTION, *TASKS[run.module].options)
    secrets = frozenset(strings_in([*secret_values(table, args)]))
    wrong = wrong_options(table, args)
    if wrong:
        return Checked(params={}, refusal=str(all_of(wrong)), secrets=secrets)
    args = without_nulls(table, args)
    found = _validator(run.module).validate(args)
    secrets |= found._no_log_values  # pylint: disable=protected-access
    if not found.error_messages:
        params = with_nulls({**args, **found.validated_parameters}, args)
        return Checked(params=params, secrets=secrets)
    said = found.errors.msg
    if isinstance(found.errors[0], UnsupportedError):
        said = f"Unsupported parameters for ({run.called}) module: {said}"
    return Checked(params={}, refusal=said, secrets=secrets)


def result_of(
    result: Mapping[str, Any],
    failure: str | None,
    warnings: tuple[str, ...],
    secrets: frozenset[str],
) -> dict[str, Any]:
    """Return what exit_json or fail_json would, masked as they mask."""
    found = {**result}
    if failure is not None:
        found.update(failed=True, msg=failure)
    if warnings:
        found["warnings"] = list(warnings)
    kept = {name: one for name, one in found.items() if one is None or isinstance(one, bool)}
    masked: dict[str, Any] = remove_values(found, secrets)
    return {**masked, **kept}
