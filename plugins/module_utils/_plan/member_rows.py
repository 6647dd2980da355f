# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members that an answer shows, odd ones too (RFC 7643 section 4.2).

Knows one group at a time and no service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from .._model.schema import GROUP, USER


class MemberRow(NamedTuple):
    """One member: its id, and its kind and name if the row says them."""

    ident: str
    kind: str
    display: str


class PlainRows(Sequence[MemberRow]):
    """Members that all say the same of themselves, as ids.

    A row is made when it is asked for. ``displays`` are their names, none if no member says one.
    """

    __slots__ = ("displays", "idents", "kind", "values")

    def __init__(self, values: Sequence[str], kind: str, displays: Sequence[str] = ()) -> None:
        self.values = values
        self.kind = kind
        self.displays = displays
        self.idents = frozenset(values)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, number: Any) -> Any:
        return tuple(self)[number]

    def __iter__(self) -> Iterator[MemberRow]:
        shown = self.displays or repeat("")
        return map(MemberRow._make, zip(self.values, repeat(self.kind), shown))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


class MemberRows(NamedTuple):
    """The members of one group.

    ``by_address`` is how many have no ``value`` and are known by their ``$ref``. ``unknown`` is how
    many could not be told: the rows are not all members then.
    """

    rows: Sequence[MemberRow]
    by_address: int = 0
    unknown: int = 0

    @property
    def idents(self) -> frozenset[str]:
        """Return the ids of the members."""
        if isinstance(self.rows, PlainRows):
            return self.rows.idents
        return frozenset(one.ident for one in self.rows)


def is_unnamed(rows: Sequence[MemberRow]) -> bool:
    """Return whether no member is known to be a group, and none says its name."""
    return isinstance(rows, PlainRows) and rows.kind != GROUP.name and not rows.displays


def member_rows(members: Any) -> MemberRows:
    """Return the members in the ``members`` of a group."""
    if members is None:
        return MemberRows(())
    if isinstance(members, Mapping):
        members = [members]
    if not isinstance(members, list):
        return MemberRows((), unknown=1)
    rows = _uniform_rows(members)
    if rows is not None:
        return MemberRows(rows)
    found = []
    by_address = 0
    unknown = 0
    for one in members:
        row = one if isinstance(one, dict) else {"value": one}
        value, kind = row.get("value"), _kind(row)
        if not _is_id(value):
            kind, value = _addressed(row)
            by_address += bool(value)
        if _is_id(value):
            found.append(MemberRow(str(value), kind, str(row.get("display") or "")))
        else:
            unknown += 1
    return MemberRows(tuple(found), by_address, unknown)


def _uniform_rows(members: list[Any]) -> PlainRows | None:
    """Return members that all say the same of themselves, and that have an id.

    None for any others. Groups with many members take most of the time here.
    """
    if set(map(type, members)) != {dict} or len(set(map(tuple, members))) != 1:
        return None
    values = [one.get("value") for one in members]
    if set(map(type, values)) != {str} or "" in values:
        return None
    if not _are_of_one_kind(members):
        return None
    shown = [str(one["display"] or "") for one in members] if "display" in members[0] else ()
    return PlainRows(values, _kind(members[0]), shown)


def _are_of_one_kind(members: list[dict[str, Any]]) -> bool:
    """Return whether members with the same names have equal types and addresses."""
    first = members[0]
    if "type" in first and len({str(one["type"]) for one in members}) > 1:
        return False
    if "$ref" not in first:
        return True
    return len({str(one["$ref"] or "").rpartition("/")[0] for one in members}) == 1


def _is_id(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, (str, int)) and value != ""


def _addressed(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the kind and the id in the ``$ref`` of a member, or both empty.

    It ends with the endpoint and the id of the resource (RFC 7644 section 3.2).
    """
    address = row.get("$ref")
    if not isinstance(address, str):
        return "", ""
    parts = urlsplit(address).path.rstrip("/").split("/")
    for kind in (USER, GROUP):
        if len(parts) > 1 and parts[-2].lower() == kind.endpoint.lower():
            return kind.name, unquote(parts[-1])
    return "", ""


def _kind(row: Mapping[str, Any]) -> str:
    """Return the kind that a member says it is, by ``type`` or ``$ref``.

    It is empty if the member says nothing, or if both differ.
    """
    above = str(row.get("$ref") or "").rpartition("/")[0]
    return _kind_of(str(row.get("type")), above)


@lru_cache(maxsize=256)
def _kind_of(name: str, above: str) -> str:
    """Return the kind that a type and the address above an id name, if they name one."""
    found = set()
    for kind in (USER, GROUP):
        is_typed = name.lower() == kind.name.lower()
        if is_typed or f"{kind.endpoint.lower()}/" in f"{above.lower()}/":
            found.add(kind.name)
    return found.pop() if len(found) == 1 else ""


def direct_groups(user: Mapping[str, Any] | None) -> dict[str, str]:
    """Return {id: name} of the groups that a user's own entry names directly.

    Groups that it names through a nested one are left out (RFC 7643 section 4.1.2). The name is the
    id if there is no display name.
    """
    rows = (user or {}).get("groups")
    found: dict[str, str] = {}
    if not isinstance(rows, list):
        return found
    for row in rows:
        if not isinstance(row, dict) or row.get("type") == "indirect":
            continue
        if isinstance(row.get("value"), str):
            found[row["value"]] = str(row.get("display") or row["value"])
    return found


def with_members_of(known: Mapping[str, Any], resource: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a group from a list with the members that a better answer showed before."""
    if resource.get("members") or not known.get("members"):
        return resource
    return {**resource, "members": known["members"]}


def overlaid(
    known: Mapping[str, Any], resource: Mapping[str, Any], *, members_shown: bool
) -> Mapping[str, Any]:
    """Return a resource that was read whole, with a later, partial answer over it."""
    kept = dict(known)
    if members_shown:
        kept.pop("members", None)
    return {**kept, **resource}
