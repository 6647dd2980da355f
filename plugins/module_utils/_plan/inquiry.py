# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One question while it is being answered; sends nothing.

Says what to send next and what the answers say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from .._provider.abilities import most_comparisons, most_members_shown, shows_members
from .._provider.capabilities import Capabilities
from .desired import Clause, Portion
from .filterable import after_answer, any_askable, cut, settled_without
from .found_by import FoundBy
from .lessons import Lesson
from .open_keys import open_keys
from .questions import Doubt, ListName, Question, Reading, Resource, sifted, unsifted
from .reading import (
    FEW_LOOK_UPS,
    ById,
    Listed,
    LookUp,
    NextPage,
    Request,
    Step,
    after_refusal,
    forms_by_id,
    list_not_whole,
    next_step,
    not_whole,
    read_as,
    requests_of,
    sure_pages,
)
from .sought_ids import PROOF_NOT_FOUND, SoughtIds
from .taught import Taught
from .unusable_rows import in_doubt, refuse_odd, row_notes
from .verdicts import Verdict, enclosed, impossible, judged, with_proofs, with_room
from .waiting import MOST_CUT, Waiting

LISTING_TRIES = 2


class Inquiry:
    """One question while it is being answered.

    It says what to send next and takes in what comes. It sends nothing. ``readings`` is what the
    answers say so far. ``lessons`` are tried here. ``learnt`` are true once the question is
    answered.
    """

    def __init__(self, question: Question, known: Listed = Listed()) -> None:
        """Begin a question.

        ``known`` is what earlier questions found out about a listing of the kind. One that has not
        ended is read on.
        """
        self.question = question
        self.readings: list[Reading] = []
        self._kind = question.kind
        self._taught = Taught(question.kind)
        keys = question.clauses or [("id", one) for one in question.ids]
        self._open = open_keys(self._kind, keys)
        self._missed: set[Clause] = set()
        self._ids = SoughtIds(question, is_listed=known.whole)
        self._lists_all = question.everything
        self._listings = 0
        self._listed = known
        if known.ended and question.everything:
            self._listed = Listed()
        elif known.ended:
            self._listings = LISTING_TRIES
        self._waiting = Waiting()
        self._proofs = question.proofs
        self._found_by = FoundBy(self._kind)
        self._is_single = False
        self._doubted: Verdict | None = None
        self._asked_for_members = 0

    def next(self, capabilities: Capabilities) -> Request | None:
        """Return what to send next, None if the question is answered.

        Raise ScimError if only a complete list answers it and the service gives none.
        """
        known = self._known(capabilities)
        if self.question.ids:
            return self._next_by_id(known)
        self._settle_shown(known)
        if self._open and not self._lists_all:
            request = self._next_by_key(known)
            if request is not None:
                return request
            self._lists_all = not self.question.by_filter
        if self._lists_all:
            return self._next_of_everything()
        if self._open:
            self._end_filters()
        return None

    @property
    def lessons(self) -> list[Lesson]:
        """Return what the answers taught so far."""
        return self._taught.lessons

    @property
    def learnt(self) -> list[Lesson]:
        """Return what is true of the service once the question is answered."""
        return self._taught.learnt

    def begin_listing(self) -> None:
        """Take in that a listing begins, or begins anew."""
        self._listings += 1
        self._listed = Listed()

    def take_page(
        self, resources: Sequence[Resource], listed: Listed, capabilities: Capabilities
    ) -> None:
        """Take in one page of a listing; ``listed`` says how far it is read."""
        self._listed = listed
        self._waiting.clear()
        reading = sifted(read_as(self.question, resources, capabilities), self.question.sieve)
        settled = self._settled_by(resources, reading, is_sound=listed.sound)
        aliases = self._take_ids_of_list(resources) if listed.sound else {}
        reading = replace(
            reading,
            answered=unsifted(settled, self._kind, self.question.sieve),
            paged=True,
            total=listed.total,
            notes=row_notes(self._kind, listed.odd) if listed.ended else (),
            aliases=tuple(aliases.items()),
            sample=listed.is_sample,
            doubt=Doubt(listed.doubtful) if listed.doubtful else None,
        )
        if listed.whole or (self._lists_all and listed.ended):
            reading = replace(reading, listed=listed.whole, came=listed.came, ids=listed.ids)
        self.readings.append(reading)

    def _settled_by(
        self, resources: Sequence[Resource], reading: Reading, *, is_sound: bool
    ) -> list[Clause]:
        """Close and return the keys that a page of a listing answers."""
        sieve = self.question.sieve
        settled = self._open.shown_by(resources, reading.sifted.rows(), reading.resources)
        if is_sound and self.question.clauses:
            unsure = set(in_doubt(self._kind, self._listed.odd, self._open))
            settled += self._open.close_but(unsure, None if sieve is None else sieve.settles)
        return settled

    def sure_pages(self) -> int:
        """Return how many pages will be read next, whatever they hold."""
        keys = None if self._lists_all else len(self._open)
        return sure_pages(self._listed, keys, self._waiting.per_look_up)

    def goes_on_without_page(self) -> bool:
        """Return whether look-ups answer the question after a page failed, or addresses."""
        if self._lists_all or (self._listed.pages == 0 and not self.question.ids):
            return False
        self._listed = replace(self._listed, ended=True)
        return True

    def take_found(
        self,
        request: LookUp,
        resources: Sequence[Resource],
        capabilities: Capabilities,
        *,
        incomplete: str = "",
        odd: Sequence[Any] = (),
        doubtful: ListName | None = None,
    ) -> None:
        """Take in the answer to a look-up.

        ``incomplete`` says how many came if that may not be all. ``odd`` are rows that are no
        resources, ``doubtful`` is the name of the answer if it may go on. Every resource is
        checked. A page of resources that do not fit shows that the filter was not honoured. Raise
        ScimError if the answer is not complete: what it lacks must not count as missing.
        """
        self._taught.take_answer(request.clauses)
        if self.question.ids:
            self._take_found_ids(request.clauses, resources, capabilities, incomplete)
            return
        verdict = judged(self._kind, request.clauses, resources)
        self._found_by.add(verdict.found_by, verdict.found)
        if self._doubted is not None:
            self._take_answer_to_nobody(self._doubted, verdict, capabilities)
        elif verdict.is_ignored:
            self._take_ignored(capabilities)
        elif incomplete:
            raise not_whole(self._kind, verdict.portion, incomplete)
        elif not verdict.strangers and set(self._proofs).intersection(verdict.lacking):
            self._take_failed_proof(verdict, capabilities)
        elif verdict.is_doubtful and len(verdict.portion) == 1:
            self._doubted = verdict
        else:
            refuse_odd(self._kind, odd, verdict.portion, verdict.found)
            self._take_verdict(verdict, capabilities)
            self._note_rest(verdict, odd, doubtful)

    def _take_failed_proof(self, verdict: Verdict, capabilities: Capabilities) -> None:
        """Take in that a filter did not find a known resource.

        If it had several comparisons, each is to be asked alone. A few are at once, and the known
        resource comes first, since filters may find nothing at all.
        """
        if len(verdict.portion) == 1:
            self._learn(PROOF_NOT_FOUND, **self._found_by.without(self._proofs))
            self._proofs = ()
            self.readings.append(Reading(kind=self._kind, tried=True))
            return
        self.lessons.append(Lesson(source=PROOF_NOT_FOUND, values={"filter_clauses": 1}))
        self._proofs = () if self._found_by.works(self._proofs) else self._proofs[:1]
        self._waiting.put((one,) for one in self._open)
        self._is_single = True
        if self._known(capabilities).filter_clauses == 1 and len(self._open) > FEW_LOOK_UPS:
            # A listing may need fewer requests, so the question is put anew.
            self._open.clear()

    def _note_rest(self, verdict: Verdict, odd: Sequence[Any], doubtful: ListName | None) -> None:
        """Note what else an answer says: odd rows, and that it may go on."""
        doubt = None
        if doubtful is not None and verdict.lacking:
            doubt = Doubt(doubtful, verdict.lacking)
        self.readings[-1] = replace(
            self.readings[-1], notes=row_notes(self._kind, odd), doubt=doubt
        )

    def take_refusal(self, request: LookUp, status: int | None, capabilities: Capabilities) -> bool:
        """Return whether there is something else to send after a refused filter."""
        if self._doubted is not None:
            self._take_answer_to_nobody(self._doubted, None, capabilities)
            return True
        portion = request.clauses
        known = self._known(capabilities)
        kind = self._kind.name
        retry = after_refusal(portion, status, known, kind=kind, ids_work=self._ids.works)
        if retry is None or retry.lesson.applied(known).of(kind) == known:
            # The option capabilities asks for this very filter.
            if self.question.by_filter:
                self._end_filters()
            return self.question.by_filter
        if not retry.portions:
            self._learn(retry.lesson.source, **retry.lesson.values)
            return True
        self._taught.take_refusal(retry.lesson, status, on_trial=bool(self.question.ids))
        taught = retry.lesson.applied(known).of(kind)
        later = cut(self._kind, self._waiting.later(), taught)
        again = self._ids.portions_again(portion, taught) if self.question.ids else retry.portions
        self._waiting.put([*again, *later])
        return True

    def take_resource(
        self, request: ById, resource: Resource | None, capabilities: Capabilities
    ) -> None:
        """Take in a resource that was read by its address, None if there is none.

        A group that shows no members is read in each form that may show them.
        """
        partial = bool(request.attributes)
        if resource is not None and self._asks_again(resource, capabilities):
            self._asked_for_members += 1
            self.readings.append(Reading(kind=self._kind, resources=(resource,), partial=partial))
            return
        self._asked_for_members = 0
        self._open.close([("id", request.ident)])
        self._close_gone(self._ids.take_address(request.ident, is_gone=resource is None))
        aliases: tuple[tuple[str, str], ...] = ()
        if resource is not None and resource["id"] != request.ident:
            aliases = ((request.ident, str(resource["id"])),)
        reading = Reading(
            kind=self._kind,
            resources=() if resource is None else (resource,),
            members_shown=self.question.members and shows_members(capabilities),
            partial=partial,
            answered=(("id", request.ident),),
            aliases=aliases,
            most=most_members_shown(capabilities),
        )
        self.readings.append(reading)

    def _asks_again(self, group: Resource, capabilities: Capabilities) -> bool:
        if group.get("members"):
            return False
        return self._asked_for_members + 1 < len(forms_by_id(self.question, capabilities))

    # what is known

    def _known(self, capabilities: Capabilities) -> Capabilities:
        """Return the capabilities with what this question has taught so far."""
        return self._taught.known(capabilities)

    def _learn(self, source: str, **values: Any) -> None:
        """Take in what an answer teaches. What is open is asked for anew."""
        self._taught.learn(source, **values)
        self._waiting.clear()

    def _take_ignored(self, capabilities: Capabilities) -> None:
        """Take in that the service does not honour filters.

        Raise ScimError if the option ``capabilities`` says that it does.
        """
        self._taught.take_ignored(capabilities)
        self._waiting.clear()

    def _can_ask(self, known: Capabilities) -> bool:
        """Return whether a filter may find an open key."""
        return any_askable(self._kind, self._unasked, known)

    @property
    def _unasked(self) -> Iterable[Clause]:
        """Return the open keys but for those that a filter may not know."""
        return (one for one in self._open if one not in self._missed)

    def _settle_shown(self, known: Capabilities) -> None:
        """Close keys without a filter that need no listing, after the others were asked."""
        if self._lists_all or not self._open or self._can_ask(known) or not known.filters:
            return
        settled = settled_without(self.question, self._open, self.readings, known)
        if settled:
            self.readings.append(Reading(kind=self._kind, answered=settled, paged=True))
        self._open.close(settled)

    def _end_filters(self) -> None:
        """End a question that only filters answer, as far as they do."""
        self.readings.append(Reading(kind=self._kind, answered=tuple(self._open)))
        self._open.clear()
        self._waiting.clear()

    # what to send

    def _next_by_key(self, known: Capabilities) -> Request | None:
        """Return a page or a look-up, None if only a whole listing answers it."""
        if not known.filters:
            return None
        if self._doubted is not None:
            return LookUp((impossible(self._doubted.portion[0]),))
        if not self._can_ask(known):
            return None
        if self.question.by_filter:
            return self._look_up(known)
        if self._listed.whole:
            return None
        return self._cheaper(self._look_ups(known), known) or self._look_up(known)

    def _next_by_id(self, known: Capabilities) -> Request | None:
        is_searched = len(self.question.ids) > 1 or self.question.listed_ids
        if self._open and is_searched and not self.question.members:
            if request := self._next_of_several(known):
                return request
        ident = next((value for _path, value in self._open), None)
        if ident is None:
            return None
        forms = forms_by_id(self.question, known)
        return self._ids.alone(ident, known) or ById(ident, forms[self._asked_for_members])

    def _next_of_several(self, known: Capabilities) -> Request | None:
        """Return a page or a look-up for several ids, None if they are read one by one."""
        if known.filters and known.filter_ids:
            if not self._can_ask(known):
                self._missed.difference_update(self._ids.asked_again(known))
            look_ups = self._look_ups(known) if self._can_ask(known) else 0
            if 0 < look_ups <= self._ids.addresses(len(self._open)):
                return self._cheaper(look_ups, known) or self._look_up(known)
        self._close_gone(self._ids.proven_gone())
        return self._cheaper(self._ids.addresses(len(self._open)), known)

    def _cheaper(self, requests: int, known: Capabilities) -> NextPage | None:
        """Return the next page of a listing if that needs fewer than so many requests."""
        if next_step(requests, self._listed, known.page_size) is not Step.PAGE:
            return None
        return NextPage(begins=self._listed.pages == 0, everything=False)

    def _look_up(self, known: Capabilities) -> LookUp:
        portion = self._waiting.first(self._open)
        if not portion:
            self._waiting.put(self._cut(known))
            portion = self._waiting.first(self._open)
        if self.question.ids:
            return LookUp(self._ids.enclosed(portion, known))
        most = 1 if self._is_single else most_comparisons(known)
        portion = with_proofs(portion, self._proofs, most, works=self._found_by.works(self._proofs))
        if self.question.encloses:
            portion = enclosed(self._kind, portion, most)
        return LookUp(portion)

    def _cut(self, known: Capabilities, most: int | None = None) -> list[Portion]:
        unasked = islice(self._unasked, most)
        if self.question.ids:
            return self._ids.portions(unasked, known)
        portions = cut(self._kind, unasked, known, alone=self.question.alone)
        return with_room(portions, self._proofs, most_comparisons(known))

    def _look_ups(self, known: Capabilities) -> int:
        """Return how many requests look-ups still need.

        Between pages that is an estimate, since it takes time to cut portions.
        """
        if not self._waiting and self._listed.pages == 0:
            self._waiting.put(self._cut(known, MOST_CUT))
            if len(self._open) > MOST_CUT:
                self._waiting.clear()
        look_ups = self._waiting.look_ups(self._open, by_resource=self._listed.pages > 0)
        return requests_of(look_ups, self._waiting.per_look_up, self._listed)

    def _next_of_everything(self) -> NextPage | None:
        """Return the next page of a listing that must be whole.

        It is read once more if it turns out not to be.
        """
        if self._listed.sound:
            rest = tuple(self._open)
            refuse_odd(self._kind, self._listed.odd, rest)
            if rest:
                answered = unsifted(rest, self._kind, self.question.sieve)
                self.readings.append(Reading(kind=self._kind, answered=answered, paged=True))
                self._open.clear()
            return None
        if self._listed.pages > 0 and not self._listed.ended:
            return NextPage(begins=False, everything=True)
        if self._listings < LISTING_TRIES:
            return NextPage(begins=True, everything=True)
        if self.question.everything:
            return None
        raise list_not_whole(self._kind, len(self.question.clauses), self._listed.came)

    # what an answer says

    def _take_found_ids(
        self,
        portion: Portion,
        resources: Sequence[Resource],
        capabilities: Capabilities,
        incomplete: str,
    ) -> None:
        """Close the ids that a filter found. Of the others more must be known."""
        found = self._ids.judged(portion, resources)
        if len(resources) > len(portion) and found.is_empty:
            self._take_ignored(capabilities)
            return
        if incomplete:
            raise not_whole(self._kind, portion, incomplete)
        self._taught.keep_trial()
        self._waiting.drop_first()
        lacking = {("id", ident) for ident in found.lacking}
        asked = dict.fromkeys(self._ids.asked(portion))
        self._open.close([one for one in asked if one not in lacking and one in self._open])
        self._ids.take_found(found)
        reading = read_as(self.question, found.fitting, capabilities)
        self.readings.append(replace(reading, aliases=tuple(found.aliases.items())))
        if found.has_failed:
            self.lessons.append(found.lesson(self._kind.name))
            self._waiting.clear()
        else:
            self._missed.update(lacking)

    def _close_gone(self, ids: Sequence[str]) -> None:
        """Take ids for gone that were not read by their addresses."""
        if ids:
            gone = tuple(("id", one) for one in ids)
            self.readings.append(Reading(kind=self._kind, answered=gone))
            self._open.close(gone)

    def _take_ids_of_list(self, resources: Iterable[Resource]) -> dict[str, str]:
        """Close and return the open ids that a whole list shows in other letters."""
        if not self.question.ids:
            return {}
        rows = [one for reading in self.readings for one in reading.resources]
        rows += resources
        # Earlier pages may have been read for another question.
        is_known = len(rows) >= self._listed.rows
        found = self._ids.take_list([one for _path, one in self._open], rows if is_known else ())
        self._open.close(("id", ident) for ident in found)
        if not self._ids.proofs:
            self._missed.update(self._open)
        return found

    def _take_verdict(self, verdict: Verdict, capabilities: Capabilities) -> None:
        """Close the keys that a look-up answers.

        If a stranger may be one that was not found, those are looked up one by one.
        """
        asked = tuple(one for one in dict.fromkeys(verdict.portion) if one in self._open)
        if asked:
            self._waiting.drop_first()
        if verdict.is_doubtful:
            asked = tuple(one for one in asked if one in verdict.found)
            singly = [(one,) for one in verdict.lacking if one in self._open]
            self._waiting.put_first(singly)
        answered = self._close(asked, verdict, capabilities)
        if len(self.question.clauses) > FEW_LOOK_UPS:
            # A name that a resource has is its own, so it needs no look-up.
            answered = (*answered, *self._open.shown_by(verdict.fitting))
        reading = read_as(self.question, verdict.fitting, capabilities)
        found = replace(reading, found_by=verdict.found_by, unproven=verdict.unproven)
        self.readings.append(replace(found, answered=answered))

    def _take_answer_to_nobody(
        self, doubted: Verdict, answer: Verdict | None, capabilities: Capabilities
    ) -> None:
        """Take in what the service gives for a name that no resource has.

        If it gives resources, its filters are not honoured. Otherwise those that it gave for the
        real name are that name in another form.
        """
        self._doubted = None
        if answer is not None and (answer.strangers or answer.fitting):
            self._take_ignored(capabilities)
            return
        self._waiting.drop_first()
        clause = doubted.portion[0]
        answered = self._close((clause,), doubted, capabilities)
        strangers = ((clause, doubted.strangers),)
        reading = read_as(self.question, doubted.strangers, capabilities)
        self.readings.append(replace(reading, answered=answered, strangers=strangers))

    def _close(
        self, asked: Portion, verdict: Verdict, capabilities: Capabilities
    ) -> tuple[Clause, ...]:
        """Close and return the keys that an answer settles.

        A name that was not found may exist, for example in other letters where filters mind the
        case. Then only a listing answers it.
        """
        settled = asked
        if not self.question.by_filter:
            known = self._known(capabilities)
            found = after_answer(self._kind, asked, verdict.found, known)
            settled = found.settled
            self._missed.update(found.unknown)
            self._lists_all = self._lists_all or found.needs_listing
        self._open.close(settled)
        return settled
