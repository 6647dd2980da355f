# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader can see of a text; knows Unicode, no attribute."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
# Format characters that are drawn: signs around numbers and verses.
DRAWN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd")
# Letters, marks and symbols that are drawn as nothing.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
JOINERS = frozenset("\u200c\u200d")
KEYCAP = "\u20e3"
BLACK_FLAG = "\U0001f3f4"
SHOWN_POINTS = 5


def _is_selector(char: str) -> bool:
    """Return whether a character selects the form of the one before it."""
    point = ord(char)
    if 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF:
        return True
    return point in (0x180B, 0x180C, 0x180D, 0x180F)


def _is_tag(char: str) -> bool:
    return 0xE0020 <= ord(char) <= 0xE007F


def _is_unseen(char: str) -> bool:
    if char.isascii():
        return not char.isprintable()
    if char in BLANK or _is_selector(char):
        return True
    category = unicodedata.category(char)
    if category == "Zs":
        return True
    # Pictures that are newer than the Unicode version of Python.
    is_picture = category == "Cn" and 0x1F000 <= ord(char) <= 0x1FAFF
    return category in UNSEEN_CATEGORIES and char not in DRAWN and not is_picture


def unseen(text: str, *, joined: bool = False, spaced: bool = False) -> tuple[str, ...]:
    """Return the characters of a text that nobody can see, each once and in order.

    A plain space is none of them. ``joined``: what forms letters and pictures in its place is none
    either, such as ZWJ and ZWNJ between letters. ``spaced``: nor are spaces of other widths.
    """
    if text.isascii() and text.isprintable():
        return ()
    found: dict[str, None] = {}
    for number, char in enumerate(text):
        if not _is_unseen(char):
            continue
        if spaced and unicodedata.category(char) == "Zs":
            continue
        if joined and _forms(text, number):
            continue
        found[char] = None
    return tuple(found)


def _forms(text: str, number: int) -> bool:
    """Return whether a character forms what is seen beside it."""
    char = text[number]
    before = text[number - 1 : number]
    after = text[number + 1 : number + 2]
    if char in JOINERS:
        return _is_joinable(_base(text, number)) and _is_joinable(after)
    if _is_selector(char):
        return after == KEYCAP or _takes_selector(before)
    return _is_tag(char) and _base(text, number) == BLACK_FLAG


def _base(text: str, number: int) -> str:
    """Return the character before a place, without what only forms it."""
    at = number - 1
    while at > 0 and (_is_selector(text[at]) or _is_tag(text[at])):
        at -= 1
    return text[at : at + 1] if at >= 0 else ""


def _is_joinable(char: str) -> bool:
    """Return whether ZWJ and ZWNJ may stand beside a character: a letter or a picture."""
    return char != "" and not _is_unseen(char) and unicodedata.category(char)[0] in "LMSC"


def _takes_selector(char: str) -> bool:
    return char != "" and not _is_unseen(char) and unicodedata.category(char) in ("Lo", "So", "Sm")


def code_points(chars: Iterable[str]) -> str:
    """Return the code points of characters, in words for a sentence."""
    points = [f"U+{ord(char):04X}" for char in dict.fromkeys(chars)]
    rest = len(points) - SHOWN_POINTS
    more = [f"{rest} more"] if rest > 0 else []
    return ", ".join([*points[:SHOWN_POINTS], *more])


def described(char: str) -> str:
    """Return the code point and the name of a character."""
    name = unicodedata.name(char, "").lower()
    return f"{code_points(char)} ({name})" if name else code_points(char)


# Letters that look like Latin ones, of the scripts that are mixed with Latin most.
ALIKE = {
    # Cyrillic
    "АВЕЅІЈКМНОРСТУХҮԌԚԜ": "ABESIJKMHOPCTYXYGQW",
    "аеѕіјорсухһӏԁԛԝѵүѡ": "aesijopcyxhldqwvyw",
    # Greek
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳ": "ABEZHIKMNOPTYXCj",
    "αικνορυχγϲ": "aikvopuxyc",
    # Armenian
    "ՕՍՏօոսհցզլ": "OUSonuhgqi",
    # Latin letters of other shapes
    "ıɑɡɩʏᴀᴄᴏᴜᴠᴡᴢ": "iagiyacouvwz",
    # Other dashes, dots and quotes
    "\u2010\u2011\u2012\u2013\u2014\u2212\u2024\u2019\u02bc\u02b9": "------.'''",
}
TABLE = str.maketrans("".join(ALIKE), "".join(ALIKE.values()))


def look(name: str) -> str:
    """Return a text that is equal for names that look alike.

    Composition, width, case, unseen characters, runs of spaces and letters of other scripts make no
    difference. ASCII characters are never taken for each other.
    """
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name).translate(TABLE)
        hidden = {ord(char): " " if char.isspace() else None for char in unseen(name)}
        name = name.translate(hidden)
    return " ".join(name.lower().split())


def nearly(name: str) -> str:
    """Return what is equal also for spellings of one sound, such as ``ß`` and ``ss``."""
    return look(name).casefold()
