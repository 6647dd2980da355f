# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where secrets stand inside of base64 and hexadecimal text, encoded again or not.

Knows the forms of secrets, not which ones are to be masked.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from bisect import bisect_right
from collections.abc import Iterator, Sequence

# The layers that are taken off. The forms of a secret are one more.
LAYERS = 3
# A shorter run of these characters is no code.
RUN = 11
WORD = "[A-Za-z0-9+/_-]"
# Code is wrapped over lines, also in JSON or a URL. Lines may have become one line. Then long words
# show that it is no sentence.
_LONG_WORD = 16
_LINE_END = r"\r\n?|\n|\\r\\n|\\n|%0[Dd]%0[Aa]|%0[Aa]"
_AFTER_LONG_WORD = rf"(?<={WORD}{{{_LONG_WORD}}})"
_BREAKS = rf"{_AFTER_LONG_WORD}[ \t]+|[ \t]*(?:{_LINE_END})[ \t]*"
# A cheaper test: each of these has one of these characters.
MAY_BREAK = rf"[\r\n\\%]|{_AFTER_LONG_WORD}[ \t]"
_RUN = re.compile(f"{WORD}{{{RUN},}}".encode())
_HEX = re.compile(rb"[0-9A-Fa-f]{%d,}" % RUN)
_WRAPPED = re.compile(f"{WORD}+(?:(?:{_BREAKS}){WORD}+)+".encode())
_BREAK = re.compile(_BREAKS.encode())
_MAY_BREAK = re.compile(MAY_BREAK.encode())
UUID = r"\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b"
_UUID = re.compile(UUID.encode())
_NO_CODE = b"!" * 36
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
        text = _UUID.sub(_NO_CODE, text)
    for found in _RUN.finditer(text):
        for first, end in _in_run(found.group(), forms, layers):
            yield found.start() + first, found.start() + end
    if _MAY_BREAK.search(text):
        for found in _WRAPPED.finditer(text):
            for first, end in _in_lines(found.group(), forms, layers):
                yield found.start() + first, found.start() + end


def _in_lines(wrapped: bytes, forms: Sequence[bytes], layers: int) -> Iterator[Span]:
    """Yield the parts of a run over several lines, with the ends of lines in them."""
    lines, starts, places = [], [], []
    size = start = 0
    for stop, following in [*(one.span() for one in _BREAK.finditer(wrapped)), (len(wrapped), 0)]:
        lines.append(wrapped[start:stop])
        starts.append(size)
        places.append(start)
        size += stop - start
        start = following
    for first, end in _in_run(b"".join(lines), forms, layers):
        line, last = bisect_right(starts, first) - 1, bisect_right(starts, end - 1) - 1
        yield places[line] + first - starts[line], places[last] + end - starts[last]


def _in_run(run: bytes, forms: Sequence[bytes], layers: int) -> Iterator[Span]:
    """Yield the parts of a run of characters that stand for a form."""
    if len(run) * 3 // 4 < len(forms[0]):
        return
    yield from _in_base64(run, forms, layers)
    for part in _HEX.finditer(run):
        for first, end in _in_hex(part.group(), forms, layers):
            yield part.start() + first, part.start() + end


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
