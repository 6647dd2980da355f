# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that is safe to print on a terminal; knows nothing of its meaning."""

from __future__ import annotations

import re
import unicodedata

LONGEST_WORD = 300
_LONG_WORD = re.compile(rf"(\S{{{LONGEST_WORD}}})\S+")
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# The joiners are part of emoji and of words in several scripts.
JOINERS = "\u200d\u200c"


def printable(text: str) -> str:
    """Return a text on one line, with unprintable characters as escapes.

    Those are control characters, bidirectional overrides, line separators and lone surrogates (as
    in RFC 8259).
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(char: str) -> str:
    if unicodedata.category(char) not in UNPRINTABLE or char in JOINERS:
        return char
    code = ord(char)
    if code < 256:
        return f"\\x{code:02x}"
    if code < 65536:
        return f"\\u{code:04x}"
    return f"\\U{code:08x}"


def sentence(text: str) -> str:
    """Return a sentence that is safe to print, with its long words cut.

    An id or a name of a service may have any length.
    """
    return _LONG_WORD.sub(r"\1…", printable(text))
