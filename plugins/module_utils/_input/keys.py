# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys by which a resource is found; knows ``match_by``, no service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._model.flat import Flat
from .._model.pairing import wanted_entries
from .._model.schema import ResourceType
from .._plan.desired import EMAIL, Clause, key_option
from .input_errors import InputErrors


def keys_of(
    kind: ResourceType, params: Mapping[str, Any], attributes: Flat, errors: InputErrors
) -> tuple[Clause, ...]:
    """Return the keys that are set, in the order of ``match_by``.

    None at all is an error.
    """
    order = _order(kind, params)
    paths = {key_option(path): path for path in (*kind.match_by, EMAIL)}
    keys: list[Clause] = []
    for name in order:
        keys += _keys_at(paths.get(name, ""), params, attributes, errors)
    if not keys and not errors.sentences:
        names = ", ".join(order).replace("email", "emails")
        subject = _subject(kind, params, errors)
        errors.add(subject, f"has no key to find it by; set one of {names}")
    return tuple(keys)


def _order(kind: ResourceType, params: Mapping[str, Any]) -> list[str]:
    """Return the names of keys in order.

    An id that is set is always one: it serves no other purpose.
    """
    order = list(params.get("match_by") or map(key_option, kind.match_by))
    if params.get("id") is not None and "id" not in order:
        order.insert(0, "id")
    return order


def _keys_at(
    path: str, params: Mapping[str, Any], attributes: Flat, errors: InputErrors
) -> list[Clause]:
    if path == "id":
        return _id_keys(params.get("id"), errors)
    if path == EMAIL:
        return _email_keys(wanted_entries(attributes.get("emails")))
    if path in attributes:
        return [(path, str(attributes[path]))]
    return []


def _id_keys(ident: Any, errors: InputErrors) -> list[Clause]:
    if ident is None:
        return []
    if not errors.check_text("id", ident, key=True, empty="omit it"):
        return []
    return [("id", str(ident))]


def _email_keys(rows: Iterable[Mapping[str, Any]]) -> list[Clause]:
    found = []
    for row in rows:
        if row.get("value"):
            found.append((EMAIL, str(row["value"])))
    return found


def _subject(kind: ResourceType, params: Mapping[str, Any], errors: InputErrors) -> str:
    if params.get("match_by"):
        return "match_by"
    return "" if errors.place else kind.name.lower()
