# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users that are settled: as desired already, and packed away; asks nothing.

They need no target and no change. Each can be taken out again, whole.
"""

from __future__ import annotations

import json
import marshal
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .._model.flat import boolean
from .._model.unread import Unread
from .desired import Desired, Reference
from .desired_rows import NO_ROWS, DesiredRows
from .member_rows import direct_groups
from .questions import Packed, Resource, Sifted

if TYPE_CHECKING:
    from .._model.frames import Layout

PACK = 64
# No text in JSON without an escape has one of these.
BETWEEN, APART = "\1", "\2"
MOST_KNOWN = 1000
LONGEST_KNOWN = 20_000
NOWHERE = -1


def packed(rows: Iterable[int], resources: Iterable[Resource]) -> Iterator[Packed]:
    """Yield the resources of rows in packs.

    Of those that are unread it has the texts, and once for all how they are laid out.
    """
    unread: dict[Layout, list[tuple[int, Unread]]] = {}
    others: list[tuple[int, Resource]] = []
    for number, one in zip(rows, resources):
        if isinstance(one, Unread):
            unread.setdefault(one.layout, []).append((number, one))
        else:
            others.append((number, one))
    for start in range(0, len(others), PACK):
        numbers, found = zip(*others[start : start + PACK])
        data = zlib.compress(marshal.dumps(list(found)), 1)
        yield Packed(numbers, tuple(str(one["id"]) for one in found), data)
    for layout, alike in unread.items():
        slot = layout.top["id"]
        for start in range(0, len(alike), PACK):
            numbers, these = zip(*alike[start : start + PACK])
            texts = [one.texts for one in these]
            data = zlib.compress(APART.join(map(BETWEEN.join, texts)).encode(), 1)
            yield Packed(numbers, tuple([one[slot] for one in texts]), data, layout)


def _unpacked(pack: Packed) -> list[Resource]:
    data = zlib.decompress(pack.data)
    if pack.layout is None:
        found: list[Resource] = marshal.loads(data)
        return found
    return [pack.layout.decoded(one.split(BETWEEN)) for one in data.decode().split(APART)]


class GroupsOfUsers:
    """Which groups the entries of users name.

    A list that many users have, letter for letter, is decoded once.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, user: Resource) -> tuple[str, ...]:
        """Return the ids of the groups that a user names directly."""
        if not isinstance(user, Unread):
            return tuple(direct_groups(user)) if user.get("groups") else ()
        slot = user.layout.lists.get("groups")
        if slot is None:
            return ()
        text = user.texts[slot]
        found = self._known.get(text)
        if found is None:
            found = tuple(direct_groups({"groups": json.loads(text)}))
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            if len(text) <= LONGEST_KNOWN:
                self._known[text] = found
        return found


def sifted(
    rows: Iterable[int],
    resources: Iterable[Resource],
    links: Mapping[int, Mapping[str, Any]],
    revived: Iterable[int],
    groups: GroupsOfUsers | None = None,
) -> Sifted:
    """Return the unchanged resources of a page with what must be known of them."""
    found = list(resources)
    groups = groups or GroupsOfUsers()
    users: dict[tuple[str, ...], list[str]] = {}
    inactive = []
    for one in found:
        named = groups.of(one)
        if named:
            users.setdefault(named, []).append(str(one["id"]))
        # A user that is unread and settled is active.
        if not isinstance(one, Unread) and one.get("active") is not True:
            if boolean(one.get("active")) is False:
                inactive.append(str(one["id"]))
    return Sifted(
        packs=tuple(packed(rows, found)),
        inactive=frozenset(inactive),
        groups=tuple((named, tuple(idents)) for named, idents in users.items()),
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

    def __init__(self, desired_rows: DesiredRows = NO_ROWS) -> None:
        self.desired_rows = desired_rows
        self.links: dict[int, Mapping[str, Any]] = {}
        self._rows: dict[str, int] = {}
        self._ids: list[str | None] = [None] * len(desired_rows)
        self._packs: list[Packed] = []
        self._places = array("l", [NOWHERE]) * len(desired_rows)
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
            place = len(self._packs)
            self._rows.update(zip(pack.ids, pack.rows))
            self._inactive.difference_update(pack.ids)
            for number, ident in zip(pack.rows, pack.ids):
                self._ids[number] = ident
                self._places[number] = place
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
        number = self.desired_rows.at(path, value)
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
        return self.desired_rows.desired(self._rows[ident])

    def name(self, ident: str) -> str:
        """Return the name of a settled user."""
        return self.desired_rows.name(self._rows[ident])

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
            for path, reference in self.desired_rows.links(number).items():
                ident = self.named(reference)
                if ident is None or held.get(path) != ident:
                    found.append(self.ident(number))
                    break
        return found

    def _unpacked(self, place: int) -> dict[str, Resource]:
        if self._open[0] != place:
            pack = self._packs[place]
            self._open = (place, dict(zip(pack.ids, _unpacked(pack))))
        return self._open[1]
