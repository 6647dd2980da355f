# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One question while it is being answered; sends nothing.

Says what to send next and what the answers say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple, Union

from .._model.errors import ScimError
from .._provider.abilities import filters_ignore_case, shows_members, shows_members_unasked
from .._provider.capabilities import Capabilities
from .desired import Clause, folded
from .lessons import Lesson
from .oddities import in_doubt, row_notes
from .questions import Doubt, ListName, Question, Reading, Resource
from .reading import (
    Listed,
    Portion,
    Step,
    after_refusal,
    looking_up,
    member_attributes,
    next_step,
    parameters,
    portions,
    requests_of,
    satisfies,
)
from .snapshot import values
from .unknown_members import spelt_otherwise

LISTING_TRIES = 2
# At most one resource has the value of these paths (RFC 7643 section 8.7.1), as of id (section
# 3.1). Any other key that a page shows may belong to a second resource on a later page, so it stays
# open.
UNIQUE_NAMES = frozenset({("User", "userName")})


class NextPage(NamedTuple):
    """Read the next page of the listing.

    ``begins``: start a new one. ``everything``: all its pages will be read.
    """

    begins: bool
    everything: bool


class LookUp(NamedTuple):
    """Search for the resources for which one of ``clauses`` holds."""

    clauses: Portion


class ById(NamedTuple):
    """Read one resource by its address. Without ``attributes`` all of it comes."""

    ident: str
    attributes: str


Request = Union[NextPage, LookUp, ById]


