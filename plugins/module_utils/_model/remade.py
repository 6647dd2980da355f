# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that a service seems to have made of the written ones; knows no request.

Nothing here takes one value for another. It says which option would.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from .rewriting import OPAQUE, agrees, form_of_list
from .sameness import fold
from .schema import KINDS, USER, ResourceType

LEAST = 3
LEAST_CUT = 8
_SIGNS = re.compile(r"[\W_]+")


def rewrite_of(kind: str, path: str, wanted: Any, before: Any, held: Any) -> str:
    """Return how ``rewrite`` says that a service keeps its own form of a value.

    That is a part of the option, for example ``User.title: opaque``. It is empty if nothing shows
    it: a value is neither the wanted one nor the one before, or it is like the wanted one. A
    user name that stays as it was has not been rewritten.
    """
    is_left_out = kind not in KINDS or path.startswith("urn:")
    if is_left_out or not _is_remade(kind, path, wanted, before, held):
        return ""
    return f"{kind}.{_place(path, wanted, held)}: {_form(KINDS[kind], path, wanted, held)}"


def _form(kind: ResourceType, path: str, wanted: Any, held: Any) -> str:
    """Return the form that explains most exactly what is held."""
    if isinstance(wanted, str) and isinstance(held, str) and agrees("slug", wanted, held):
        return "slug"
    return form_of_list(kind, path, wanted, held) or OPAQUE


def _is_remade(kind: str, path: str, wanted: Any, before: Any, held: Any) -> bool:
    """Return whether a service seems to have made what it holds of what is wanted."""
    sent, shown, known = (tuple(_texts(one)) for one in (wanted, held, before))
    lost = [one for one in sent if one not in shown]
    if not lost or not shown:
        return False
    new = set(shown).difference(known, sent)
    if len(new) >= len(lost):
        return True
    is_user_name = kind == USER.name and path == USER.name_attribute
    return not is_user_name and all(_is_like_any(one, shown) for one in lost)


def _place(path: str, wanted: Any, held: Any) -> str:
    """Return the path of the rewritten part.

    Entries are told apart by their types. Where that is not possible the whole list is meant.
    """
    if not isinstance(held, list):
        return path
    for entries in (wanted, held):
        types = [fold(str(one.get("type") or "")) for one in entries if isinstance(one, dict)]
        if len(set(types)) < len(entries):
            return path
    return f"{path}.value"


def _texts(value: Any) -> Iterator[str]:
    """Yield a text, or the values of the entries of a list, as they are compared."""
    entries = value if isinstance(value, list) else [value]
    for one in entries:
        text = one.get("value") if isinstance(one, dict) else one
        if isinstance(text, str) and text:
            yield fold(text)


def _is_like_any(text: str, others: Sequence[str]) -> bool:
    """Return whether a text has the other one in it, or is cut from it.

    Letters and digits count.
    """
    plain = _SIGNS.sub("", text)
    for one in others:
        other = _SIGNS.sub("", one)
        if len(plain) >= LEAST and plain in other:
            return True
        if len(other) >= LEAST_CUT and (plain.startswith(other) or plain.endswith(other)):
            return True
    return False
