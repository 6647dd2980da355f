# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desired states of a task by number, and which keys name each user.

Knows no service. A user that nothing but its own row names can be settled by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .._model.schema import USER, ResourceType
from .desired import EMAIL, Desired, folded, former_names, searched

# More than one row, or a reference, names the user.
MANY = -1
# Names that could be the placeholder of another resource of that name.
APART = ("User:", "Group:")


class Roster:
    """The desired states of a task, by number.

    ``unusual`` are the rows with names that may look like another one. ``finds_mails``: an e-mail
    address is a key, or names a user.
    """

    def __init__(self, desired: Sequence[Desired] = ()) -> None:
        self.unusual: list[int] = []
        self.finds_mails = False
        self._desired = desired
        self._index: dict[int, int] = {}
        self._alone = bytearray(len(desired))
        self._add_users()
        self._add_references()

    def __len__(self) -> int:
        return len(self._desired)

    def desired(self, number: int) -> Desired:
        """Return the desired state of a row."""
        return self._desired[number]

    def name(self, number: int) -> str:
        """Return the name of a row."""
        return self._desired[number].own_name

    def open(self, settles: Callable[[int], bool]) -> list[Desired]:
        """Return the desired states that are not settled, in order."""
        return [one for number, one in enumerate(self._desired) if not settles(number)]

    def at(self, path: str, value: str) -> int | None:
        """Return the row that a key names, ``MANY`` if others name it too.

        The value is folded. The index holds hashes, so a row may not have the key after all.
        """
        return self._index.get(hash((path, value)))

    def may_settle(self, number: int) -> bool:
        """Return whether a row can be settled by what it says itself."""
        return bool(self._alone[number])

    def _add_users(self) -> None:
        others = {one.name for one in self._desired if one.kind.name != USER.name}
        for number, one in enumerate(self._desired):
            if one.kind.name != USER.name:
                continue
            self._alone[number] = _is_alone(one) and one.own_name not in others
            for path, value in searched(one):
                self._add(one.kind, path, value, number)
            for path, value in former_names(one):
                self._add(one.kind, path, value, MANY)
            self._add(one.kind, one.kind.name_attribute, one.own_name, number)
            if not one.own_name.isascii() or " " in one.own_name:
                self.unusual.append(number)

    def _add_references(self) -> None:
        """Note what is named otherwise than by the keys of its row."""
        for one in self._desired:
            for reference in one.references:
                if reference.kind == USER.name and reference.path != "id":
                    if self.at(reference.path, reference.key[2]) is None:
                        self._add(USER, reference.path, reference.value, MANY)

    def _add(self, kind: ResourceType, path: str, value: str, number: int) -> None:
        self.finds_mails = self.finds_mails or path == EMAIL
        place = hash((path, folded(kind, path, value)))
        if self._index.setdefault(place, number) != number:
            self._index[place] = MANY


def _is_alone(desired: Desired) -> bool:
    """Return whether a row asks nothing that rests on other rows, but for its links."""
    if desired.state != "present" or not desired.creates or desired.previous:
        return False
    if desired.groups or desired.members or desired.team is not None or desired.secrets.always:
        return False
    if any(path == "id" for path, _value in desired.keys):
        return False
    return bool(desired.own_name) and not desired.own_name.startswith(APART)


NO_ROSTER = Roster()
