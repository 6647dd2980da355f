# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of a PUT: the resource as it was received, with the change in it.

Pure. Knows no capability. What is not managed goes back exactly as it came.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .._model.errors import ScimError
from .._model.flat import Flat, body, same_name, values_at
from .._model.overlay import overlaid
from .._model.schema import GROUP, USER, split_path
from .change import Change
from .member_rows import member_rows

HINT = "see update_method and the option capabilities"
# What only the service writes (RFC 7643 sections 3.1, 4.1.2); another type may call its own so.
READ_ONLY = {USER.name: ("meta", "groups")}


def replacement(change: Change, *, members: bool = True) -> dict[str, Any]:
    """Return the body of the PUT that makes a change (RFC 7644 section 3.5.1).

    ``members``: it has those of a group. Raise ScimError if it would lose the members of a group.
    """
    paths = change.paths if change.received is not None else tuple(change.new)
    after = overlaid(change.kind, change.received or {}, change.new, paths)
    written = {"schemas": _schemas(change, after), "id": change.key.id}
    left_out = {*written, *READ_ONLY.get(change.key.kind, ("meta",))}
    if change.key.kind == GROUP.name:
        left_out.add("members")
        if members:
            written["members"] = _members_after(change)
    kept = {name: value for name, value in after.items() if name.lower() not in left_out}
    return {**written, **kept}


def _schemas(change: Change, content: Mapping[str, Any]) -> list[str]:
    """Return the schemas of the resource after the change (RFC 7643 section 3).

    Those that it names stay unless their last attribute is removed. Those of what is written are
    added, also of the secrets, which join the body when it is sent.
    """
    removed = set()
    for path in change.paths:
        urn = split_path(path)[0]
        if urn and same_name(content, urn) is None:
            removed.add(urn.lower())
    held = [one for one in values_at(content, "schemas") if isinstance(one, str)]
    written: Flat = dict(change.secrets.attributes)
    for path in change.paths if held else change.new:
        if path in change.new:
            written[path] = change.new[path]
    found: dict[str, str] = {}
    for urn in (*held, *body(change.kind, written)["schemas"]):
        if urn.lower() not in removed:
            found.setdefault(urn.lower(), urn)
    return list(found.values())


def _members_after(change: Change) -> list[Any]:
    """Return the members after the change: rows that stay are as they came."""
    membership = change.membership
    if membership is None or membership.current is None:
        raise ScimError(
            "its members cannot be read, and replacing the whole group would lose them",
            doing=f"changing {change.text}",
            hint=HINT,
        )
    staying = set(map(membership.listed, membership.after))
    rows: list[Any] = []
    shown = set()
    for row in values_at(change.received or {}, "members"):
        ident = _id_of(row)
        if ident in staying and ident not in shown:
            rows.append(_with_id(row, ident))
            shown.add(ident)
        elif is_unreadable(row):
            rows.append(row)
    return rows + _new_rows(staying, shown)


def _new_rows(staying: Iterable[str], shown: Collection[str]) -> list[dict[str, str]]:
    return [{"value": one} for one in sorted(staying) if one not in shown]


def is_unreadable(row: Any) -> bool:
    """Return whether a member of an answer says something, but not who it is.

    One that is null, or holds nothing else, says nothing (RFC 7643 section 2.5).
    """
    if _id_of(row):
        return False
    if not isinstance(row, Mapping):
        return row is not None
    return any(one not in (None, "", [], {}) for one in row.values())


def _with_id(row: Any, ident: str) -> Any:
    """Return a member with its ``value``, which only its ``$ref`` may have given.

    It is the identifier of a member (RFC 7643 sections 2.4 and 4.2).
    """
    if not isinstance(row, Mapping) or values_at(row, "value") not in ([], [""]):
        return row
    kept = {name: one for name, one in row.items() if name.lower() != "value"}
    return {"value": ident, **kept}


def _id_of(row: Any) -> str:
    """Return the id in a member as it was received, empty if it names none."""
    if isinstance(row, Mapping):
        row = {str(name).lower(): one for name, one in row.items()}
    found = member_rows([row]).rows
    return found[0].ident if found else ""
