# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of all modules: drops null options, adds host variables, runs the module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    CREDENTIALS,
    from_variables,
    is_stated,
)

display = Display()
# Null has a meaning of its own inside these dictionaries: SCIM values, headers.
FREE = frozenset({"attributes", "secret_attributes", "headers", "secret_headers", "capabilities"})


class ActionModule(ActionBase):
    """Run a module with its options completed.

    meta/runtime.yml names this plugin as the ``action_plugin`` of every module. Without it the
    modules still work, but do not read host variables.
    """

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module like Ansible's own action plugin, with the options completed."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        values: dict[str, Any] = {}

        def value_of(variable: str) -> Any:
            if variable not in values:
                values[variable] = self._templar.template(variables[variable])
            return values[variable]

        args = stated_only(self._task.args)
        filled = from_variables(args, variables, value_of)
        args.update({name: values[variable] for name, variable in filled.items()})
        display.v(sources(self._task.args, filled), host=variables.get("inventory_hostname"))
        wrap_async = bool(self._task.async_val)
        result.update(
            self._execute_module(module_args=args, task_vars=task_vars, wrap_async=wrap_async)
        )
        if not wrap_async:
            self._remove_tmp_path(self._connection._shell.tmpdir)  # pylint: disable=protected-access
        return result


def stated_only(value: Any) -> Any:
    """Return the options without null values, at any depth.

    A null option counts as omitted. A module would refuse null for an option with a default or
    choices, and would count it for mutually exclusive options.
    """
    if isinstance(value, Mapping):
        return {
            name: inner if name in FREE else stated_only(inner)
            for name, inner in value.items()
            if inner is not None
        }
    return [stated_only(one) for one in value] if isinstance(value, (list, tuple)) else value


def sources(args: Mapping[str, Any], filled: Mapping[str, str]) -> str:
    """Return a sentence about the sources of the address and the credentials, without values."""
    credentials = [name for name in CREDENTIALS if is_stated(args.get(name))]
    if credentials:
        entry = f"{', '.join(credentials)} from the task or its module_defaults"
    else:
        names = [variable for name, variable in filled.items() if name in CREDENTIALS]
        entry = (
            f"credentials from the host variables {', '.join(names)}"
            if names
            else "credentials from the environment"
        )
    where = (
        "the task or its module_defaults"
        if args.get("server_url") is not None
        else "the environment"
    )
    where = f"the host variable {filled['server_url']}" if "server_url" in filled else where
    return f"identity.scim: server_url from {where}; {entry}"