class Inquiry:
    """One question while it is being answered.

    It says what to send next and takes in what comes. It sends nothing. ``readings`` is what the
    answers say so far. ``lessons`` are tried here, and are true once the question is answered.
    """

    def __init__(self, question: Question, known: Listed = Listed()) -> None:
        """Begin a question.

        ``known`` is what earlier questions found out about a listing of the kind. One that has not
        ended is read on.
        """
        self.question = question
        self.readings: list[Reading] = []
        self.lessons: list[Lesson] = []
        self._kind = question.kind
        self._open = dict.fromkeys(question.clauses or [("id", one) for one in question.ids])
        self._singly: list[str] = []
        self._unfound: dict[str, None] = {}
        self._ids_found = False
        self._lists_all = question.everything
        self._listings = 0
        self._listed = known
        if known.ended and question.everything:
            self._listed = Listed()
        elif known.ended:
            self._listings = LISTING_TRIES
        self._waiting: list[Portion] = []
        self._per_look_up = 1
        self._trial: Lesson | None = None
        self._ids_work = False
        self._again = ""

    def next(self, capabilities: Capabilities) -> Request | None:
        """Return what to send next, None if the question is answered.

        Raise ScimError if only a complete list answers it and the service gives none.
        """
        known = self._known(capabilities)
        if self.question.ids:
            return self._next_by_id(known)
        if self._open and not self._lists_all:
            request = self._next_by_key(known)
            if request is not None:
                return request
            self._lists_all = True
        if self._lists_all:
            return self._next_of_everything()
        return None

    def begin_listing(self) -> None:
        """Take in that a listing begins, or begins anew."""
        self._listings += 1
        self._listed = Listed()

    def take_page(
        self, resources: Sequence[Resource], listed: Listed, capabilities: Capabilities
    ) -> None:
        """Take in one page of a listing; ``listed`` says how far it is read."""
        self._listed = listed
        self._waiting = []
        settled = self._settled_by(resources)
        if listed.sound and self.question.clauses:
            unsure = in_doubt(self._kind, listed.odd, self._open)
            settled = [one for one in self._open if one not in unsure]
        for clause in settled:
            del self._open[clause]
        aliases = self._take_ids_of_list(resources) if listed.sound else {}
        reading = replace(
            self._reading(resources, capabilities),
            answered=tuple(settled),
            total=listed.total,
            notes=row_notes(self._kind, listed.odd) if listed.ended else (),
            aliases=tuple(aliases.items()),
        )
        if listed.whole or (self._lists_all and listed.ended):
            reading = replace(reading, listed=listed.whole, came=listed.came, ids=listed.ids)
        if listed.doubtful is not None:
            reading = replace(reading, doubt=Doubt(listed.doubtful))
        self.readings.append(reading)

    def goes_on_without_page(self) -> bool:
        """Return whether look-ups answer the question after a page failed."""
        if self._lists_all or self._listed.pages == 0:
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
        portion = request.clauses
        aliases = self._otherwise([value for _path, value in portion], resources)
        fitting = self._fitting(portion, resources, aliases)
        if len(resources) > len(portion) and not fitting:
            source = "a filter that was not honoured"
            lesson = Lesson(source=source, values={"filters": False}, kind=self._kind.name)
            self._give_up_filters(lesson)
            return
        if incomplete:
            raise ScimError(
                f"the answer is not complete: {incomplete}",
                doing=looking_up(self._kind, portion),
                hint="run again; nothing was changed",
            )
        self._keep_trial()
        self._waiting.pop(0)
        self._refuse_odd(portion, fitting, odd)
        reading = replace(self._reading(fitting, capabilities), notes=row_notes(self._kind, odd))
        if doubtful is not None and not self.question.ids:
            lacking = tuple(one for one in portion if not self._is_shown(one, fitting))
            reading = replace(reading, doubt=Doubt(doubtful, lacking) if lacking else None)
        if self.question.ids:
            self._take_ids(portion, [*aliases, *(str(one["id"]) for one in fitting)])
            reading = replace(reading, aliases=tuple(aliases.items()))
        else:
            reading = replace(reading, answered=self._take_keys(portion, fitting, capabilities))
        self.readings.append(reading)

    def _fitting(
        self, portion: Portion, resources: Sequence[Resource], aliases: Mapping[str, str]
    ) -> list[Resource]:
        """Return the resources that a look-up asked for, checked one by one."""
        own = frozenset(aliases.values())
        fitting = []
        for one in resources:
            if satisfies(self._kind, one, portion) or one["id"] in own:
                fitting.append(one)
        return fitting

    def _refuse_odd(
        self, portion: Portion, fitting: Sequence[Resource], odd: Sequence[Any]
    ) -> None:
        """Raise ScimError if a row without an id may be what a key looks for.

        A name that a resource has is found, since no second one can have it.
        """
        for clause in in_doubt(self._kind, odd, portion):
            if self.question.ids:
                continue
            if not (self._is_unique(clause[0]) and self._is_shown(clause, fitting)):
                raise ScimError(
                    "the answer is not a SCIM resource: it has no id",
                    doing=looking_up(self._kind, (clause,)),
                    hint="correct that resource on the service",
                )

    def _is_shown(self, clause: Clause, resources: Iterable[Resource]) -> bool:
        return any(satisfies(self._kind, one, [clause]) for one in resources)

    def take_refusal(self, request: LookUp, status: int | None, capabilities: Capabilities) -> bool:
        """Return whether there is something else to send after a refused filter."""
        portion = request.clauses
        known = self._known(capabilities)
        kind = self._kind.name
        retry = after_refusal(portion, status, known, kind=kind, ids_work=self._ids_work)
        if retry is None or retry.lesson.applied(known).of(kind) == known:
            return False  # the option capabilities asks for this very filter
        if not retry.portions:
            self._give_up_filters(retry.lesson)
            return True
        self._trial = retry.lesson
        later = chain.from_iterable(self._waiting[1:])
        self._wait_for([*retry.portions, *portions(later, retry.lesson.applied(known))])
        return True

    def take_resource(
        self, request: ById, resource: Resource | None, capabilities: Capabilities
    ) -> None:
        """Take in a resource that was read by its address, None if there is none.

        A group that was read whole and shows no members is asked for them by name, once.
        """
        if resource is not None and self._asks_again(resource, capabilities):
            self._again = member_attributes(capabilities)
            self.readings.append(Reading(kind=self._kind, resources=(resource,)))
            return
        self._again = ""
        self._singly.remove(request.ident)
        if resource is None and self.question.sampled and request.ident in self._unfound:
            self._close_unfound()
        aliases: tuple[tuple[str, str], ...] = ()
        if resource is not None and resource["id"] != request.ident:
            aliases = ((request.ident, str(resource["id"])),)
        reading = Reading(
            kind=self._kind,
            resources=() if resource is None else (resource,),
            members_shown=self.question.members and shows_members(capabilities),
            partial=bool(request.attributes),
            answered=(("id", request.ident),),
            aliases=aliases,
        )
        self.readings.append(reading)

    def _asks_again(self, group: Resource, capabilities: Capabilities) -> bool:
        if self._again or group.get("members"):
            return False
        if not (self.question.members and self.question.whole):
            return False
        return bool(member_attributes(capabilities))

    # what is known

    def _known(self, capabilities: Capabilities) -> Capabilities:
        """Return the capabilities with what this question has taught so far."""
        for lesson in self.lessons:
            capabilities = lesson.applied(capabilities)
        if self._trial is not None:
            capabilities = self._trial.applied(capabilities)
        return capabilities.of(self._kind.name)

    def _keep_trial(self) -> None:
        if self._trial is not None:
            self.lessons.append(self._trial)
            self._trial = None

    def _give_up_filters(self, lesson: Lesson) -> None:
        self.lessons.append(lesson)
        self._trial = None
        self._waiting = []

    # what to send

    def _next_by_key(self, known: Capabilities) -> Request | None:
        """Return a page or a look-up, None if only a whole listing answers it."""
        if self._listed.whole or not known.filters:
            return None
        return self._cheaper(self._look_ups(known), known) or self._look_up(known)

    def _next_by_id(self, known: Capabilities) -> Request | None:
        is_searched = len(self.question.ids) > 1 or self.question.listed_ids
        if self._open and is_searched and not self.question.members:
            request = self._next_of_several(known)
            if request is not None:
                return request
        self._read_singly()
        if self.question.sampled and self._ids_found:
            self._close_unfound()
        if not self._singly:
            return None
        by_name = self.question.members and not self.question.whole
        attributes = member_attributes(known) if by_name else self._again
        return ById(self._singly[0], attributes)

    def _next_of_several(self, known: Capabilities) -> Request | None:
        """Return a page or a look-up for several ids, None if they are read one by one."""
        if known.filters and known.filter_ids:
            return self._cheaper(self._look_ups(known), known) or self._look_up(known)
        return self._cheaper(len(self._open), known)

    def _cheaper(self, requests: int, known: Capabilities) -> NextPage | None:
        """Return the next page of a listing if that needs fewer than so many requests."""
        step = next_step(requests, self._listed, known.page_size)
        if step is not Step.PAGE:
            return None
        return NextPage(begins=self._listed.pages == 0, everything=False)

    def _look_up(self, known: Capabilities) -> LookUp:
        if not self._waiting:
            self._wait_for(portions(self._open, known))
        return LookUp(self._waiting[0])

    def _look_ups(self, known: Capabilities) -> int:
        """Return how many requests look-ups still need.

        Between pages that is an estimate, since it takes time to cut portions.
        """
        if not self._waiting and self._listed.pages == 0:
            self._wait_for(portions(self._open, known))
        look_ups = len(self._waiting) or -(-len(self._open) // self._per_look_up)
        return requests_of(look_ups, self._per_look_up, self._listed)

    def _wait_for(self, waiting: list[Portion]) -> None:
        self._waiting = waiting
        self._per_look_up = max(1, sum(map(len, waiting)) // max(1, len(waiting)))

    def _next_of_everything(self) -> NextPage | None:
        """Return the next page of a listing that must be whole.

        It is read once more if it turns out not to be.
        """
        if self._listed.sound:
            self._refuse_odd(tuple(self._open), (), self._listed.odd)
            if self._open:
                self.readings.append(Reading(kind=self._kind, answered=tuple(self._open)))
                self._open = {}
            return None
        if self._listed.pages > 0 and not self._listed.ended:
            return NextPage(begins=False, everything=True)
        if self._listings < LISTING_TRIES:
            return NextPage(begins=True, everything=True)
        if self.question.everything:
            return None
        endpoint = self._kind.endpoint.lower()
        raise ScimError(
            f"the list of all {endpoint} is not complete ({self._listed.came}), "
            "so it does not prove which exist",
            doing=f"looking up {len(self.question.clauses)} {endpoint}",
            hint="run again, or see the option capabilities",
        )

    # what an answer says

    def _settled_by(self, resources: Iterable[Resource]) -> list[Clause]:
        """Return the open keys that a page answers.

        These are the keys that it shows and that no other resource can have.
        """
        unique = {path for path, _value in self._open if self._is_unique(path)}
        shown: set[Clause] = set()
        for resource in resources:
            for path in unique:
                for value in values(resource, path):
                    shown.add((path, folded(self._kind, path, value)))
        settled = []
        for path, value in self._open:
            if path in unique and (path, folded(self._kind, path, value)) in shown:
                settled.append((path, value))
        return settled

    def _read_singly(self) -> None:
        """Read the open ids one by one: only that proves that they are gone."""
        self._singly += [ident for _path, ident in self._open]
        self._open = {}

    def _is_unique(self, path: str) -> bool:
        return path == "id" or (self._kind.name, path) in UNIQUE_NAMES

    def _take_ids(self, portion: Portion, found: Collection[str]) -> None:
        """Close the ids that a filter found; the others are read one by one."""
        self._ids_work = True
        self._ids_found = self._ids_found or bool(found)
        for clause in portion:
            del self._open[clause]
            if clause[1] not in found:
                self._singly.append(clause[1])
                self._unfound[clause[1]] = None

    def _close_unfound(self) -> None:
        """Take the ids for gone that no filter and no list found."""
        unread = [one for one in self._singly if one in self._unfound]
        self._singly = [one for one in self._singly if one not in self._unfound]
        answered = tuple(("id", one) for one in unread)
        self.readings.append(Reading(kind=self._kind, answered=answered))

    def _otherwise(self, ids: Iterable[str], resources: Iterable[Resource]) -> dict[str, str]:
        """Return the ids of members that came with the letters of the user's own id."""
        return spelt_otherwise(ids, resources) if self.question.listed_ids else {}

    def _take_ids_of_list(self, resources: Iterable[Resource]) -> dict[str, str]:
        """Close and return the open ids that a whole list shows in other letters.

        The others are read one by one.
        """
        found: dict[str, str] = {}
        if self.question.ids:
            rows = [one for reading in self.readings for one in reading.resources]
            rows += resources
            # Earlier pages may have been read for another question.
            if len(rows) >= self._listed.rows:
                found = self._otherwise([ident for _path, ident in self._open], rows)
            for ident in found:
                del self._open["id", ident]
            self._unfound.update(dict.fromkeys(ident for _path, ident in self._open))
        self._read_singly()
        return found

    def _take_keys(
        self, portion: Portion, fitting: Sequence[Resource], capabilities: Capabilities
    ) -> tuple[Clause, ...]:
        """Close and return the keys that a look-up answers.

        Where filters mind the case, a name that was not found may exist in other letters: only a
        listing answers it.
        """
        answered = portion
        if not filters_ignore_case(capabilities):
            answered = tuple(one for one in portion if self._is_answered(one, fitting))
            self._lists_all = len(answered) < len(portion)
        for clause in answered:
            del self._open[clause]
        return answered

    def _is_answered(self, clause: Clause, fitting: Sequence[Resource]) -> bool:
        return self._kind.at(clause[0]).case_exact or self._is_shown(clause, fitting)

    def _reading(self, resources: Iterable[Resource], capabilities: Capabilities) -> Reading:
        """Return resources of a list as a reading.

        A group without members has none if members were asked for or always come.
        """
        asked = bool(parameters(self.question, capabilities))
        inline = shows_members_unasked(capabilities)
        return Reading(
            kind=self._kind,
            resources=tuple(resources),
            members_shown=self.question.members and (asked or inline),
            partial=asked,
        )
