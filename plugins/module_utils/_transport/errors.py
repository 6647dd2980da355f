# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one error of this room and how text is made safe to show; knows nothing of HTTP libraries or of SCIM."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Control characters, lone surrogates, and the invisible characters that reorder or hide text in a terminal.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb]+"
)
_MASK = "********"


def clean(text: str, limit: int = 200) -> str:
    """``text`` on one line, without control or invisible characters, at most ``limit`` characters long."""
    line = " ".join(_UNSAFE.sub(" ", text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def mask(text: str, secrets: Iterable[str]) -> str:
    """``text`` with every secret replaced by asterisks. State the longest secret first where one contains another."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, _MASK)
    return text


class TransportError(Exception):
    """Bytes did not travel as they should.

    ``kind`` is one of ``settings``, ``refused``, ``dns``, ``tls``, ``proxy``, ``timeout``, ``reset``, ``redirect``,
    ``not_json``, ``too_large``, ``cut_short``, ``gave_up``, ``read_only``, ``token``. ``reason`` is one clause without secret or
    control character, ``hint`` says what to do. ``status`` is the HTTP status, where one was received. ``sent`` is true
    when the request may have reached the server: look before a POST is sent again.
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
        self.reason = clean(reason, 600)
        self.hint = clean(hint, 600)
        self.status = status
        self.sent = sent
        super().__init__(f"{self.reason}; {self.hint}" if self.hint else self.reason)
