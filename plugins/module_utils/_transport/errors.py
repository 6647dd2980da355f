# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The error of this room: a request or an answer that failed.

Knows no HTTP library.
"""

from __future__ import annotations

from .._model.errors import ScimError
from .text import clean

_LONGEST = 600


class TransportError(ScimError):
    """A request that could not be sent, or whose answer cannot be used.

    ``kind`` is one of ``settings``, ``refused``, ``dns``, ``tls``, ``proxy``, ``timeout``,
    ``reset``, ``redirect``, ``not_json``, ``too_large``, ``cut_short``, ``gave_up``,
    ``interrupted``, ``read_only``, ``token``. ``reason`` is one clause without secrets or control
    characters, ``hint`` says what to do. ``status`` is the HTTP status, if one was received.
    ``sent`` is true when the request may have reached the server: look before you send a POST
    again.
    """

    def __init__(
        self,
        *,
        kind: str,
        reason: str,
        hint: str = "",
        status: int | None = None,
        sent: bool = False,
    ) -> None:
        self.kind = kind
        self.sent = sent
        super().__init__(clean(reason, _LONGEST), hint=clean(hint, _LONGEST), status=status)


def settings_error(reason: str, hint: str = "") -> TransportError:
    """Return the error for an option or value that cannot be used.

    ``reason`` names the option and never shows a secret.
    """
    return TransportError(kind="settings", reason=reason, hint=hint)
