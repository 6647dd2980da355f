# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where secrets stand inside of base64 and hexadecimal text, encoded again or not.

Knows the forms of secrets, not which ones are to be masked.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Iterator, Sequence

# The layers that are taken off. The forms of a secret are one more.
LAYERS = 3
_LEAST = 11
_RUN = re.compile(rb"[A-Za-z0-9+/_-]{%d,}" % _LEAST)
_HEX = re.compile(rb"[0-9A-Fa-f]{%d,}" % _LEAST)
_UUID = re.compile(rb"\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b")
_BLANK = b" " * 36
_STANDARD = bytes.maketrans(b"-_", b"+/")
Span = tuple[int, int]


def coded_spans(text: bytes, forms: Sequence[bytes], layers: int = LAYERS) -> Iterator[Span]:
    """Yield the parts of a text that stand for a form, in base64 or in hex.

    A part may begin and end with characters that stand for other bytes too. ``forms`` come with the
    shortest first. A UUID is no code.
    """
    if not layers or not forms:
        return
    if b"-" in text:
        text = _UUID.sub(_BLANK, text)
    for found in _RUN.finditer(text):
        run, start = found.group(), found.start()
        if len(run) * 3 // 4 < len(forms[0]):
            continue
        for first, end in _in_base64(run, forms, layers):
            yield start + first, start + end
        for part in _HEX.finditer(run):
            for first, end in _in_hex(part.group(), forms, layers):
                yield start + part.start() + first, start + part.start() + end


def _in_base64(run: bytes, forms: Sequence[bytes], layers: int) -> Iterator[Span]:
    """Yield the parts of one run, which may begin with other characters."""
    chunk = run.translate(_STANDARD) if b"-" in run or b"_" in run else run
    for skipped in range(4):
        size = len(chunk) - skipped
        size -= size % 4 == 1
        data = a2b_base64(chunk[skipped : skipped + size] + b"=" * (-size % 4))
        for start, end in _spans(data, forms, layers):
            yield skipped + start * 8 // 6, min(len(run), skipped - (-end * 8 // 6))


def _in_hex(run: bytes, forms: Sequence[bytes], layers: int) -> Iterator[Span]:
    for skipped in range(2):
        chunk = run[skipped:]
        data = bytes.fromhex(chunk[: len(chunk) // 2 * 2].decode("ascii"))
        for start, end in _spans(data, forms, layers):
            yield skipped + start * 2, skipped + end * 2


def _spans(data: bytes, forms: Sequence[bytes], layers: int) -> Iterator[Span]:
    """Yield the parts of decoded bytes that are a form, or that stand for one."""
    for form in forms:
        if len(form) > len(data):
            break
        start = data.find(form)
        while start >= 0:
            yield start, start + len(form)
            start = data.find(form, start + 1)
    if layers > 1 and _RUN.search(data):
        yield from coded_spans(data, forms, layers - 1)
