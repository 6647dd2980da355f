# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that is checked before it is sent and made safe before it is shown.

Knows no HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .._model.errors import MASK

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
# Control characters, lone surrogates, and the invisible characters that reorder or hide text
# in a terminal.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb]+"
)


def clean(text: str, limit: int = 200) -> str:
    """Return ``text`` on one line of at most ``limit`` characters, safe to show.

    Control characters and invisible characters are replaced by spaces.
    """
    line = " ".join(_UNSAFE.sub(" ", text).split())
    if len(line) > limit:
        return line[: limit - 1] + "…"
    return line


def mask(text: str, secrets: Iterable[str]) -> str:
    """Return ``text`` with every secret replaced by asterisks.

    List the longest secret first where one contains another.
    """
    for secret in secrets:
        if secret:
            text = text.replace(secret, MASK)
    return text


def has_control_character(text: str) -> bool:
    """Return whether ``text`` contains a line end or another control character."""
    return _CONTROL.search(text) is not None


def can_encode(text: str, encoding: str) -> bool:
    """Return whether ``encoding`` can represent ``text``.

    The exception holds the text, which may be secret. It ends here, so that it never becomes the
    context of another error.
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
