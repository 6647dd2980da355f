# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows that wait and are laid out alike: where their keys are, and what they set.

It is what ``RowForm`` says of each of these rows, found out once. Knows the option table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .._model.frames import Frame, Layout, Path, marked_slot, picker
from .._model.schema import USER
from .._model.unread import Unread
from .._plan.desired import Clause, Reference
from .._plan.desired_rows import RowKeys
from .._plan.questions import Resource
from .plain_users import BELOW, LISTS, NAME, TEXTS, RowForm
from .rows import SEPARATOR
from .unread_users import Texts

NO_LINKS: Mapping[str, Reference] = {}


class Pairs(NamedTuple):
    """What picks those texts of a user, and of a row, that must be the same.

    ``common`` are texts that all users of the layout have. They follow those of a user.
    ``of_row`` is None if these are all that the row has.
    """

    of_user: Callable[[Texts], Texts]
    of_row: Callable[[Texts], Texts] | None
    common: tuple[str, ...]

    def are_equal(self, row: str, user: tuple[str, ...]) -> bool:
        """Return whether a user has the texts of a row, which are all in one."""
        if self.common:
            user += self.common
        if self.of_row is None:
            return SEPARATOR.join(self.of_user(user)) == row
        return self.of_row(row.split(SEPARATOR)) == self.of_user(user)


class TextForm:
    """What rows that wait say by their frame.

    ``match_by`` is that of the task. ``sets_active``: rows set whether their users are active.
    """

    def __init__(self, frame: Frame, match_by: Sequence[str] | None = None) -> None:
        self._frame = frame
        names = tuple(frame.frame)
        self._form = RowForm(names, match_by)
        values = list(frame.marked().values())
        marked = self._form.keys(values)
        self._name = _slot(marked.name)
        self._keys = [(path, _slot(value)) for path, value in marked.keys]
        self._links = [(path, _slot(one.value)) for path, one in marked.links.items()]
        first = self._form.first_key(values)
        self._first = None if first is None else (first[0], _slot(first[1]))
        self.sets_active = "active" in frame.frame
        self._pairs: dict[Layout, Pairs | None] = {}

    def first_key(self, row: str) -> Clause | None:
        """Return the strongest key of a row, by which groups name its user."""
        if self._first is None:
            return None
        path, slot = self._first
        return path, row.split(SEPARATOR)[slot]

    def keys(self, row: str) -> RowKeys:
        """Return the keys of a row, and which users it names."""
        texts = row.split(SEPARATOR)
        keys = tuple([(path, texts[slot]) for path, slot in self._keys])
        links = NO_LINKS
        if self._links:
            links = {path: Reference(USER.name, NAME, texts[slot]) for path, slot in self._links}
        return RowKeys(texts[self._name], keys, links)

    def shows(self, row: str, resource: Resource) -> bool:
        """Return whether a resource has every value that is set, letter for letter.

        References to other users are left out. False says nothing.
        """
        if not isinstance(resource, Unread):
            values = self._frame.filled(row.split(SEPARATOR)).values()
            return self._form.shows(list(values), resource)
        layout = resource.layout
        if layout not in self._pairs:
            self._pairs[layout] = self._paired(layout)
        pairs = self._pairs[layout]
        return pairs is not None and pairs.are_equal(row, resource.texts)

    def _paired(self, layout: Layout) -> Pairs | None:
        """Return which texts must be the same so that a user has all that a row sets.

        None if a user of that layout never has. Both are filled with marks, or with a text that all
        users of the layout have, so that only texts at the same place are equal. If the user has
        what the row sets then, it has it whenever these texts are equal.
        """
        slots = {path: slot for slot, path in enumerate(layout.paths)}
        size = len(slots)
        row, user = self._frame.marks, [""] * size
        pairs = []
        common: list[str] = []
        for number, place in enumerate(map(attribute_path, self._frame.paths)):
            slot = slots.get(place)
            text = layout.at(place)
            if slot is not None:
                user[slot] = row[number]
                pairs.append((number, slot))
            elif isinstance(text, str):
                row[number] = text
                pairs.append((number, size + len(common)))
                common.append(text)
        if not self._form.shows([*self._frame.filled(row).values()], layout.filled(user)):
            return None
        of_user = picker([slot for _number, slot in pairs])
        if len(pairs) == len(self._frame.paths):
            return Pairs(of_user, None, tuple(common))
        return Pairs(of_user, picker([number for number, _slot in pairs]), tuple(common))


def attribute_path(path: Path) -> Path:
    """Return the place in a user of what stands at a place in a row.

    It is empty for a reference to another user, and for what is no attribute.
    """
    option, below = path[0], path[1:]
    if not below:
        return (TEXTS[option],) if option in TEXTS else ()
    if option in LISTS:
        name, names = LISTS[option]
        return (name, below[0], names[below[1]])
    above, names = BELOW[option]
    return (above, names[below[0]]) if below[0] in names else ()


def _slot(mark: Any) -> int:
    """Return the slot of a mark."""
    found = marked_slot(mark)
    if found is None:
        raise LookupError("a key of a row that waits is no text of it")
    return found
