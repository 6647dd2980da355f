# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From connection options to a service.

Knows what options mean, not where they were set.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._model.errors import ScimError
from .._provider.capabilities import OPTION, Capabilities
from .._provider.fields import Rank, Source
from .._provider.profiles import chosen, profile_named
from .._transport.errors import TransportError
from .._transport.kept_connections import KeptConnections
from .._transport.secret_forms import all_forms
from .._transport.session import REQUESTS_IMPORT_ERROR, Session
from .._transport.settings import Settings, settings_from
from .._transport.text import clean, is_distinct, mask
from .service import Service

__all__ = [
    "REQUESTS_IMPORT_ERROR",
    "KeptConnections",
    "all_forms",
    "connect",
    "is_distinct",
    "mask",
]


def connect(
    options: Mapping[str, Any],
    *,
    user_agent: str,
    read_only: bool,
    kept: KeptConnections | None = None,
) -> tuple[Service, tuple[str, ...], tuple[str, ...]]:
    """Return the service of these options, every text to mask, and notes for users.

    ``options`` are by the names of the options of a task. ``read_only``: the session refuses every
    write, as a second safeguard of check mode. ``kept`` are connections of earlier sessions, to be
    used again. Nothing is sent. Raise ScimError for an option that cannot be used.
    """
    try:
        settings = replace(settings_from(options), kept=kept)
        profile = chosen(options.get("service_provider"), settings.server_url)
        capabilities = profile_named(profile) if profile else Capabilities()
        stated = options.get("capabilities") or {}
        capabilities = capabilities.stated(stated, Source(OPTION, Rank.OPTION))
        session = Session(
            settings,
            user_agent=user_agent,
            media_type=capabilities.media_type,
            read_only=read_only,
        )
    except TransportError as fault:
        raise ScimError(fault.reason, hint=fault.hint) from None
    except ValueError as fault:
        raise ScimError(str(fault)) from None
    session.rate = capabilities.rate
    session.limit_writes(capabilities.write_rate, capabilities.write_burst)
    service = Service(session, capabilities, account_of(options))
    service.address = _shown(settings)
    service.profile = profile
    service.consistency_wait = settings.consistency_wait
    service.concurrency = min(settings.concurrency, capabilities.in_flight or settings.concurrency)
    return service, settings.secrets, settings.notes


def _shown(settings: Settings) -> str:
    """Return where requests go and how that is secured, for readers."""
    if settings.server_url.startswith("http:"):
        return f"{clean(settings.server_url)} without TLS"
    checked = "an unverified" if settings.verify is False else "a verified"
    return f"{clean(settings.server_url)} over TLS, with {checked} certificate"


def account_of(options: Mapping[str, Any]) -> frozenset[str]:
    """Return the names by which credentials say which account they belong to.

    These are the user name of HTTP Basic and the ``sub`` of a JWT (RFC 7519 section 4.1.2).
    """
    found = {str(options.get("auth_username") or "")}
    parts = str(options.get("token") or "").split(".")
    if len(parts) == 3:
        found.add(_subject(parts[1]))
    return frozenset(found - {""})


def _subject(payload: str) -> str:
    """Return the ``sub`` of the payload of a JWT; empty if there is none."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return ""
    return str(claims.get("sub") or "") if isinstance(claims, dict) else ""
