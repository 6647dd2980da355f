# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of every module.

It drops null options and adds connection options from host variables. Then it runs the module in
this worker process if it may, and else as a module. The plugins of the other names are this one:
Ansible imports them before it starts a worker, which would take longer than most tasks.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Mapping
from typing import Any

from ansible import constants
from ansible import module_utils as ansible_module_utils
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import module_utils_loader
from ansible.release import __version__
from ansible.utils.display import Display
from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    CONNECTION,
    CREDENTIALS,
    from_variables,
    is_set,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._report.redaction import Redactor
from ansible_collections.identity.scim.plugins.plugin_utils._fast_path import (
    Circumstances,
    why_not_in_process,
)
from ansible_collections.identity.scim.plugins.plugin_utils._in_worker import (
    Run,
    missing_libraries,
    run_in_worker,
)
from ansible_collections.identity.scim.plugins.plugin_utils._progress import (
    AT_TERMINAL,
    IN_LOG,
    ProgressLines,
    in_words,
)
from ansible_collections.identity.scim.plugins.plugin_utils._role_words import (
    ROLE,
    said_by_the_role,
)
from ansible_collections.identity.scim.plugins.plugin_utils._teams import refusal_of

display = Display()
# From 2.21 on, failed_when and until see what was displayed as warnings of a task, and nothing of
# the warnings in what an action plugin returns.
DISPLAY_KEEPS_WARNINGS = tuple(int(one) for one in __version__.split(".")[:2]) >= (2, 21)
# Asked before a worker is forked: a worker has no terminal, its lines are printed by the parent.
HAS_TERMINAL = sys.stderr is not None and sys.stderr.isatty()
# Dictionaries in which a null is the author's own: SCIM values, headers.
FREE = frozenset(
    {"attributes", "secret_attributes", "headers", "secret_headers", "capabilities", "mapping"}
)
# Values of ansible_python_interpreter that let Ansible look for one.
DISCOVERED = frozenset({"", "auto", "auto_silent", "auto_legacy", "auto_legacy_silent"})


