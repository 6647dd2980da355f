# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From stated connection options to a service that can be asked; knows the options' meaning, not where they were stated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._model.problem import ScimError
from .._provider.capabilities import overridden
from .._transport.auth import settings_from
from .._transport.errors import TransportError, mask
from .._transport.secret_forms import all_forms
from .._transport.session import REQUESTS_IMPORT_ERROR, Session
from .service import Service

__all__ = ["REQUESTS_IMPORT_ERROR", "connect", "forms_of", "mask"]


def connect(options: Mapping[str, Any], *, user_agent: str, read_only: bool) -> tuple[Service, tuple[str, ...], tuple[str, ...]]:
    """Connection options by their INTERFACE names → (service, everything to be masked, notes for the user).

    ``read_only``: the session refuses every write, as the second belt of check mode. Sends nothing. Raises ScimError.
    """
    try:
        settings = settings_from(options)
    except TransportError as fault:
        raise ScimError(fault.reason, hint=fault.hint) from None
    try:
        capabilities = overridden(options.get("capabilities") or {})
    except ValueError as fault:
        raise ScimError(str(fault)) from None
    session = Session(settings, user_agent=user_agent, media_type=capabilities.get("media_type"), read_only=read_only)
    return Service(session, capabilities), settings.secrets, settings.notes


def forms_of(secrets: Iterable[str]) -> tuple[str, ...]:
    """Every form in which secrets could stand in a text, the longest first."""
    return all_forms(secrets)
