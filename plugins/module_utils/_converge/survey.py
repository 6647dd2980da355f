# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking one round of questions into the snapshot.

Decides neither what to ask nor how.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .._model.errors import ScimError
from .._model.schema import GROUP, ResourceType
from .._plan.open_questions import to_read
from .._plan.unusable_rows import row_notes
from .._plan.questions import Question, Questions, Reading
from .._plan.reading import Shown, parameters, shown_in_list
from .._plan.snapshot import Snapshot, key_of
from .._provider.abilities import (
    has_groups,
    members_read_is_known,
    shows_members,
    shows_members_unasked,
    totals_are_proven,
)
from .._transport.errors import TransportError
from .apart import PASSING, told_apart
from .read import CHANGED_MEANWHILE, begin, own_account, read
from .pages import Found, Pages, found_on, search
from .service import Service
from .whole_lists import proven


BY_FILTER = "read resources by a filter or by name"
NOT_IMPLEMENTED = 501
# So many odd answers to questions about ids are told apart from the others.
MOST_ODD = 5


def survey(service: Service, snapshot: Snapshot, questions: Questions) -> list[Reading]:
    """Ask one round of questions and return the answers.

    Then the snapshot holds them and the service what they taught. A refusal of an optional question
    or of a witness is an answer too, unless the credentials are not accepted. Raise ScimError if
    another answer is not certain or the run was interrupted.
    """
    readings: list[Reading] = []
    if questions.account:
        snapshot.add_account(own_account(service))
    if questions.schemas:
        snapshot.add_schemas(service.schemas())
    try:
        for number, question in enumerate(questions.asked):
            _require_time(service)
            if number == 0:
                _begin_others(service, snapshot, questions.asked)
            readings += _answers(service, snapshot, question)
    finally:
        service.prefetched.end()
    _require_time(service)
    return readings


def _begin_others(service: Service, snapshot: Snapshot, asked: Sequence[Question]) -> None:
    """Begin the lists of several types at the same time."""
    kinds = {one.kind.name for one in asked}
    if len(kinds) != len(asked) or len(asked) < 2:
        return
    if asked[0].everything:
        service.discover()
    for question in asked:
        if asked[0].everything or not question.everything:
            begin(service, question, snapshot)


def _answers(service: Service, snapshot: Snapshot, question: Question) -> list[Reading]:
    """Return the answers to a question, none if it may stay open and is refused.

    Of several ids only those stay open of which the answer is odd: each half is asked again, a few
    times.
    """
    readings: list[Reading] = []
    parts = [question]
    refused = 0
    while parts:
        part = parts.pop()
        try:
            readings += ask(service, snapshot, part)
        except ScimError as refusal:
            _require_time(service)
            if not _may_stay_open(part, refusal.status):
                raise
            is_odd = refusal.status is None and not isinstance(refusal, TransportError)
            if is_odd and len(part.ids) > 1 and refused < MOST_ODD:
                parts += _halves(part)
            else:
                refused += 1
                snapshot.add_refusal(part, _reason(refusal))
    return readings


def _halves(question: Question) -> list[Question]:
    """Return two questions for the ids of one, the first half last."""
    middle = len(question.ids) // 2
    parts = (question.ids[middle:], question.ids[:middle])
    return [replace(question, ids=part) for part in parts]


def _may_stay_open(question: Question, status: int | None) -> bool:
    """Return whether the task goes on without an answer.

    A service that is busy, or that does not answer, may answer the next run.
    """
    if status in PASSING:
        return False
    if question.witness:
        return status == NOT_IMPLEMENTED or 400 <= (status or 0) < 500
    return question.optional


def _require_time(service: Service) -> None:
    """Raise ScimError if the run was interrupted."""
    if service.interrupted:
        raise ScimError("interrupted before anything was changed")


def _reason(refusal: ScimError) -> str:
    """Return why something cannot be read, as part of a sentence."""
    said = ScimError(refusal.reason, detail=refusal.detail, scim_type=refusal.scim_type)
    return str(said).rstrip(".")


