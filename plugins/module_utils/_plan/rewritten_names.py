# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that a service may have made of others: slugs, without signs, cut; pure.

Knows no group. A name proves nothing by itself: all names of the service must lack what it lacks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .._model.rewriting import letters
from .._model.sameness import fold

# The shortest names that count as cut off: of one group, and where more is known.
LEAST_CUT = 20
LEAST_ALIKE = 4
SPACE, CAPITAL, OTHER = "a space", "a capital letter", "a letter that is not in ASCII"
# Services that change names change these. Two names that differ in other signs are two names.
TELLING = frozenset({SPACE, CAPITAL})
OF_ONE_NAME = ", all of one name"


def made_of(wanted: str, names: Mapping[str, int]) -> dict[str, str]:
    """Return those of all names of a service that it may have made of another one.

    Each has with it why, as part of a sentence. ``names`` says how many groups may have each.
    White space around a name is refused for itself.
    """
    found = {}
    for name, groups in names.items():
        why = _without_signs(wanted, name, names) or _cut_off(wanted, name, names)
        if not why and groups > 1 and is_alike(wanted, name):
            why = OF_ONE_NAME
        if why and groups and fold(wanted.strip()) != fold(name):
            found[name] = why
    return found


def _without_signs(wanted: str, name: str, names: Collection[str]) -> str:
    """Return what a name lacks of the wanted one, "" if that does not tell.

    Some name of a service that keeps spaces has one. A letter that is left out altogether tells.
    """
    if letters(name) not in _spellings(wanted):
        return ""
    lost = _signs(wanted) - _signs(name)
    lost &= TELLING if letters(name) == letters(wanted) else TELLING | {OTHER}
    for one in names:
        lost -= _signs(one)
    return f", and no name with {' or '.join(sorted(lost))}" if lost else ""


def _cut_off(wanted: str, name: str, names: Collection[str]) -> str:
    """Return that a name is the longest one, if it is the wanted one cut off."""
    if len(name) < LEAST_CUT or not _ends_in_word(wanted, name):
        return ""
    return "" if any(len(one) > len(name) for one in names) else ", and no longer name"


def is_alike(wanted: str, name: str) -> bool:
    """Return whether a name is the wanted one: other signs, cut off, or within."""
    if letters(name) in _spellings(wanted) or fold(wanted) in fold(name):
        return True
    return len(name) >= LEAST_ALIKE and _ends_in_word(wanted, name)


def is_same_user(wanted: str, name: str) -> bool:
    """Return whether a user may be called otherwise: other signs, or no domain.

    A name that only begins alike is that of another user.
    """
    mine, theirs = fold(wanted), fold(name)
    return letters(name) in _spellings(wanted) or mine in theirs or mine.partition("@")[0] == theirs


def _ends_in_word(wanted: str, name: str) -> bool:
    """Return whether a name is the wanted one up to the middle of a word."""
    size = len(name)
    if not 0 < size < len(wanted) or fold(wanted[:size]) != fold(name):
        return False
    return wanted[size - 1].isalnum() and wanted[size].isalnum()


def _spellings(wanted: str) -> set[str]:
    """Return the letters of a name, and those of them that are in ASCII."""
    plain = "".join(one for one in wanted if one.isascii())
    return {letters(wanted), letters(plain)} - {""}


def _signs(name: str) -> frozenset[str]:
    """Return the kinds of characters in a name that services may change, in words."""
    found = set()
    for one in name:
        if one.isspace():
            found.add(SPACE)
        if one.isupper():
            found.add(CAPITAL)
        if not one.isascii():
            found.add(OTHER)
    return frozenset(found)
