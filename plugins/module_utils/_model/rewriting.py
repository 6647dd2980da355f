# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that a service rewrites when it stores them; knows no request.

``lower``, ``slug`` and ``e164`` say what a value becomes. After ``opaque`` it may be anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from .flat import Entry, Flat
from .merge import saved
from .pairing import Edit
from .sameness import covers, digits_of, fold
from .schema import USER, ResourceType

OPAQUE = "opaque"
E164 = "e164"
_PHONES = USER.at("phoneNumbers")
_BETWEEN = re.compile(r"[\W_]+")
_SIGNS = re.compile(r"[^\w\s-]")


@lru_cache(maxsize=4096)
def spellings(form: str, text: str) -> tuple[str, ...]:
    """Return what a service may make of a text, none if that is not certain.

    Some slugs have a hyphen for a sign such as ``&``, others leave it out.
    """
    if form == "lower":
        return (text.lower(),)
    if form != "slug":
        return ()
    plain = _plain(text)
    made = (_slug(plain), _slug(_SIGNS.sub("", plain)))
    return tuple(one for one in dict.fromkeys(made) if one)


def agrees(form: str, wanted: str, held: str) -> bool:
    """Return whether the held value is what that form makes of the wanted one."""
    if form == OPAQUE or fold(wanted) == fold(held):
        return True
    if form == E164:
        is_completed = covers(_PHONES, {"value": held}, {"value": wanted})
        return is_completed or (bool(held) and held == digits_of(wanted))
    made = spellings(form, wanted)
    return fold(held) in made or (form == "slug" and made[:1] == spellings(form, held)[:1] != ())


def line_to_paste(kind: ResourceType, wanted: str, held: str) -> str:
    """Return the option that explains why a service holds another name."""
    form = "slug" if agrees("slug", wanted, held) else OPAQUE
    return f"capabilities: {{rewrite: {{{kind.name}.{kind.name_attribute}: {form}}}}}"


def letters(text: str) -> str:
    """Return the letters and digits of a text, small and without accents."""
    return "".join(one for one in _plain(text) if one.isalnum())


def form_of_list(kind: ResourceType, path: str, wanted: Any, held: Any) -> str:
    """Return the form that explains how a service holds a written list, if any.

    That is known of phone numbers of which only the digits are left.
    """
    lists = isinstance(wanted, list) and isinstance(held, list)
    if not lists or path != _PHONES.name or kind.name != USER.name:
        return ""
    made = as_held(kind, {path: wanted}, {path: held}, {path.lower(): E164})
    is_explained = made[path] != wanted and saved(kind, path, made[path], {path: held})
    return E164 if is_explained else ""


def _plain(text: str) -> str:
    """Return a text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(one for one in apart if not unicodedata.combining(one))


def _slug(text: str) -> str:
    return _BETWEEN.sub("-", text).strip("-")


def as_held(kind: ResourceType, wanted: Flat, held: Flat, forms: Mapping[str, str]) -> Flat:
    """Return the wanted attributes, and what a service has rewritten as it is held.

    ``forms`` are by the path in small letters. An opaque attribute that is not held is left out:
    it was set when the resource was created.
    """
    if not forms:
        return wanted
    found = {}
    for path, value in wanted.items():
        form = forms.get(path.lower())
        if kind.at(path).many and form != OPAQUE:
            found[path] = _list_as_held(path, value, held.get(path), forms)
        elif form is None:
            found[path] = value
        elif form == OPAQUE:
            if path in held:
                found[path] = held[path]
        else:
            found[path] = _text_as_held(form, value, held.get(path))
    return found


def _text_as_held(form: str, value: Any, held: Any) -> Any:
    if isinstance(value, str) and isinstance(held, str) and agrees(form, value, held):
        return held
    return value


def _list_as_held(path: str, value: Any, held: Any, forms: Mapping[str, str]) -> Any:
    """Return a list or an Edit, with rewritten parts of entries as they are held.

    A form for the list itself is one for the values of its entries.
    """
    subs = {}
    for name, form in forms.items():
        top, dot, sub = name.rpartition(".")
        if name == path.lower():
            subs["value"] = form
        elif dot and top == path.lower():
            subs[sub] = form
    if not subs or not isinstance(held, list):
        return value
    rows = [one for one in held if isinstance(one, dict)]
    if isinstance(value, Edit):
        whole = None if value.whole is None else _entries_as_held(value.whole, rows, subs)
        add = _entries_as_held(value.add, rows, subs)
        return Edit(whole=whole, add=add, remove=_entries_as_held(value.remove, rows, subs))
    return _entries_as_held(value, rows, subs) if isinstance(value, list) else value


def _entries_as_held(
    entries: Sequence[Entry], held: Sequence[Entry], subs: Mapping[str, str]
) -> list[Entry]:
    found = []
    for entry in entries:
        made = dict(entry) if isinstance(entry, dict) else entry
        for name in list(made) if isinstance(entry, dict) else ():
            form = subs.get(name.lower())
            if form is not None:
                made[name] = _part_as_held(form, entry, name, held)
        found.append(made)
    return found


def _part_as_held(form: str, entry: Entry, name: str, held: Sequence[Entry]) -> Any:
    """Return a part of an entry as it is held, by an entry of the same type first.

    An opaque part is that of the only entry of its type.
    """
    same_type = [one for one in held if _type(one) == _type(entry)]
    if form == OPAQUE:
        return same_type[0].get(name, entry[name]) if len(same_type) == 1 else entry[name]
    for one in (*same_type, *held):
        part = one.get(name)
        if isinstance(part, str) and isinstance(entry[name], str):
            if agrees(form, entry[name], part):
                return part
    return entry[name]


def _type(entry: Mapping[str, Any]) -> str:
    return fold(str(entry.get("type") or ""))
