# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What answers say of the ids of one question; knows no request.

A filter that finds two known resources, as its first and its last comparison, has evaluated every
comparison. So an id that it does not find is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .._provider.abilities import most_ids, takes_ids_in_filters
from .._provider.capabilities import Capabilities
from .desired import Clause, Portion
from .filterable import cut_ids, is_unusual, joins_ids
from .lessons import Lesson
from .questions import Question, Resource
from .reading import FEW_LOOK_UPS, LookUp
from .unknown_members import bare, spelt_otherwise
from .verdicts import judged

PROOFS = 2
PROOF_NOT_FOUND = "a filter that did not find a known resource"


class FoundIds(NamedTuple):
    """What a filter gave for ids.

    ``fitting`` are the resources that were asked for, ``aliases`` the own ids of those that came in
    other letters, ``lacking`` the ids that nothing came for, ``evaluated`` those of which the
    service is known to have looked for. ``known`` are resources that were known before and came.
    ``has_failed``: not all of them came.
    """

    fitting: tuple[Resource, ...]
    aliases: dict[str, str]
    lacking: tuple[str, ...]
    evaluated: tuple[str, ...]
    known: tuple[Clause, ...]
    has_failed: bool

    @property
    def is_empty(self) -> bool:
        """Return whether a filter found nothing that it was asked for."""
        return not self.fitting and not self.known

    def lesson(self, kind: str) -> Lesson:
        """Return what it teaches that not all known resources came.

        The service evaluates a part of the comparisons. If it finds none, ids are not looked up.
        """
        if self.is_empty:
            return Lesson(source=PROOF_NOT_FOUND, values={"filter_ids": False}, kind=kind)
        return Lesson(source=PROOF_NOT_FOUND, values={"filter_clauses": 1})


