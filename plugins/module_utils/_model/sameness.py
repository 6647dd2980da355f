# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two values of an attribute are the same; knows no change and no service.

They are if only their spelling differs in a way that the schema says is none, or that services
are known to make: another JSON type, visual separators of a phone number.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .flat import BOOLEANS, number_text
from .schema import Attribute, unknown

LABELS = frozenset({"type"})
# RFC 3966 section 5.1.1, with spaces and the dashes of typesetters.
SEPARATORS = re.compile(r"[\s\-.()/\u2010-\u2015]")
LEAST_DIGITS = 6
LONGEST_COUNTRY_CODE = 3
_ANY = unknown("")


def fold(text: str, *, exact: bool = False) -> str:
    """Return the form in which two strings are equal for look-up: NFC, in one case.

    ``exact`` keeps the case (RFC 7643 section 2.2). Letters are folded one by one, so that no
    letter becomes two: ``ß`` is not ``ss``, nor ``ﬁ`` ``fi``. Those only look alike.
    """
    if text.isascii():
        return text if exact else text.lower()
    normal = unicodedata.normalize("NFC", text)
    if exact:
        return normal
    return unicodedata.normalize("NFC", "".join(map(_folded_letter, normal)))


def _folded_letter(letter: str) -> str:
    folded = letter.casefold()
    return folded if len(folded) == 1 else letter.lower()


def key_of(attribute: Attribute, value: Any) -> str:
    """Return the look-up form of an attribute's value."""
    return fold(str(value), exact=attribute.case_exact)


def _phone(text: str) -> str:
    """Return a phone number without scheme and separators (RFC 3966 section 4)."""
    number, semicolon, parameters = text.lower().removeprefix("tel:").partition(";")
    return SEPARATORS.sub("", number) + semicolon + parameters


def digits_of(text: str) -> str:
    """Return the digits of a phone number, empty if it has anything but separators.

    An extension is no part of it, nor is a country code that is not there.
    """
    number = _phone(text).removeprefix("+")
    return number if number.isascii() and number.isdecimal() else ""


def _caseless(text: str) -> str:
    return fold(text.strip())


FORMS: Mapping[str, Callable[[str], str]] = {"caseless": _caseless, "phone": _phone}


def same(attribute: Attribute, one: Any, other: Any) -> bool:
    """Return whether two values of the attribute do not differ.

    The order of entries, nulls in them and ``primary: false`` make no difference.
    """
    return identical(one, other) or bool(_canonical(attribute, one) == _canonical(attribute, other))


def identical(one: Any, other: Any) -> bool:
    """Return whether two values are equal as JSON, in which true is not 1.

    Cheap: an unchanged resource is recognized by it, without any canonical form.
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        if one.keys() != other.keys():
            return False
        return all(identical(value, other[name]) for name, value in one.items())
    if isinstance(one, list):
        if len(one) != len(other):
            return False
        return all(map(identical, one, other))
    return bool(one == other)


def _canonical(attribute: Attribute, value: Any) -> Any:
    """Return a hashable form that is equal for values that are the same."""
    if isinstance(value, Mapping):
        return frozenset(_canonical_items(attribute, value))
    if not isinstance(value, list):
        return _scalar(attribute, value)
    found = [_canonical(attribute, one) for one in value]
    if attribute.many or attribute.type == "any":
        return frozenset(Counter(found).items())
    return tuple(found)


def _canonical_items(attribute: Attribute, value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        if inner is None or (name == "primary" and not inner):
            continue
        yield name, sub_form(attribute, name, inner)


def sub_form(attribute: Attribute, name: str, value: Any) -> Any:
    """Return a form of a sub-attribute's value that is equal for the same values."""
    if name in LABELS and isinstance(value, str):
        return fold(value)
    return _canonical(attribute.by_name.get(name.lower(), _ANY), value)


def _scalar(attribute: Attribute, value: Any) -> Any:
    """Return the form of a single value. An unknown attribute may be of any JSON type."""
    if attribute.type == "any":
        value = _of_any_type(value)
    if isinstance(value, bool):
        return ("bool", value)  # True == 1 in Python, but not in JSON
    if not isinstance(value, str):
        return value
    form = FORMS.get(attribute.form)
    return unicodedata.normalize("NFC", value) if form is None else form(value)


def _of_any_type(value: Any) -> Any:
    if isinstance(value, str):
        return BOOLEANS.get(value.lower(), value)
    return number_text(value)


def same_sub(attribute: Attribute, name: str, one: Any, other: Any) -> bool:
    """Return whether two values of a sub-attribute are the same."""
    if isinstance(one, str) and one == other:
        return True
    return bool(sub_form(attribute, name, one) == sub_form(attribute, name, other))


def covers(
    attribute: Attribute,
    current: Mapping[str, Any],
    desired: Mapping[str, Any],
    *,
    typeless: bool = False,
) -> bool:
    """Return whether the current entry already says all of the desired one.

    ``typeless``: a service that keeps no types may have dropped it.
    """
    for name, value in desired.items():
        if typeless and name in LABELS and not current.get(name):
            continue
        if not _says(attribute, current.get(name), name, value):
            return False
    return True


def _says(attribute: Attribute, found: Any, name: str, value: Any) -> bool:
    if name == "primary" and not value:
        return not found
    return same_sub(attribute, name, found, value) or _is_completed(attribute, name, found, value)


def _is_completed(attribute: Attribute, name: str, found: Any, value: Any) -> bool:
    """Return whether a phone number is there with a country code added.

    So services make E.164 of a number as it is called from near.
    """
    sub = attribute.by_name.get(name.lower())
    if sub is None or sub.form != "phone":
        return False
    held, wanted = _phone(str(found or "")), _phone(str(value))
    digits = wanted.lstrip("0")
    if not held.startswith("+") or not digits.isdecimal() or len(digits) < LEAST_DIGITS:
        return False
    code = held[1:].removesuffix(digits)
    return held.endswith(digits) and len(code) <= LONGEST_COUNTRY_CODE
