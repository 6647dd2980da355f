# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where secrets stand in a text of which some or all characters are escaped.

``%41``, ``\\x41``, ``\\u0041``, ``\\101``, ``&#65;``, and lists of bytes: ``41:42``, ``0x41 0x42``.
Knows the forms of secrets, not which ones are to be masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

# A shorter list of bytes is a time, or an address.
BYTES = 8
SEPARATORS = ":,; -"
_ESCAPE = re.compile(
    r"%([0-9A-Fa-f]{2})|\\+x([0-9A-Fa-f]{2})|\\+([0-3][0-7]{2})|\\+u([0-9A-Fa-f]{4})|"
    r"&#([0-9]{1,7});?|&#[xX]([0-9A-Fa-f]{1,6});?"
)
_BYTE = r"(?:0[xX])?[0-9A-Fa-f]{2}"
_LIST = re.compile(
    rf"(?<![0-9A-Za-z]){_BYTE}(?:[{SEPARATORS}]{{1,2}}{_BYTE}){{{BYTES - 1},}}(?![0-9A-Za-z])"
)
_DIGITS = re.compile(r"([0-9A-Fa-f]{2})(?![xX])")
_SIGNS = re.compile(r"%[0-9A-Fa-f]|\\|&#")
# Above ASCII, a number is a byte of UTF-8 or a character of Latin-1.
_HIGH = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]|\\+x[89A-Fa-f]|\\+[23][0-7]{2}")
_LAST = 0x10FFFF
Span = tuple[int, int]


def may_be_escaped(text: str) -> bool:
    """Return whether a text may have escapes, or a list of bytes."""
    if "%" in text or "\\" in text or "&#" in text:
        return True
    # Each is counted in less time than a pattern takes to begin.
    count = text.count
    few = BYTES - 1
    return len(text) > BYTES * 3 and (
        count(" ") >= few
        or count(":") >= few
        or count("-") >= few
        or count(",") >= few
        or count(";") >= few
    )


def escaped_spans(text: str, forms: Sequence[bytes]) -> Iterator[Span]:
    """Yield the parts of a text that stand for a form."""
    if not forms:
        return
    if _SIGNS.search(text):
        yield from _found(*_unescaped(text), forms)
        if _HIGH.search(text):
            yield from _found(*_unescaped(text, latin=True), forms)
    for run in _LIST.finditer(text):
        data = bytearray()
        places = []
        for digits in _DIGITS.finditer(text, *run.span()):
            data.append(int(digits.group(1), 16))
            places.append(digits.start())
        yield from _found(bytes(data), [*places, run.end()], forms)


def _found(data: bytes, places: Sequence[int], forms: Sequence[bytes]) -> Iterator[Span]:
    """Yield the parts that are a form; ``places`` say where each byte is, and the end."""
    for form in forms:
        start = data.find(form)
        while start >= 0:
            yield places[start], places[start + len(form)]
            start = data.find(form, start + 1)


def _unescaped(text: str, *, latin: bool = False) -> tuple[bytes, list[int]]:
    """Return the bytes of a text without escapes, and where each of them is.

    ``latin``: a number stands for a character and not for a byte.
    """
    data = bytearray()
    places: list[int] = []
    end = 0
    for escape in [*_ESCAPE.finditer(text), None]:
        start = len(text) if escape is None else escape.start()
        for place in range(end, start):
            raw = text[place].encode("utf-8", "surrogatepass")
            data += raw
            places += [place] * len(raw)
        if escape is not None:
            raw = _meant(escape, latin=latin)
            data += raw
            places += [start] * len(raw)
            end = escape.end()
    return bytes(data), [*places, len(text)]


def _meant(escape: re.Match[str], *, latin: bool) -> bytes:
    """Return the bytes of one escape."""
    percent, hexadecimal, octal, unit, decimal, reference = escape.groups()
    is_byte = bool(percent or hexadecimal or octal)
    if decimal:
        code = int(decimal)
    elif octal:
        code = int(octal, 8)
    else:
        code = int(percent or hexadecimal or unit or reference, 16)
    if is_byte and not latin:
        return bytes([code])
    return chr(min(code, _LAST)).encode("utf-8", "surrogatepass")
