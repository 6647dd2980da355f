# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What answers say of the ids of one question; knows no request and no capability."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .desired import Portion
from .questions import Question, Resource
from .unknown_members import spelt_otherwise


class FoundIds(NamedTuple):
    """What a filter gave for ids.

    ``fitting`` are the resources that were meant, ``aliases`` the own ids of those that came in
    other letters, ``lacking`` the ids that nothing came for.
    """

    fitting: tuple[Resource, ...]
    aliases: dict[str, str]
    lacking: tuple[str, ...]


class SoughtIds:
    """The ids of one question that no filter and no list has found.

    ``works``: a filter on ids was answered.
    """

    def __init__(self, question: Question) -> None:
        self.works = False
        self._question = question
        self._singly: list[str] = []
        self._unfound: dict[str, None] = {}
        self._found = False

    @property
    def first(self) -> str | None:
        """Return the id to read by its address next, None if none is left."""
        return self._singly[0] if self._singly else None

    def read_singly(self, ids: Iterable[str]) -> None:
        """Take in ids that are to be read by their addresses."""
        self._singly += ids

    def judged(self, portion: Portion, resources: Sequence[Resource]) -> FoundIds:
        """Return what a filter gave for ids."""
        aliases = self._otherwise([value for _path, value in portion], resources)
        own = {*aliases.values(), *(ident for _path, ident in portion)}
        fitting = tuple(one for one in resources if str(one["id"]) in own)
        found = {*aliases, *(str(one["id"]) for one in fitting)}
        lacking = tuple(ident for _path, ident in portion if ident not in found)
        return FoundIds(fitting, aliases, lacking)

    def take_found(self, found: FoundIds) -> None:
        """Take in what a filter gave; what it did not find is read by its address."""
        self.works = True
        self._found = self._found or bool(found.fitting)
        self._singly += found.lacking
        self._unfound.update(dict.fromkeys(found.lacking))

    def take_list(self, ids: Sequence[str], rows: Iterable[Resource]) -> dict[str, str]:
        """Take in a whole list. Return the own ids of those that it shows in other letters.

        The others are read by their addresses.
        """
        found = self._otherwise(ids, rows)
        left = [one for one in ids if one not in found]
        self._unfound.update(dict.fromkeys(left))
        self._singly += left
        return found

    def take_address(self, ident: str, *, is_gone: bool) -> list[str]:
        """Take in what an address gave. Return the other ids that are gone by that."""
        self._singly.remove(ident)
        if is_gone and self._question.sampled and ident in self._unfound:
            return self._end_unfound()
        return []

    def proven_gone(self) -> list[str]:
        """Return the ids that are gone because filters find others."""
        return self._end_unfound() if self._question.sampled and self._found else []

    def _end_unfound(self) -> list[str]:
        gone = [one for one in self._singly if one in self._unfound]
        self._singly = [one for one in self._singly if one not in self._unfound]
        return gone

    def _otherwise(self, ids: Iterable[str], resources: Iterable[Resource]) -> dict[str, str]:
        """Return the ids of members that came with the letters of the user's own id."""
        return spelt_otherwise(ids, resources) if self._question.listed_ids else {}