class SoughtIds:
    """The open ids of one question: what filters, lists and addresses say of them.

    ``works``: a filter on ids was answered. ``proofs`` are comparisons that hold for two known
    resources. An id that nothing found is *gone* if that is proven, or if the address of another
    one says so. Otherwise its own address decides, or a filter of its own if filters take ids in
    other letters: addresses need not. A few ids that the input names are read by their addresses in
    any case.
    """

    def __init__(self, question: Question, *, is_listed: bool = False) -> None:
        """Begin with the ids of a question.

        ``is_listed``: a whole list lacks them, by the letters in which groups list users.
        """
        self.works = False
        self.proofs = question.proofs if len(question.proofs) == PROOFS else ()
        self._question = question
        self._is_foreign = question.listed_ids or question.sampled
        self._finds = False
        self._takes_letters = False
        self._found = False
        self._is_blind = False
        self._tries_alone = False
        self._unfound: dict[str, None] = {}
        self._evaluated: dict[str, None] = {}
        self._unlisted: dict[str, None] = {}
        self._repeated: set[str] = set()
        if is_listed and question.by_list and question.own_ids:
            self._unlisted.update(dict.fromkeys(question.ids))

    # what to ask

    def portions(self, clauses: Iterable[Clause], known: Capabilities) -> list[Portion]:
        """Return ids in portions, one for each filter."""
        return cut_ids(self._question.kind, clauses, self.proofs, known)

    def portions_again(self, portion: Portion, known: Capabilities) -> list[Portion]:
        """Return the ids of a refused filter anew.

        As long as none was taken, one id alone is first: it tells whether any is.
        """
        self._tries_alone = not self.works
        asked = self.asked(portion)
        if self.works:
            return self.portions(asked, known)
        return [asked[:1], *self.portions(asked[1:], known)]

    def enclosed(self, portion: Portion, known: Capabilities) -> Portion:
        """Return a portion with a proof before it and one behind it, if there is room."""
        if not self.proofs or self._tries_alone or not joins_ids(self._question.kind, known):
            return portion
        if len(portion) + PROOFS > most_ids(known):
            return portion
        return (self.proofs[1], *portion, self.proofs[0])

    def asked(self, portion: Portion) -> Portion:
        """Return a portion without the proofs."""
        return tuple(one for one in portion if one not in self.proofs)

    def asked_again(self, known: Capabilities) -> Portion:
        """Return ids of which a filter is asked again, now that some are known."""
        if not self.proofs or not joins_ids(self._question.kind, known):
            return ()
        settled = {*self._evaluated, *self._unlisted, *self._repeated}
        again = [one for one in self._unfound if one not in settled]
        if len(again) < PROOFS or not self._is_many:
            return ()
        self._repeated.update(again)
        return tuple(("id", one) for one in again)

    def alone(self, ident: str, known: Capabilities) -> LookUp | None:
        """Return a filter for one id, None if its address is read."""
        clause = ("id", ident)
        takes_filter = takes_ids_in_filters(known) and not is_unusual(clause)
        if not self._takes_letters or ident in self._evaluated or not takes_filter:
            return None
        return LookUp((clause,))

    def addresses(self, ids: int) -> int:
        """Return how many addresses so many open ids need about."""
        return ids - max(0, len(self._decided_by_one()) - 1)

    # what answers say

    def judged(self, portion: Portion, resources: Sequence[Resource]) -> FoundIds:
        """Return what a filter gave for ids."""
        verdict = judged(self._question.kind, portion, resources)
        asked = self.asked(portion)
        ids = [ident for _path, ident in asked]
        aliases = self._otherwise(ids, resources)
        own = {*aliases.values(), *ids}
        fitting = tuple(one for one in resources if str(one["id"]) in own)
        found = {*aliases, *(str(one["id"]) for one in fitting)}
        lacking = tuple(dict.fromkeys(one for one in ids if one not in found))
        known = tuple(sorted(verdict.found.intersection(self.proofs)))
        evaluated: tuple[str, ...] = ()
        if len(fitting) + len(known) == len(resources):
            unproven = set(verdict.unproven)
            evaluated = tuple(one for one in lacking if ("id", one) not in unproven)
        has_failed = len(known) < len(set(portion).intersection(self.proofs))
        return FoundIds(fitting, aliases, lacking, evaluated, known, has_failed)

    def take_found(self, found: FoundIds) -> None:
        """Take in what a filter gave. Resources that it found prove later ones."""
        self.works = True
        self._tries_alone = False
        self._finds = self._finds or not found.is_empty
        self._found = self._found or bool(found.fitting)
        self._takes_letters = self._takes_letters or bool(found.aliases)
        if found.has_failed:
            self.proofs = ()
            return
        self._unfound.update(dict.fromkeys(found.lacking))
        self._evaluated.update(dict.fromkeys(found.evaluated))
        self._keep_proofs(found)

    def _keep_proofs(self, found: FoundIds) -> None:
        others = set(found.aliases.values())
        own = [str(one["id"]) for one in found.fitting if str(one["id"]) not in others]
        if not self.proofs and len(own) >= PROOFS:
            self.proofs = (("id", own[0]), ("id", own[1]))

    def take_list(self, ids: Sequence[str], rows: Sequence[Resource]) -> dict[str, str]:
        """Take in a whole list. Return the own ids of those in other letters."""
        found = self._otherwise(ids, rows)
        left = dict.fromkeys(one for one in ids if one not in found)
        self._unfound.update(left)
        if self._question.by_list:
            # An id that resembles a listed one may be that user, as its own address says.
            alike = {bare(str(one["id"])) for one in rows}
            self._unlisted.update((one, None) for one in left if bare(one) not in alike)
        if not (self._is_foreign or self.proofs):
            self.proofs = _listed_proofs(rows)
        return found

    def take_address(self, ident: str, *, is_gone: bool) -> list[str]:
        """Take in what an address gave. Return the other ids that are gone by that."""
        decided = self._decided_by_one()
        is_unfound = ident in self._unfound or ident in self._unlisted
        self._forget([ident])
        if not is_gone:
            self._is_blind = self._is_blind or is_unfound
            return []
        return self._forget([one for one in decided if one != ident]) if ident in decided else []

    def proven_gone(self) -> list[str]:
        """Return the ids that are gone because filters find others.

        A group may list users by other ids than their own. So a filter must have found one of the
        listed ids too, in this question or before.
        """
        if self._question.sampled and self._found:
            return self._forget(list(self._unfound))
        is_own = self._question.own_ids or not self._is_foreign
        if self._finds and (self._found or is_own) and self._is_many:
            return self._forget(list(self._evaluated))
        return []

    @property
    def _is_many(self) -> bool:
        """Return whether ids are more than are read by their addresses in any case."""
        return self._is_foreign or len(self._unfound) > FEW_LOOK_UPS

    def _decided_by_one(self) -> dict[str, None]:
        """Return the ids of which the address of one tells whether they are gone."""
        if self._question.sampled:
            return dict(self._unfound)
        if self._is_blind:
            return {}
        return self._unlisted | (self._evaluated if self._finds and self._is_foreign else {})

    def _forget(self, ids: list[str]) -> list[str]:
        for one in ids:
            for left in (self._unfound, self._evaluated, self._unlisted):
                left.pop(one, None)
        return ids

    def _otherwise(self, ids: Iterable[str], resources: Iterable[Resource]) -> dict[str, str]:
        """Return the ids of members that came with the letters of the user's own id."""
        return spelt_otherwise(ids, resources) if self._question.listed_ids else {}


def _listed_proofs(rows: Iterable[Resource]) -> Portion:
    """Return comparisons that hold for two resources of a list, none if it has fewer."""
    found = [("id", str(one["id"])) for one in rows]
    usual = [one for one in found if not is_unusual(one)][:PROOFS]
    return tuple(usual) if len(usual) == PROOFS else ()