class ActionModule(ActionBase):
    """The ``action_plugin`` of every module in meta/runtime.yml.

    Without it the modules work too, but read no host variables.
    """

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module with completed options."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        values: dict[str, Any] = {}

        def value_of(variable: str) -> Any:
            if variable not in values:
                values[variable] = self._templar.template(variables[variable])
            return values[variable]

        args = without_nulls(self._task.args)
        refusal = refusal_of(args.get("teams"))
        if refusal is not None:
            result.update(failed=True, changed=False, msg=refusal)
            return result
        try:
            filled = from_variables(args, variables, value_of)
        except ScimError as error:
            result.update(failed=True, changed=False, msg=redacted(str(error), args))
            return result
        args.update({name: values[variable] for name, variable in filled.items()})
        if display.verbosity:
            said = redacted(sources(self._task.args, filled), args)
            display.v(said, host=variables.get("inventory_hostname"))
        reason = why_not_in_process(self._circumstances(args, variables))
        module = str(self._task.resolved_action or self._task.action).rpartition(".")[2]
        if reason is None and module in TASKS:
            result.update(self._run_in_worker(module, args, variables))
            self._tell_counts(result, variables)
            return result
        display.vvv(f"identity.scim: runs as a module: {reason}")
        wrap_async = bool(self._task.async_val)
        found = self._execute_module(module_args=args, task_vars=task_vars, wrap_async=wrap_async)
        result.update(self._in_words(found, variables))
        if not wrap_async:
            shell = self._connection._shell  # pylint: disable=protected-access
            self._remove_tmp_path(shell.tmpdir)
        self._tell_counts(result, variables)
        return result

    def _tell_counts(self, result: Mapping[str, Any], variables: Mapping[str, Any]) -> None:
        """Print what a run did, in words, where callbacks print nothing."""
        said = in_words(result, check=bool(self._task.check_mode))
        if said and not self._task.no_log:
            host = str(variables.get("inventory_hostname") or "")
            at = f" ({host})" if host not in ("", "localhost") else ""
            display.display(f"identity.scim{at}: {said}", stderr=True)

    def _run_in_worker(
        self, module: str, args: dict[str, Any], variables: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Run a module here, and print how far it is.

        Standard error is the place for that: callbacks print results on the other one.
        """
        lines = ProgressLines(
            lambda text: display.display(f"identity.scim: {text}", stderr=True),
            lambda text: display.v(f"identity.scim: {text}"),
            AT_TERMINAL if HAS_TERMINAL else IN_LOG,
        )
        result = self._in_words(run_in_worker(self._run_of(module), args, lines), variables)
        lines.end()
        if DISPLAY_KEEPS_WARNINGS:
            for warning in result.pop("warnings", ()):
                display.warning(warning)
        return result

    def _in_words(self, result: dict[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return a result that names what the task's author can set."""
        role = self._task._role  # pylint: disable=protected-access
        if role is None or role.get_name() != ROLE:
            return result
        return said_by_the_role(result, has_roster=variables.get("team_roster") is not None)

    def _run_of(self, module: str) -> Run:
        return Run(
            module=module,
            called=self._task.action,
            check=bool(self._task.check_mode),
            diff=bool(self._task.diff),
            folder=self._loader.get_basedir(),
        )

    def _circumstances(self, args: dict[str, Any], variables: Mapping[str, Any]) -> Circumstances:
        """Return how the task is to run, as Ansible would see it."""
        task_environment: dict[str, Any] = {}
        self._compute_environment_string(task_environment)
        return Circumstances(
            connection=str(self._connection.transport),
            controller=sys.executable,
            interpreter=self._interpreter(variables),
            is_async=bool(self._task.async_val),
            becomes=self._other_user(),
            timeout=int(self._task.timeout or 0),
            task_environment=task_environment,
            environment=os.environ,
            overridden=overridden_module_utils(module_utils_loader.print_paths()),
            missing=missing_libraries(args),
        )

    def _interpreter(self, variables: Mapping[str, Any]) -> str:
        """Return the Python that the host is to use, "" if Ansible would look for one."""
        of_host = variables
        if self._task.delegate_to:
            of_host = variables["ansible_delegated_vars"][self._task.delegate_to]
        found = constants.config.get_config_value("INTERPRETER_PYTHON", variables=of_host)
        named = str(self._templar.template(found) or "").strip()
        return "" if named in DISCOVERED else named

    def _other_user(self) -> str:
        """Return the user that the task becomes, "" if Ansible would stay who it is."""
        if not self._connection.become:
            return ""
        user = str(self.get_become_option("become_user") or "another user")
        own = getattr(self._connection, "default_user", None)
        return "" if user == own and not constants.BECOME_ALLOW_SAME_USER else user


@functools.cache
def overridden_module_utils(paths: str) -> tuple[str, ...]:
    """Return the files of Ansible's ``module_utils`` that other folders have too.

    Modules take them from there, the worker does not. ``paths`` are all of these folders. A worker
    looks once for all items of a loop.
    """
    own = os.path.realpath(os.path.dirname(str(ansible_module_utils.__file__)))
    names = {name.partition(".")[0] for name in os.listdir(own)}
    found: set[str] = set()
    for folder in paths.split(os.pathsep):
        if os.path.isdir(folder) and os.path.realpath(folder) != own:
            found |= names & {name.partition(".")[0] for name in os.listdir(folder)}
    return tuple(sorted(found - {"__init__", "__pycache__"}))


def redacted(text: str, args: Mapping[str, Any]) -> str:
    """Return a text without control characters and secrets of the connection."""
    redactor = Redactor()
    redactor.hide(*(args.get(option.name) for option in CONNECTION if option.secret))
    return str(redactor.clean(text, escape=True))


def without_nulls(value: Any) -> Any:
    """Return options without those that are null, at any depth.

    Null counts as omitted. A module would refuse null for an option with a default or choices, and
    count it for options that exclude each other.
    """
    if isinstance(value, (list, tuple)):
        return [without_nulls(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    found = {}
    for name, inner in value.items():
        if inner is not None:
            found[name] = inner if name in FREE else without_nulls(inner)
    return found


def sources(args: Mapping[str, Any], filled: Mapping[str, str]) -> str:
    """Return where address and credentials come from, in words.

    Never return what they are.
    """
    place = _place_of_address(args, filled)
    return f"identity.scim: server_url from {place}; {_place_of_credentials(args, filled)}"


def _place_of_address(args: Mapping[str, Any], filled: Mapping[str, str]) -> str:
    if "server_url" in filled:
        return f"the host variable {filled['server_url']}"
    if args.get("server_url") is not None:
        return "the task or its module_defaults"
    return "the environment"


def _place_of_credentials(args: Mapping[str, Any], filled: Mapping[str, str]) -> str:
    options = [name for name in CREDENTIALS if is_set(args.get(name))]
    if options:
        return f"{', '.join(options)} from the task or its module_defaults"
    names = [variable for name, variable in filled.items() if name in CREDENTIALS]
    if names:
        return f"credentials from the host variables {', '.join(names)}"
    return "credentials from the environment"
