# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read of a service: resources, indexed, and what has been asked; knows what is proven and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._model.flat import values_at
from .._model.key import Key
from .._model.errors import ScimError, shortened
from .._model.schema import GROUP, KINDS, USER, ResourceType
from .desired import EMAIL, Reference, folded

Resource = Mapping[str, Any]
LONGEST_NAME = 256


class Snapshot:
    """The resources read so far. A look-up that was not asked for is an error of ours, never "does not exist"."""

    def __init__(self) -> None:
        self._kinds: dict[str, ResourceType] = dict(KINDS)
        self._by_id: dict[str, dict[str, Resource]] = {name: {} for name in KINDS}
        self._index: dict[tuple[str, str, str], dict[str, None]] = {}
        self._asked: set[tuple[str, str, str]] = set()
        self._members: dict[str, frozenset[str]] = {}
        self._displays: dict[str, str] = {}
        self.listed: dict[str, bool] = {}
        self.came: dict[str, str] = {}
        self.partial: set[str] = set()

    def add(
        self,
        kind: ResourceType,
        resources: Iterable[Resource],
        *,
        members_asked: bool = False,
        partial: bool = False,
    ) -> None:
        """Remember resources. ``members_asked``: a group without ``members`` in this answer has none.

        ``partial``: only some attributes were asked for, so a PUT must read the resource again.
        """
        self._kinds.setdefault(kind.name, kind)
        self._by_id.setdefault(kind.name, {})
        for resource in resources:
            ident = str(resource["id"])
            if partial and ident in self._by_id[kind.name] and ident not in self.partial:
                held = {
                    name: value
                    for name, value in self._by_id[kind.name][ident].items()
                    if not (members_asked and name == "members")
                }
                resource = {**held, **resource}
            elif partial:
                self.partial.add(ident)
            else:
                self.partial.discard(ident)
            self._by_id[kind.name][ident] = resource
            for path in (*kind.match_by, *((EMAIL,) if kind.name == "User" else ())):
                for value in values(resource, path):
                    self._index.setdefault((kind.name, path, folded(kind, path, value)), {})[
                        ident
                    ] = None
            if kind.name == "Group" and (members_asked or resource.get("members")):
                self._take_members(ident, resource.get("members"))

    def _take_members(self, ident: str, members: Any) -> None:
        if members is not None and not isinstance(members, (list, Mapping)):
            raise ScimError(
                f"the members of the group with id '{ident}' are no list",
                hint="nothing was changed on the strength of this answer",
            )
        given = [members] if isinstance(members, Mapping) else members or []
        rows = [row if isinstance(row, Mapping) else {"value": row} for row in given]
        if any(
            isinstance(row.get("value"), bool)
            or not isinstance(row.get("value"), (str, int))
            or row.get("value") == ""
            for row in rows
        ):
            raise ScimError(
                f"the group with id '{ident}' has a member without an id",
                hint="nothing was changed on the strength of this answer",
            )
        self._members[ident] = frozenset(str(row["value"]) for row in rows)
        self._displays.update(
            {str(row["value"]): str(row["display"]) for row in rows if row.get("display")}
        )

    def asked(self, kind: ResourceType, path: str, value: str) -> None:
        """Remember that a look-up was answered in full, whatever it found."""
        self._asked.add((kind.name, path, folded(kind, path, value)))

    def knows(self, kind: ResourceType, path: str, value: str) -> bool:
        """Whether the look-up was answered in full, or everything of that kind was listed."""
        return (
            (kind.name, path, folded(kind, path, value)) in self._asked
            or self.listed.get(kind.name, False)
            and path != "id"
        )

    def find(self, kind: ResourceType, path: str, value: str) -> list[Resource]:
        """The known resources with that key, at most one of each id; compared as the schema says."""
        if path == "id":
            one = self.get(kind, value)
            return [one] if one is not None else []
        key = folded(kind, path, value)
        found = [
            self._by_id[kind.name][ident] for ident in self._index.get((kind.name, path, key), ())
        ]
        return [
            one for one in found if key in {folded(kind, path, held) for held in values(one, path)}
        ]

    def get(self, kind: ResourceType, ident: str) -> Resource | None:
        """The known resource of that id."""
        return self._by_id.get(kind.name, {}).get(ident)

    def everything(self, kind: ResourceType) -> list[Resource]:
        """All known resources of a kind; all there are only if ``listed`` says so."""
        return list(self._by_id.get(kind.name, {}).values())

    def members(self, ident: str) -> frozenset[str] | None:
        """The ids of a group's members, or None where they were not read."""
        return self._members.get(ident)

    def forget(self, kind: ResourceType, keys: Iterable[tuple[str, str]]) -> None:
        """Ask again: what was answered about these keys no longer counts."""
        self.listed.pop(kind.name, None)
        for path, value in keys:
            self._asked.discard((kind.name, path, folded(kind, path, value)))

    def member(self, ident: str) -> Key:
        """The key of a member, of which a group says the id: a user, unless only a group of that id is known."""
        group = self.get(USER, ident) is None and self.get(GROUP, ident) is not None
        return Key(GROUP.name if group else USER.name, ident)

    def name(self, one: Key | str) -> str:
        """What people call a resource, or the member of an id; the id itself where nothing better is known."""
        key = self.member(one) if isinstance(one, str) else one
        kind = self._kinds[key.kind]
        resource = self.get(kind, key.id)
        if resource is not None and resource.get(kind.name_attribute):
            return shortened(str(resource[kind.name_attribute]), LONGEST_NAME)
        return shortened(self._displays.get(key.id, key.id.removeprefix("bulkId:")), LONGEST_NAME)

    def resolve(self, reference: Reference) -> list[str]:
        """The ids of the known resources that a reference names."""
        return [
            str(one["id"])
            for one in self.find(KINDS[reference.kind], reference.path, reference.value)
        ]


def values(resource: Resource, path: str) -> list[str]:
    """The values of a resource at a look-up path, as text."""
    found = (
        [resource.get(path)]
        if path in resource
        else values_at(resource, path) or (values_at(resource, "emails") if path == EMAIL else [])
    )
    return [one for one in found if isinstance(one, str) and one]
