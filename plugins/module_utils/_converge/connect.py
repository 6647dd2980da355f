# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From stated connection options to a service that can be asked; knows the options' meaning, not where they were stated."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any

from .._model.errors import ScimError
from .._provider.capabilities import overridden
from .._transport.settings import settings_from
from .._transport.errors import TransportError
from .._transport.secret_forms import all_forms
from .._transport.session import REQUESTS_IMPORT_ERROR, Session
from .._transport.text import mask
from .service import Service

__all__ = ["REQUESTS_IMPORT_ERROR", "connect", "forms_of", "mask"]


def connect(
    options: Mapping[str, Any], *, user_agent: str, read_only: bool
) -> tuple[Service, tuple[str, ...], tuple[str, ...]]:
    """Connection options by their INTERFACE names → (service, everything to be masked, notes for the user).

    ``read_only``: the session refuses every write, as the second belt of check mode. Sends nothing. Raises ScimError.
    """
    try:
        settings = settings_from(options)
        capabilities = overridden(options.get("capabilities") or {})
        session = Session(
            settings,
            user_agent=user_agent,
            media_type=capabilities.get("media_type"),
            read_only=read_only,
        )
    except TransportError as fault:
        raise ScimError(fault.reason, hint=fault.hint) from None
    except ValueError as fault:
        raise ScimError(str(fault)) from None
    return Service(session, capabilities, account_of(options)), settings.secrets, settings.notes


def account_of(options: Mapping[str, Any]) -> frozenset[str]:
    """Whose credentials these are, as far as they say it: the user name of HTTP Basic, the ``sub`` of a JWT (RFC 7519)."""
    found = {str(options.get("auth_username") or "")}
    parts = str(options.get("token") or "").split(".")
    if len(parts) == 3:
        try:
            claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        except (ValueError, RecursionError):
            claims = {}
        found.add(str(claims.get("sub") or "") if isinstance(claims, dict) else "")
    return frozenset(found - {""})


def forms_of(secrets: Iterable[str]) -> tuple[str, ...]:
    """Every form in which secrets could stand in a text, the longest first."""
    return all_forms(secrets)
