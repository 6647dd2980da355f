# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of every module.

It drops null options and adds connection options from host variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    CONNECTION,
    CREDENTIALS,
    from_variables,
    is_set,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError

display = Display()
# Dictionaries in which a null is the author's own: SCIM values, headers.
FREE = frozenset({"attributes", "secret_attributes", "headers", "secret_headers", "capabilities"})


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
        try:
            filled = from_variables(args, variables, value_of)
        except ScimError as error:
            result.update(failed=True, changed=False, msg=redacted(str(error), args))
            return result
        args.update({name: values[variable] for name, variable in filled.items()})
        if display.verbosity:
            said = redacted(sources(self._task.args, filled), args)
            display.v(said, host=variables.get("inventory_hostname"))
        wrap_async = bool(self._task.async_val)
        result.update(
            self._execute_module(module_args=args, task_vars=task_vars, wrap_async=wrap_async)
        )
        if not wrap_async:
            shell = self._connection._shell  # pylint: disable=protected-access
            self._remove_tmp_path(shell.tmpdir)
        return result


def redacted(text: str, args: Mapping[str, Any]) -> str:
    """Return a text without control characters and secrets of the connection."""
    # Imported when something is shown only: requests comes with it, and each task starts a worker.
    from ansible_collections.identity.scim.plugins.module_utils._report.redaction import Redactor

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
