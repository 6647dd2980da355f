# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a plugin comes to a service and how its errors leave; knows where Ansible keeps a plugin's options, and no resource."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible.module_utils.basic import missing_required_lib
from ansible.utils.display import Display

from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    CONNECTION,
    CREDENTIALS,
    VARIABLE_PREFIX,
    is_stated,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.module import (
    USER_AGENT,
    internal,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.output import clean, secrets_in
from ansible_collections.identity.scim.plugins.module_utils._converge.connect import (
    REQUESTS_IMPORT_ERROR,
    connect,
    forms_of,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError

display = Display()

# Where an option was stated, as Ansible calls it, the strongest first; anything else (a configuration file) comes after these.
LEVELS = ("Direct", "var", "env")


class Errand:
    """What a plugin does at one service: gathers the secrets on the way, so that whatever leaves can be cleaned of them."""

    def __init__(self) -> None:
        self.known: tuple[str, ...] = ()
        self.service: Service | None = None

    def hide(self, *values: Any) -> None:
        """Secrets, in any shape, that must not be shown from now on."""
        self.known = _longest_first(
            {*self.known, *forms_of({one for value in values for one in secrets_in(value)})}
        )

    def secrets(self) -> tuple[str, ...]:
        """Every form of every secret, those included that the service gave on the way."""
        more = self.service.session.secrets if self.service is not None else ()
        return _longest_first({*self.known, *more})

    def connect(self, options: Mapping[str, Any]) -> Service:
        """The service, by its connection options; for reading only. Raises ScimError."""
        if REQUESTS_IMPORT_ERROR:
            raise ScimError(missing_required_lib("requests"))
        self.service, more, notes = connect(options, user_agent=USER_AGENT, read_only=True)
        self.known = _longest_first({*self.known, *more})
        for note in notes:
            self.warn(note)
        return self.service

    def warn(self, text: str) -> None:
        """A warning without secrets and control characters."""
        display.warning(clean(text, self.secrets(), escape=True))

    @contextmanager
    def told_by(self, error: Callable[[str], Exception]) -> Iterator[None]:
        """Whatever goes wrong inside becomes an ``error`` of one sentence, without secrets and without a chain of causes."""
        try:
            yield
        except ScimError as problem:
            raise error(clean(str(problem), self.secrets(), escape=True)) from None
        except Refused as problem:
            raise error(clean(str(problem), self.secrets(), escape=True)) from None
        except Exception as fault:  # pylint: disable=broad-exception-caught
            raise error(clean(internal(fault), self.secrets(), escape=True)) from None


class Refused(Exception):
    """What Ansible itself says about a plugin's options, or a plugin about what it was told; not yet cleaned."""


def _longest_first(forms: set[str]) -> tuple[str, ...]:
    return tuple(
        sorted((form for form in forms if form.strip()), key=lambda form: (-len(form), form))
    )


def variables_of_connection(
    variables: Mapping[str, Any], template: Callable[[Any], Any]
) -> dict[str, Any]:
    """The variables ``scim_<option>`` that are set, templated; no other variable is looked at."""
    found = {}
    for option in CONNECTION:
        name = VARIABLE_PREFIX + option.name
        if variables.get(name) is not None:
            found[name] = template(variables[name])
    return found


def set_options(
    errand: Errand, plugin: Any, direct: Mapping[str, Any], variables: Mapping[str, Any]
) -> None:
    """Let Ansible work out the plugin's options. What it says about a wrong one is cleaned before it is shown."""
    secret = [option for option in CONNECTION if option.secret]
    errand.hide(
        *(direct.get(option.name) for option in secret),
        *(variables.get(VARIABLE_PREFIX + option.name) for option in secret),
        *(os.environ.get(option.env) for option in secret if option.env),
    )
    if unknown := sorted(set(direct) - set(plugin.option_definitions)):
        raise Refused(
            f"there is no option {', '.join(unknown)}; the options are {', '.join(sorted(set(plugin.option_definitions) - {'_terms'}))}"
        )
    try:
        plugin.set_options(var_options=dict(variables), direct=dict(direct))
    except Exception as fault:  # pylint: disable=broad-exception-caught
        raise Refused(str(fault)) from None


def connection_options(plugin: Any) -> dict[str, Any]:
    """The connection options of a plugin. Credentials come from one level, the first that states any, as with the modules."""
    found: dict[str, Any] = {}
    level: dict[str, int] = {}
    for option in CONNECTION:
        value, origin = plugin.get_option_and_origin(option.name)
        where = str(origin).partition(":")[0]
        found[option.name] = None if where == "env" and value == "" else value
        level[option.name] = LEVELS.index(where) if where in LEVELS else len(LEVELS)
    best = min((level[name] for name in CREDENTIALS if is_stated(found[name])), default=0)
    return {
        name: None if name in CREDENTIALS and level[name] > best else value
        for name, value in found.items()
    }
