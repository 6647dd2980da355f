# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a plugin reaches a service and how its errors leave.

Knows where Ansible keeps options, no resource.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ansible.module_utils.basic import missing_required_lib
from ansible.utils.display import Display
from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    UNLIKE_DEFAULT,
    CONNECTION,
    CREDENTIALS,
    USER_AGENT,
    VARIABLE_PREFIX,
    check_address,
    is_set,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.defects import defect
from ansible_collections.identity.scim.plugins.module_utils._converge.connect import (
    REQUESTS_IMPORT_ERROR,
    connect,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._input.options import Option
from ansible_collections.identity.scim.plugins.module_utils._input.types import type_errors
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError, all_of
from ansible_collections.identity.scim.plugins.module_utils._report.redaction import Redactor

display = Display()

# Where an option was set, as Ansible calls it, the strongest first. A configuration file comes
# after these. Ansible calls it by its path.
LEVELS = ("Direct", "var", "env")
FILE = len(LEVELS)
SECTION = "scim"


class PluginRun:
    """One run of a plugin: its service and its secrets.

    It is the one way out for warnings and errors.
    """

    def __init__(self) -> None:
        self._redactor = Redactor()
        self._service: Service | None = None

    def hide(self, *values: Any) -> None:
        """Hide secrets of any shape from now on."""
        self._redactor.hide(*values)

    def redactor(self) -> Redactor:
        """Return the redactor.

        It also knows the secrets that the service gave on the way.
        """
        if self._service is not None:
            self._redactor.hide_forms(self._service.session.secrets)
        return self._redactor

    def connect(self, options: Mapping[str, Any]) -> Service:
        """Return the service for these connection options.

        It is for reading only. Raise ScimError.
        """
        if REQUESTS_IMPORT_ERROR:
            raise ScimError(missing_required_lib("requests"))
        self._service, forms, notes = connect(options, user_agent=USER_AGENT, read_only=True)
        self._redactor.hide_forms(forms)
        for note in notes:
            self.warn(note)
        return self._service

    def warn(self, text: str) -> None:
        """Print a warning without secrets and control characters."""
        display.warning(self.redactor().sentence(text))

    @contextmanager
    def failing_with(self, error: Callable[[str], Exception]) -> Iterator[None]:
        """Turn every exception inside into an ``error`` of one sentence.

        It has no secrets and no chain of causes, because Ansible prints causes and masks nothing
        in them.
        """
        try:
            yield
        except ScimError as failure:
            raise error(self._clean(str(failure))) from None
        except Exception as failure:  # pylint: disable=broad-exception-caught
            raise error(self._clean(defect(failure))) from None

    def _clean(self, text: str) -> str:
        return self.redactor().sentence(text)


def variables_of_connection(
    variables: Mapping[str, Any], template: Callable[[Any], Any]
) -> dict[str, Any]:
    """Return the variables ``scim_<option>`` that are set, templated.

    No other variable is looked at.
    """
    found = {}
    for option in CONNECTION:
        name = VARIABLE_PREFIX + option.name
        if variables.get(name) is not None:
            found[name] = template(variables[name])
    return found


def refuse_wrong_types(
    plugin: Any, given: Mapping[str, Any], variables: Mapping[str, Any] | None = None
) -> None:
    """Raise ScimError if options are not of their types, as they are written.

    Ansible makes text of anything, and ``false`` of a misspelt ``true``. A template is not looked
    at: its value is not known yet. ``variables`` have the names of options with a prefix.
    """
    table = []
    for name, one in plugin.option_definitions.items():
        kind, elements = one.get("type") or "str", one.get("elements")
        table.append(Option(name=name, doc="", type=kind, elements=elements))
    prefixed = [replace(one, name=VARIABLE_PREFIX + one.name) for one in table]
    known = {name: value for name, value in given.items() if not _is_template(value)}
    wrong = [*type_errors(table, known), *type_errors(prefixed, variables or {})]
    if wrong:
        raise all_of([f"an option has an invalid value: {one}" for one in wrong])


def _is_template(value: Any) -> bool:
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def set_options(
    run: PluginRun, plugin: Any, direct: Mapping[str, Any], variables: Mapping[str, Any]
) -> None:
    """Let Ansible work out the options of a plugin.

    Raise ScimError for an unknown or wrong option. What Ansible says about it may contain secrets,
    which are hidden.
    """
    for option in CONNECTION:
        if option.secret:
            run.hide(direct.get(option.name), variables.get(VARIABLE_PREFIX + option.name))
            run.hide(os.environ.get(option.env) if option.env else None)
    known = set(plugin.option_definitions)
    unknown = ", ".join(sorted(set(direct) - known))
    if unknown:
        options = ", ".join(sorted(known - {"_terms"}))
        raise ScimError(f"there is no option {unknown}; the options are {options}")
    refuse_wrong_types(plugin, direct, variables)
    try:
        plugin.set_options(var_options=dict(variables), direct=dict(direct))
    except Exception as error:  # pylint: disable=broad-exception-caught
        raise ScimError(str(error)) from None


def connection_options(plugin: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the connection options of a plugin.

    Credentials come from one level, the first that sets any, as in the modules. ``variables`` are
    those that Ansible took options from. Raise ScimError if the credentials are for another
    address.
    """
    found: dict[str, Any] = {}
    level: dict[str, int] = {}
    file = ""
    for option in CONNECTION:
        value, origin = plugin.get_option_and_origin(option.name)
        place = str(origin).partition(":")[0]
        is_omitted = place == "env" and value == ""
        is_omitted |= place == "default" and option.name in UNLIKE_DEFAULT
        found[option.name] = None if is_omitted else value
        level[option.name] = LEVELS.index(place) if place in LEVELS else FILE
        if place not in (*LEVELS, "default"):
            file = str(origin)
    best = min((level[name] for name in CREDENTIALS if is_set(found[name])), default=0)
    for name in CREDENTIALS:
        if level[name] > best:
            found[name] = None
    for place, values in (("var", variables), ("env", os.environ), (file, _of_file(file))):
        _check_address(found, level, place, values)
    return found


def _check_address(
    found: Mapping[str, Any], level: Mapping[str, int], place: str, values: Mapping[str, Any]
) -> None:
    """Raise ScimError if credentials of a place would go to another address."""
    number = LEVELS.index(place) if place in LEVELS else FILE
    theirs = [option for option in CONNECTION if level[option.name] == number]
    names = {one.name: _name_at(one, place) for one in theirs if is_set(found[one.name])}
    check_address(found, names, values.get, _name_at(CONNECTION[0], place))


def _of_file(file: str) -> dict[str, str]:
    """Return the options of a configuration file, by what ``_name_at`` calls them.

    Ansible tells only the value that is in use, not one that is set beside a stronger one.
    """
    parser = configparser.ConfigParser(inline_comment_prefixes=(";",), interpolation=None)
    parser.read(file)
    if not parser.has_section(SECTION):
        return {}
    return {f"{name} in {file}": value for name, value in parser.items(SECTION)}


def _name_at(option: Option, place: str) -> str:
    """Return how an option is called where it is set: by variables, or in a file."""
    names = {"var": VARIABLE_PREFIX + option.name, "env": str(option.env)}
    return names.get(place, f"{option.name} in {place}")
