# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way out for text: secrets masked in every form, control characters escaped; knows no meaning of the text."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from .._converge.connect import mask


def secrets_in(value: Any) -> set[str]:
    """The strings in a secret option of any shape."""
    if isinstance(value, Mapping):
        return {one for inner in value.values() for one in secrets_in(inner)}
    if isinstance(value, (list, tuple)):
        return {one for inner in value for one in secrets_in(inner)}
    return {value} if isinstance(value, str) and value.strip() else set()


def printable(text: str) -> str:
    """A text on one line: control characters, bidirectional overrides and lone surrogates as escapes (RFC 8259 style)."""
    return "".join(
        _escape(char) if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char
        for char in text
    )


def _escape(char: str) -> str:
    code = ord(char)
    # The joiners are part of emoji and of several scripts' words.
    return (
        char
        if char in "\u200d\u200c"
        else f"\\x{code:02x}"
        if code < 256
        else f"\\u{code:04x}"
        if code < 65536
        else f"\\U{code:08x}"
    )


def clean(value: Any, known: tuple[str, ...], *, escape: bool) -> Any:
    """A result without a secret in values or keys. ``known`` are the forms of all secrets, the longest first.

    With ``escape`` it is without a control character too: for what is printed raw.
    """
    if isinstance(value, str):
        text = mask(value, known)
        return printable(text) if escape else text
    if isinstance(value, Mapping):
        return {
            clean(str(key), known, escape=True): clean(inner, known, escape=escape)
            for key, inner in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [clean(inner, known, escape=escape) for inner in value]
    return value


def holds(value: Any, known: tuple[str, ...]) -> bool:
    """Whether a result holds a secret in any of its values."""
    if isinstance(value, str):
        return mask(value, known) != value
    if isinstance(value, Mapping):
        return any(holds(inner, known) for inner in value.values())
    return isinstance(value, (list, tuple)) and any(holds(inner, known) for inner in value)