def ask(service: Service, snapshot: Snapshot, question: Question) -> list[Reading]:
    """Ask one question and return the answers.

    Raise ScimError if they are not certain.
    """
    view = service.viewed_with(service.capabilities)
    view.lists = service.lists
    readings = [told_apart(view, question)] if question.names else read(view, question, snapshot)
    service.merge(view.lessons)
    in_lists = snapshot.members_in_lists
    for reading in readings:
        snapshot.add(reading)
    _learn_lists(service, in_lists, snapshot.members_in_lists)
    return readings


def _learn_lists(service: Service, before: bool | None, now: bool | None) -> None:
    """Learn whether lists show the members of groups."""
    if now is before or members_read_is_known(service.capabilities):
        return
    if now:
        service.learn("the members of a group in a list", members_read="ask")
    else:
        service.learn("a group that shows members by its id only", members_read="get")


def check_kind(service: Service, kind: ResourceType) -> None:
    """Raise ScimError for groups if the service has none."""
    if kind.name == GROUP.name and not has_groups(service.capabilities):
        raise ScimError("the service has no groups; see service_provider and capabilities")


def list_whole(
    service: Service, kind: ResourceType, query: Mapping[str, str], count: int | None = None
) -> tuple[Found, tuple[str, ...]]:
    """Return all resources of a kind, or those for which a filter holds, and notes.

    Rows without an id are left out and noted. ``count`` is the size of a page that a user sets.
    Raise ScimError if the list is not whole.
    """
    found = list_shown(service, kind, query, count)
    if found.sample:
        doing = f"listing {kind.endpoint.lower()}"
        raise ScimError(f"the list is not complete: {found.came}", doing=doing, hint=BY_FILTER)
    return found, row_notes(kind, found.odd)


def list_shown(
    service: Service, kind: ResourceType, query: Mapping[str, str], count: int | None = None
) -> Found:
    """Return the whole list that the service shows, which may be a sample.

    Raise ScimError if the list is not whole.
    """
    doing = f"listing {kind.endpoint.lower()}"
    found = proven(service, kind, query, doing=doing, count=count)
    if not found.sound:
        raise _incomplete("the list", found.came, doing)
    return found


def list_beginning(
    service: Service,
    kind: ResourceType,
    query: Mapping[str, str],
    most: int,
    count: int | None = None,
) -> Found:
    """Return the first ``most`` resources of a list, or all if there are fewer.

    Raise ScimError if fewer came and others may be missing.
    """
    doing = f"listing {kind.endpoint.lower()}"
    found = search(service, kind, query, doing=doing, count=count, most=most)
    is_open = found.doubtful is not None
    is_open = is_open and not totals_are_proven(service.capabilities, kind.name)
    if len(found.resources) >= most or (found.sound and not is_open):
        return found
    if found.sound and found.doubtful is not None:
        pages: Pages = service.doubtful.pop(found.doubtful)
        pages.prove(service)
        found = found_on(service, pages)
        if not found.sound:
            raise _incomplete("the list", found.came, doing)
    else:
        found = list_shown(service, kind, query, count)
    return replace(found, resources=found.resources[:most])


def list_groups_with_members(service: Service, condition: str | None) -> Snapshot:
    """Return all groups, or those for which a filter holds, with their members.

    Members are there as far as they can be read. Nothing is read if the service has no groups.
    Raise ScimError if the list is not whole.
    """
    snapshot = Snapshot(service.account)
    if not has_groups(service.capabilities):
        return snapshot
    query = {"filter": condition} if condition else {}
    if not condition:
        service.discover()
        query = parameters(Question(kind=GROUP, members=True), service.capabilities)
    found, notes = list_whole(service, GROUP, query)
    shown = shown_in_list(Question(kind=GROUP, members=True), service.capabilities)
    if condition:
        shown = Shown(members_shown=shows_members_unasked(service.capabilities))
    snapshot.add(Reading(kind=GROUP, resources=found.resources, notes=notes, **shown._asdict()))
    groups = [key_of(GROUP, one) for one in snapshot.everything(GROUP)]
    while shows_members(service.capabilities) and (unread := to_read(groups, snapshot)):
        ids = tuple(one.id for one in unread)
        question = Question(kind=GROUP, ids=ids, members=True, listed=not condition)
        ask(service, snapshot, question)
    return snapshot


def _incomplete(what: str, came: str, doing: str) -> ScimError:
    return ScimError(f"{what} is not complete: {came}", doing=doing, hint=CHANGED_MEANWHILE)
