# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms in which a secret may occur in text.

Knows encodings, not which options are secret.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

_HEX = re.compile("%[0-9A-F]{2}")


def forms(secret: str) -> Iterator[str]:
    """Yield ``secret`` raw, URL-encoded, JSON-escaped and in base64.

    A form may be yielded more than once.
    """
    raw = secret.encode("utf-8", "surrogatepass")
    yield secret
    for quoted in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield quoted
        yield _HEX.sub(lambda found: found.group().lower(), quoted)
    for ascii_only in (True, False):
        yield json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
    for coded in (base64.b64encode(raw), base64.urlsafe_b64encode(raw)):
        yield coded.decode("ascii")
        yield coded.decode("ascii").rstrip("=")


def all_forms(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return the forms of all ``secrets``, each once, the longest first."""
    found: set[str] = set()
    for secret in secrets:
        if secret:
            found.update(forms(secret))
    return longest_first(found)


def longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    """Return ``texts`` each once, the longest first: a form may be part of another."""
    return tuple(sorted(set(texts), key=lambda form: (-len(form), form)))
