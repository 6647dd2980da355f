# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which texts may hold a secret at all, told cheaply; masks nothing.

Most texts hold none. Searching them for every form of every secret would cost more than all else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .encodings import MAY_BREAK, RUN, UUID, WORD

# So many characters begin a form. A text that holds the form holds them.
_ANCHOR = 4
_NEVER = re.compile(r"(?!)")


class Candidates:
    """The forms of all secrets, as far as they say which texts hold none of them.

    ``distinct`` are those that may stand in base64 or hexadecimal text too.
    """

    def __init__(self, forms: Iterable[str], distinct: Iterable[bytes]) -> None:
        known = [one for one in forms if one]
        starts = sorted({re.escape(one[:_ANCHOR]) for one in known})
        self._least = min(map(len, known), default=0)
        self._starts = re.compile("|".join(starts)) if starts else _NEVER
        shortest = min(map(len, distinct), default=0)
        # Base64 has four characters for three bytes.
        self._least_coded = max(-(-shortest * 4 // 3), RUN)
        # A run is tried from its beginning only. One that is a UUID is no code.
        run = rf"(?<!{WORD})(?!{UUID}(?!{WORD})){WORD}{{{self._least_coded},}}"
        self._code = re.compile(f"{run}|{MAY_BREAK}", re.ASCII) if shortest else _NEVER

    def may_be_in(self, text: str) -> bool:
        """Return whether a text may hold a form as it is."""
        return len(text) >= self._least and self._starts.search(text) is not None

    def may_be_coded_in(self, text: str) -> bool:
        """Return whether a text may stand for a form in a code."""
        return len(text) >= self._least_coded and self._code.search(text) is not None
