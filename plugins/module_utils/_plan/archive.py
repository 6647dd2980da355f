# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users that are settled: as desired already, and packed away; asks nothing.

They need no target and no change. Each can be taken out again, whole.
"""

from __future__ import annotations

import marshal
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._model.flat import boolean
from .desired import Desired, Reference
from .member_rows import direct_groups
from .questions import Packed, Resource, Sifted
from .roster import NO_ROSTER, Roster

PACK = 64
NOWHERE = -1


def packed(rows: Iterable[int], resources: Iterable[Resource]) -> Iterator[Packed]:
    """Yield the resources of rows in packs."""
    numbers, found = tuple(rows), list(resources)
    for start in range(0, len(numbers), PACK):
        some = found[start : start + PACK]
        ids = tuple(str(one["id"]) for one in some)
        data = zlib.compress(marshal.dumps(some), 1)
        yield Packed(numbers[start : start + PACK], ids, data)


def sifted(
    rows: Iterable[int],
    resources: Iterable[Resource],
    links: Mapping[int, Mapping[str, Any]],
    revived: Iterable[int],
) -> Sifted:
    """Return the unchanged resources of a page with what must be known of them."""
    found = list(resources)
    others = [one for one in found if one.get("active") is not True]
    inactive = [str(one["id"]) for one in others if boolean(one.get("active")) is False]
    groups = []
    for one in found:
        if one.get("groups"):
            groups.append((str(one["id"]), tuple(direct_groups(one))))
    return Sifted(
        packs=tuple(packed(rows, found)),
        inactive=frozenset(inactive),
        groups=tuple(groups),
        links=links,
        revived=tuple(revived),
    )


def _has_type(entries: Any) -> bool:
    if not isinstance(entries, list):
        return False
    return any(isinstance(one, dict) and one.get("type") for one in entries)


class Archive:
    """The settled users of a run, by id and by row.

    ``links`` are what they hold where a row names another user, by row.
    """

    def __init__(self, roster: Roster = NO_ROSTER) -> None:
        self.roster = roster
        self.links: dict[int, Mapping[str, Any]] = {}
        self._rows: dict[str, int] = {}
        self._ids: list[str | None] = [None] * len(roster)
        self._packs: list[Packed] = []
        self._places = array("l", [NOWHERE]) * len(roster)
        self._inactive: set[str] = set()
        self._open: tuple[int, dict[str, Resource]] = (NOWHERE, {})
        self._typed: set[str] = set()
        self._searched: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, ident: str) -> bool:
        return ident in self._rows

    def add(self, found: Sifted) -> None:
        """Take in settled users."""
        for pack in found.packs:
            for number, ident in zip(pack.rows, pack.ids):
                self._rows[ident] = number
                self._ids[number] = ident
                self._places[number] = len(self._packs)
                self._inactive.discard(ident)
            self._packs.append(pack)
        self._inactive |= found.inactive
        self.links.update(found.links)

    def ids(self) -> Iterable[str]:
        """Return the ids of all settled users."""
        return self._rows.keys()

    def settles(self, number: int) -> bool:
        """Return whether a row is settled."""
        return number < len(self._ids) and self._ids[number] is not None

    def row(self, ident: str) -> int | None:
        """Return the row of a settled user."""
        return self._rows.get(ident)

    def ident(self, number: int) -> str:
        """Return the id of the user of a row. It must be settled."""
        return self._ids[number] or ""

    def find(self, path: str, value: str) -> str | None:
        """Return the id of the settled user that a key names; the value is folded."""
        number = self.roster.at(path, value)
        if number is None or not 0 <= number < len(self._ids):
            return None
        return self._ids[number]

    def named(self, reference: Reference) -> str | None:
        """Return the id of the settled user that a reference names."""
        if reference.path == "id":
            return reference.value if reference.value in self._rows else None
        return self.find(reference.path, reference.key[2])

    def desired(self, ident: str) -> Desired:
        """Return the desired state of a settled user."""
        return self.roster.desired(self._rows[ident])

    def name(self, ident: str) -> str:
        """Return the name of a settled user."""
        return self.roster.name(self._rows[ident])

    def get(self, ident: str) -> Resource | None:
        """Return a settled user as it was read, None if there is none of that id."""
        number = self._rows.get(ident)
        if number is None:
            return None
        return self._unpacked(self._places[number])[ident]

    def resources(self) -> Iterator[Resource]:
        """Yield every settled user."""
        for place, pack in enumerate(self._packs):
            held = [one for one in pack.rows if self._places[one] == place]
            if held:
                unpacked = self._unpacked(place)
                for number in held:
                    yield unpacked[self.ident(number)]

    def shows_type(self, path: str) -> bool:
        """Return whether an entry of a list of a settled user has a type.

        Each user is looked at once for each list.
        """
        first = self._searched.get(path, 0)
        self._searched[path] = len(self._packs)
        for place in range(first, len(self._packs)):
            if path in self._typed:
                break
            if any(_has_type(one.get(path)) for one in self._unpacked(place).values()):
                self._typed.add(path)
        return path in self._typed

    def active(self) -> int:
        """Return how many settled users are active."""
        return len(self._rows) - len(self._inactive)

    def take_out(self, ident: str) -> Resource | None:
        """Return a user that is not settled any more, None if it was not."""
        resource = self.get(ident)
        if resource is not None:
            number = self._rows.pop(ident)
            self._ids[number] = None
            self._places[number] = NOWHERE
            self._inactive.discard(ident)
            self.links.pop(number, None)
        return resource

    def unresolved(self) -> list[str]:
        """Return the users of which a link is another one, or not certain.

        A link is certain if it names a settled user.
        """
        found = []
        for number, held in self.links.items():
            for path, reference in self.roster.links(number).items():
                ident = self.named(reference)
                if ident is None or held.get(path) != ident:
                    found.append(self.ident(number))
                    break
        return found

    def _unpacked(self, place: int) -> dict[str, Resource]:
        if self._open[0] != place:
            pack = self._packs[place]
            resources = marshal.loads(zlib.decompress(pack.data))
            self._open = (place, dict(zip(pack.ids, resources)))
        return self._open[1]
