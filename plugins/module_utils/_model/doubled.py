# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries that a service holds twice, having made old ones of new ones.

A service with types of its own gives them to what was sent under other types, and one that rewrites
values may make the old value of a new one. Both then stand beside the old entry, in each run again.
Knows no request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from .flat import Entry
from .pairing import PARTS_BESIDES
from .sameness import covers, same, sub_form
from .schema import Attribute


def without_doubles(
    attribute: Attribute, before: list[Entry], written: list[Entry], now: list[Entry]
) -> list[Entry] | None:
    """Return a list without what a write doubled, None if it doubled nothing.

    ``before`` is the list before the write, ``now`` after it. What was written and is there stays,
    and so does each entry from before in one form.
    """
    lists = _Lists(attribute, before, written, now)
    surplus = lists.surplus()
    if not surplus:
        return None
    return lists.as_before([one for number, one in enumerate(now) if number not in surplus])


def added(attribute: Attribute, before: Iterable[Entry], written: Iterable[Entry]) -> list[Entry]:
    """Return the written entries whose type or content was not there before."""
    old = {(content(attribute, one), type_form(attribute, one)) for one in before}
    found = []
    for one in written:
        if (content(attribute, one), type_form(attribute, one)) not in old:
            found.append(one)
    return found


def content(attribute: Attribute, entry: Entry) -> Any:
    """Return what an entry says beside its type: its value, or else all parts."""
    value = entry.get("value")
    if value not in (None, ""):
        return sub_form(attribute, "value", value)
    parts = []
    for name, part in entry.items():
        if name not in PARTS_BESIDES and part is not None:
            parts.append((name, sub_form(attribute, name, part)))
    return frozenset(parts)


def type_form(attribute: Attribute, entry: Entry) -> Any:
    """Return the type of an entry in the form in which it is compared."""
    return sub_form(attribute, "type", entry.get("type") or "")


def _beyond(attribute: Attribute, before: Iterable[Entry], rows: Iterable[Entry]) -> list[int]:
    """Return the numbers of the rows that were not there before."""
    left = list(before)
    found = []
    for number, one in enumerate(rows):
        old = [at for at, entry in enumerate(left) if same(attribute, [entry], [one])]
        if old:
            del left[old[0]]
        else:
            found.append(number)
    return found


class _Lists:
    """One list before a write, as it was written, and as it is now."""

    def __init__(
        self,
        attribute: Attribute,
        before: list[Entry],
        written: list[Entry],
        now: list[Entry],
    ) -> None:
        self.attribute = attribute
        self.now = now
        self.before = before
        self.sent = added(attribute, before, written)
        self.shown = self._numbers_of_sent()
        self.beyond = _beyond(attribute, before, now)
        self.held = Counter(map(self._content, before))
        self.written = Counter(map(self._content, written))
        self.marks = Counter(map(self.mark, now))

    def surplus(self) -> set[int]:
        """Return the numbers of the entries that the service made of new ones.

        Of each content as many entries stay as before, or as were written if there were none.
        """
        is_lost = len(self.shown) < len(self.sent)
        found = set[int]()
        number_now = Counter(map(self._content, self.now))
        for form, number in number_now.items():
            most = self.held[form] or self.written[form]
            excess = number - most
            if excess > 0 and most > 0:
                doubled = self._doubled(form, is_lost=is_lost and bool(self.held[form]))
                found.update(doubled[:excess])
        return found

    def _doubled(self, form: Any, *, is_lost: bool) -> list[int]:
        """Return the numbers of the entries of one content that may go, in order.

        What was written is not among them. The entries say the same under the same type, or the
        type is one of the service in place of another one, which is lost.
        """
        ranked = []
        is_made = False
        for number, one in enumerate(self.now):
            if number in self.shown or self._content(one) != form:
                continue
            is_twice = self.marks[self.mark(one)] > 1
            is_made = is_made or (number in self.beyond and (is_lost or is_twice))
            is_wanted = any(self._says(one, _plain(new)) for new in self.sent)
            ranked.append((is_wanted, number not in self.beyond, -number))
        return [-number for _wanted, _old, number in sorted(ranked)] if is_made else []

    @property
    def _shown_entries(self) -> list[Entry]:
        return [self.now[number] for number in self.shown]

    def _numbers_of_sent(self) -> set[int]:
        """Return the numbers of the entries that are what was written, each for one."""
        found = set[int]()
        for new in self.sent:
            for number, one in enumerate(self.now):
                if number not in found and self._says(one, new):
                    found.add(number)
                    break
        return found

    def _says(self, one: Entry, wanted: Entry) -> bool:
        return covers(self.attribute, one, wanted)

    def _content(self, entry: Entry) -> Any:
        return content(self.attribute, entry)

    def mark(self, entry: Entry) -> tuple[Any, Any]:
        """Return the content and the type of an entry."""
        return content(self.attribute, entry), type_form(self.attribute, entry)

    def as_before(self, kept: list[Entry]) -> list[Entry]:
        """Return entries in the order and with the types of before, new ones last."""
        marks = list(map(self.mark, self.before))
        contents = [one for one, _type in marks]
        placed = []
        for one in kept:
            mark = self.mark(one)
            if mark in marks:
                placed.append((marks.index(mark), one))
            elif mark[0] in contents and one not in self._shown_entries:
                at = contents.index(mark[0])
                placed.append((at, {**_plain(one), "type": self.before[at].get("type")}))
            else:
                placed.append((len(marks), one))
        return [one for _at, one in sorted(placed, key=lambda found: found[0])]


def _plain(entry: Entry) -> Entry:
    return {name: part for name, part in entry.items() if name != "type"}
