# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms in which a secret may occur in text.

Knows encodings, not which options are secret.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus

# A shorter secret has forms so short that they occur in any text.
_LEAST_INSIDE = 6
_HEX = re.compile("%[0-9A-F]{2}")
# Some write these characters in JSON as their numbers.
_ESCAPED_BESIDES = re.compile("[+'<>&`]")


def forms(secret: str) -> Iterator[str]:
    """Yield ``secret`` raw, URL-encoded, JSON-escaped, in HTML, hex and base64.

    Each of these may be in a URL or in JSON again. In base64 it is found wherever it stands in the
    encoded text; ``coded`` finds what is encoded so once more. A form may be yielded more than
    once.
    """
    for form in _once(secret):
        yield form
        if not form.isalnum():
            yield from _in_url(form)
            yield from _in_json(form)


def _in_url(text: str) -> Iterator[str]:
    raw = text.encode("utf-8", "surrogatepass")
    for quoted in (quote(raw, safe=""), quote_plus(raw)):
        yield quoted
        yield _HEX.sub(lambda found: found.group().lower(), quoted)


def _in_json(text: str) -> Iterator[str]:
    """Yield a text in JSON: with and without the characters that some escape besides."""
    for ascii_only in (True, False):
        escaped = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        yield escaped
        yield escaped.replace("/", "\\/")
        yield _ESCAPED_BESIDES.sub(lambda found: f"\\u{ord(found.group()):04X}", escaped)
        yield _ESCAPED_BESIDES.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped)


def _once(secret: str) -> Iterator[str]:
    """Yield the forms of a secret that is encoded once, and some in which it is twice."""
    raw = secret.encode("utf-8", "surrogatepass")
    yield secret
    for quoted in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        for again in (quoted, quote(quoted, safe=""), quote_plus(quoted)):
            yield again
            yield _HEX.sub(lambda found: found.group().lower(), again)
    yield from _in_json(secret)
    yield html.escape(secret)
    yield html.escape(secret, quote=False)
    for coded in (base64.b64encode(raw), base64.urlsafe_b64encode(raw)):
        yield coded.decode("ascii")
        yield coded.decode("ascii").rstrip("=")
    if len(raw) >= _LEAST_INSIDE:
        yield raw.hex()
        yield raw.hex().upper()
        yield from _inside_base64(raw)


def _inside_base64(raw: bytes) -> Iterator[str]:
    """Yield the characters that stand for ``raw`` alone inside of longer base64.

    There are three places in a group of three bytes. The characters before and after hold bits of
    other bytes too.
    """
    for before, cut in ((0, 0), (1, 2), (2, 3)):
        data = b"\0" * before + raw
        whole = len(data) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(data).decode("ascii")[cut:whole]


def all_forms(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return the forms of all ``secrets``, each once, the longest first."""
    found: set[str] = set()
    for secret in secrets:
        if secret:
            found.update(_forms_of(secret))
    return longest_first(found)


@lru_cache(maxsize=64)
def _forms_of(secret: str) -> frozenset[str]:
    """Return the forms of a secret, made once for all tasks of this process.

    Those of a long token take a millisecond.
    """
    return frozenset(forms(secret))


def longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    """Return ``texts`` each once, the longest first: a form may be part of another."""
    return tuple(sorted(set(texts), key=lambda form: (-len(form), form)))
