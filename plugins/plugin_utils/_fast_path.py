# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a task may run in the worker process of Ansible.

Else it runs as a module. Pure: knows what a task is like, not where Ansible keeps it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

SWITCH = "SCIM_IN_PROCESS"
SWITCHED_OFF = frozenset({"0", "false", "no", "off"})
PROXIES = ("http_proxy", "https_proxy", "all_proxy")


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """How a task is to run, as far as it matters where it runs.

    ``interpreter`` is the Python of the host, "" if it is to be discovered. ``controller`` is that
    of the worker. ``task_environment`` is what the keyword ``environment`` sets at any level,
    ``environment`` that of the worker. ``overridden`` are files of Ansible's ``module_utils`` that
    others shadow. ``missing`` are libraries that the task needs and the controller lacks.
    """

    connection: str
    controller: str
    interpreter: str = ""
    is_async: bool = False
    becomes: str = ""
    timeout: int = 0
    task_environment: Mapping[str, object] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    overridden: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def why_not_in_process(found: Circumstances) -> str | None:
    """Return why a task must run as a module, or None if it may run in the worker."""
    reasons = {
        f"{SWITCH} is {found.environment.get(SWITCH)}": is_switched_off(found.environment),
        f"the connection is {found.connection}": found.connection != "local",
        "the task is asynchronous": found.is_async,
        f"the task becomes {found.becomes}": bool(found.becomes),
        # Ansible raises it at any line, also in the middle of a write.
        "the task has a timeout": found.timeout > 0,
        "the task has an environment": bool(found.task_environment),
        f"ansible_python_interpreter is {found.interpreter}": not _is_own(found),
        "the environment names a SOCKS proxy": _has_socks_proxy(found.environment),
        f"module_utils are overridden: {', '.join(found.overridden)}": bool(found.overridden),
        f"the controller lacks {', '.join(found.missing)}": bool(found.missing),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def is_switched_off(environment: Mapping[str, str]) -> bool:
    """Return whether the environment asks for modules."""
    return environment.get(SWITCH, "").strip().lower() in SWITCHED_OFF


def _is_own(found: Circumstances) -> bool:
    """Return whether the Python of the host is that of the controller.

    A virtual environment has a link to a Python that others use too, and libraries of its own. So
    the folders must be the same as well.
    """
    return not found.interpreter or _place_of(found.interpreter) == _place_of(found.controller)


def _place_of(program: str) -> tuple[str, str]:
    return os.path.realpath(os.path.dirname(program)), os.path.realpath(program)


def _has_socks_proxy(environment: Mapping[str, str]) -> bool:
    proxies = [name for name in environment if name.lower() in PROXIES]
    return any(environment[name].strip().lower().startswith("socks") for name in proxies)
