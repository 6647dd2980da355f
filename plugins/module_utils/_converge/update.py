# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out one update; verify.py says what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .._model.errors import ScimError
from .._model.key import Key
from .._model.schema import GROUP
from .._plan.change import Change, MembershipChange
from .._plan.lessons import Lesson, lesson_of
from .._plan.questions import Resource
from .._plan.requests import (
    Request,
    members_only,
    rebased,
    replaces,
    replaces_members,
    requests_for,
)
from .._protocol.answers import error
from .._protocol.blame import NOT_IMPLEMENTED
from .._protocol.refusals import names_no_patch, says_error, what_it_says
from .._provider.abilities import lost_patch, sends_versions, shows_members, shows_members_unasked
from .effects import DONE, FORBIDDEN, PROMISED, TEMPORARY, TRIES, Done
from .members import MembersLost, caught_up, checked, may_lose_unseen, members_in_one_form, promised
from .pending import kept_promise
from .replacing import as_asked, rests_on_a_list, without_loss
from .removals import still_active, still_there, without_leaves
from .service import CHANGED_MEANWHILE, CONFLICT, Answer, Lost, is_taken, refused
from .verify import Answers, failed, verified
from .worker import Worker

IGNORED = "a PUT that left the members as they were"
MEMBERS_BY_PATCH = (
    Lesson(source=IGNORED, values={"put_members": "no"}),
    Lesson(source=IGNORED, values={"patch": True, "patched": ("members",)}, kind=GROUP.name),
)
MISSING = 404
# Halving the members of a request takes most of them.
MOST_FORMS = 30
MAY_LACK_PATCH = frozenset({400, MISSING, 422})
TRIED_AGAIN = TEMPORARY | {CHANGED_MEANWHILE, CONFLICT}


class NoOtherForm(ScimError):
    """A write was refused in one form, and there is no other one.

    ``status`` is that of the ``refusal``. ``lessons`` are those from before it.
    """

    def __init__(self, problem: ScimError, refusal: ScimError, lessons: tuple[Lesson, ...]) -> None:
        self.refusal, self.lessons = refusal, lessons
        super().__init__(
            problem.reason, doing=problem.doing, status=refusal.status, hint=problem.hint
        )


@dataclass(slots=True)
class _Attempts:
    """How one update goes.

    ``lessons`` are those from before it. ``refusals`` are those after which another form was tried.
    ``unjoined`` are those of single members, after which the others were sent.
    ``denial`` is what an answer said that proves nothing: it counts if a read shows that something
    is left. ``said`` is what one said that is neither a resource nor an error. ``tries`` counts
    attempts since less was left to do or another form was begun, ``conflicts`` versions that were
    refused.
    """

    lessons: tuple[Lesson, ...]
    answers: Answers = field(default_factory=Answers)
    refusals: list[ScimError] = field(default_factory=list)
    unjoined: list[ScimError] = field(default_factory=list)
    denial: ScimError | None = None
    said: str = ""
    tries: int = 0
    conflicts: int = 0
    begins: bool = False

    @property
    def is_last(self) -> bool:
        return self.tries + 1 >= TRIES

    def go_on(self, before: Change, left: Change) -> Change:
        """Return what is left of a change after a read. Raise a denial that is true."""
        denial, self.denial = self.denial, None
        if denial is not None and left.size:
            raise denial
        self.tries = 0 if left.size < before.size or self.begins else self.tries + 1
        self.begins = False
        return left

    def begin_another_form(self, refusal: ScimError) -> None:
        """Take in a refused form. The next one has tries of its own.

        A service that is busy has none to give. Raise the refusal if there were too many.
        """
        self.refusals.append(refusal)
        if len(self.refusals) > MOST_FORMS:
            raise refusal
        self.begins = refusal.status not in TEMPORARY

    def note_conflict(self, worker: Worker, request: Request, answer: Answer) -> None:
        """Take in that another client changed the resource.

        No more versions are sent if one that was just read is refused.
        """
        if answer.status in (CHANGED_MEANWHILE, CONFLICT):
            self.answers.members.forget()
        if answer.status != CHANGED_MEANWHILE:
            return
        if worker.sent_version and self.conflicts:
            worker.learn_versions(CHANGED_MEANWHILE, request, use=False)
        self.conflicts += worker.sent_version


def update(worker: Worker, change: Change, *, once: bool = False) -> Done:
    """Send the requests of an update and return what it did.

    After a lost answer, or a refusal that teaches something, the resource is read and the update
    planned again, unless it is tried ``once``. Raise ScimError if the service refuses it for good,
    or if more members left than were removed (RFC 7644 section 3.5).
    """
    attempts = _Attempts(lessons=worker.lessons, tries=TRIES - 1 if once else 0)
    change = without_leaves(change, still_active(worker, change.leaves))
    todo: Change | None = change
    relied_on = _members_relied_on(worker, change)
    if worker.run.deleted & relied_on or rests_on_a_list(worker, change):
        todo = replanned(worker, change)
        staying = still_there(worker, todo.leaves)
        change, todo = without_leaves(change, staying), without_leaves(todo, staying)
    answers = attempts.answers
    worker.group_members.append(answers.members)
    planned = worker.run.leaving.get(change.key, ())
    worker.leaving |= worker.service_keys((*change.leaves, *planned))
    answers.members.leaving = frozenset(worker.leaving)
    try:
        while todo is not None:
            todo = _sent(worker, _ready(worker, todo), attempts)
        _patch_members(worker, change, attempts)
        if attempts.unjoined:
            if not answers.operations:
                worker.unlearn(attempts.lessons)
            raise attempts.unjoined[0]
        if answers.promised:
            return kept_promise(worker, change, answers, lambda: replanned(worker, change))
        done = verified(worker, change, answers)
        if done.not_saved and attempts.said:
            worker.note(attempts.said)
        return done
    except ScimError as failure:
        raise failed(worker, change, answers, failure) from None


def _patch_members(worker: Worker, change: Change, attempts: _Attempts) -> None:
    """Change the members by PATCH that a PUT left as they were.

    It was sent because a PATCH was refused, which may be due to the attributes in it. So PATCHes of
    members alone are tried once. What is refused then is no worse than before.
    """
    now = worker.seen_members
    if now is None or not replaces_members(change, worker.capabilities):
        return
    is_left = worker.lacking(change.joins, now) == change.joins
    is_left = is_left and now.issuperset(worker.service_keys(change.leaves))
    if not is_left or not (change.joins or change.leaves):
        return
    if not lost_patch(worker.capabilities, GROUP.name):
        return
    lessons = worker.lessons
    for lesson in MEMBERS_BY_PATCH:
        worker.try_lesson(lesson)
    todo: Change | None = members_only(change, replace(change.moves, current=now))
    try:
        while todo is not None:
            todo = _sent(worker, _ready(worker, todo), attempts)
    except MembersLost:
        raise
    except ScimError:
        worker.unlearn(lessons)


def _members_relied_on(worker: Worker, change: Change) -> set[Key]:
    """Return the members that a change takes to be there.

    These are those that leave, and for a PUT all others too.
    """
    found = set(change.leaves)
    membership = change.membership
    if membership is not None and replaces_members(change, worker.capabilities):
        found |= membership.current or frozenset()
    return found


def _ready(worker: Worker, change: Change) -> Change:
    """Return a change that may be sent.

    Before a PUT the resource is read whole: a replacement must lose nothing.
    """
    change = as_asked(worker, change)
    if not replaces(change, worker.capabilities):
        return _with_members(worker, change)
    if not change.complete:
        change = rebased(change, _whole(worker, change), worker.ids, worker.capabilities)
    if not replaces_members(change, worker.capabilities):
        change = _with_members(worker, change)
        return replace(change, received=worker.resource(change.key) or change.received)
    membership = change.membership or MembershipChange(current=None)
    is_readable = shows_members(worker.capabilities)
    if membership.current is None and is_readable:
        now = _members_after(worker, change)
        change = replace(change, membership=replace(membership, current=now))
    if change.moves.current is not None and is_readable:
        now = caught_up(worker, change, frozenset(change.moves.current))
        change = replace(change, membership=replace(change.moves, current=now))
    change = without_loss(worker, change)
    return replace(change, received=worker.resource(change.key) or change.received)


def _with_members(worker: Worker, change: Change) -> Change:
    """Return a change of the attributes of a group with its members.

    They are read if some may get lost.
    """
    if not may_lose_unseen(worker, change):
        return change
    now = worker.run.snapshot.members(change.key)
    if now is None:
        before = worker.version
        now = members_in_one_form(worker, change)
        worker.keep_version(before)
    return replace(change, membership=replace(change.moves, current=now))


def _whole(worker: Worker, change: Change) -> Resource:
    """Return the resource with every attribute, as it was read last."""
    resource = worker.resource(change.key)
    if resource is None or worker.is_partial(change.key):
        return worker.read_whole(change)
    return resource


def _sent(worker: Worker, change: Change, attempts: _Attempts) -> Change | None:
    """Send the requests of a change. Return what is left to do, None if nothing."""
    answers = attempts.answers
    answers.members.begin(worker, change)
    for request in _requests(worker, change, attempts):
        known = worker.lessons
        try:
            answer = _written(worker, change, request, attempts)
        except ScimError as refusal:
            if not _is_one_of_several(request, refusal, attempts):
                raise
            worker.unlearn(known)  # the others are sent in the same form
            attempts.unjoined.append(refusal)
            continue
        if answer is None:
            answers.members.unsure = True
            left = replanned(worker, change)
            if _was_applied(request, change, left):
                answers.operations.append(request.shown)
            return attempts.go_on(change, left)
        if answer.status == PROMISED:
            answers.promise(request)
            promised(worker, change, request, answers.members)
            answers.members.unsure = True
            continue
        answers.add(request, answer.body)
        whole = checked(worker, change, request, answer.body, answers.members)
        if whole is not None:
            answers.body = whole
    return None


def _requests(worker: Worker, change: Change, attempts: _Attempts) -> list[Request]:
    """Return the requests of a change.

    Raise NoOtherForm if the refusal of one form leaves no other.
    """
    try:
        return requests_for(change, worker.capabilities)
    except ScimError as problem:
        if not attempts.refusals:
            raise
        raise NoOtherForm(problem, attempts.refusals[0], attempts.lessons) from None


def _is_one_of_several(request: Request, refusal: ScimError, attempts: _Attempts) -> bool:
    """Return whether a refusal is about one member that was sent with others before."""
    if not attempts.refusals or len(request.joins) != 1 or request.changes_attributes:
        return False
    return refusal.status is not None and refusal.status not in FORBIDDEN


def replanned(worker: Worker, change: Change) -> Change:
    """Read the resource and return the change as far as it is still to be done.

    Attributes and members come from one read where it shows both, since its version stands for
    both. A PUT replaces all members, so it needs them as they are now. Members that cannot be read
    are sent again.
    """
    is_put = replaces(change, worker.capabilities)
    now = None
    if change.paths or is_put:
        resource = worker.read_whole(change)
        change = rebased(change, resource, worker.ids, worker.capabilities)
        now = _members_of(worker, change, resource)
    moves = change.moves
    is_replaced = replaces_members(change, worker.capabilities)
    if not (moves.joins or moves.leaves or is_replaced):
        return change
    if not shows_members(worker.capabilities):
        return change
    if now is None:
        now = _members_after(worker, change)
    left = replace(
        moves,
        current=now,
        joins=worker.lacking(moves.joins, now),
        leaves=tuple(one for one in moves.leaves if one in now),
    )
    return replace(change, membership=left)


def _members_of(worker: Worker, change: Change, whole: Resource) -> frozenset[Key] | None:
    """Return the members that a group read whole shows, None if it may show none.

    Some services show no members, or an empty list, unless they are asked for.
    """
    if change.key.kind != GROUP.name:
        return None
    now = worker.members_in(change, whole)
    if not now and change.moves.known and not shows_members_unasked(worker.capabilities):
        now = None
    worker.seen_members = now
    return now


def _members_after(worker: Worker, change: Change) -> frozenset[Key]:
    """Read the members of a group after its attributes.

    The version stays that of the attributes. If the group changed between both reads, a PUT is
    refused.
    """
    before = worker.version
    now = worker.read_members(change)
    if not worker.is_partial(change.key):
        worker.keep_version(before)
    return now


def _was_applied(request: Request, before: Change, after: Change) -> bool:
    """Return whether a write without a good answer was done: nothing of it is left."""
    if request.members:
        return set(request.members).isdisjoint((*after.joins, *after.leaves))
    return bool(before.paths) and not after.paths


def _written(
    worker: Worker, change: Change, request: Request, attempts: _Attempts
) -> Answer | None:
    """Send one write of an update. Return None if it must be planned again.

    Raise ScimError if it is refused for good. After several forms the reason of the first one
    counts. What one resource refuses in every form says nothing of the others, so nothing is learnt
    then.
    """
    try:
        return _answer(worker, change, request, attempts)
    except ScimError as last:
        if not attempts.refusals:
            raise
        worker.unlearn(attempts.lessons)
        raise _in_every_form(attempts.refusals[0], last) from None


def _answer(worker: Worker, change: Change, request: Request, attempts: _Attempts) -> Answer | None:
    doing = _doing(worker, change, request, attempts)
    try:
        answer = worker.write(request, doing)
    except Lost:
        if attempts.is_last:
            raise
        return None
    refusal = refused(answer, doing)
    if answer.status in DONE:
        if says_error(answer.body):
            # It proves nothing, so the write is read back as after an answer without a body.
            worker.note(f"{doing}: {refusal.reason} with an error: {refusal.detail or 'no reason'}")
        elif what_it_says(answer.body):
            attempts.said = f"{doing}: {refusal.reason}: {refusal.detail}"
        return answer
    if answer.status == CONFLICT and is_taken(answer):
        attempts.denial = refusal
        return None
    if _is_planned_again(worker, request, answer) and not attempts.is_last:
        attempts.note_conflict(worker, request, answer)
        return None
    if answer.status == CHANGED_MEANWHILE:
        raise replace(refusal, reason="it kept changing")
    scim_type = error(answer.body)[1]
    status = _meant(worker, change, request, answer)
    lesson = lesson_of(request, status, scim_type, worker.capabilities, change.key.kind)
    if lesson is None:
        raise refusal
    worker.try_lesson(lesson)
    attempts.begin_another_form(refusal)
    return None


def _meant(worker: Worker, change: Change, request: Request, answer: Answer) -> int:
    """Return the status of an answer, and 501 for one that means it."""
    return NOT_IMPLEMENTED if _lacks_patch(worker, change, request, answer) else answer.status


def _lacks_patch(worker: Worker, change: Change, request: Request, answer: Answer) -> bool:
    """Return whether a PATCH may be refused since there is none.

    Its words may say so. So may a 404, if the resource is there: it is read again. A member that is
    missing may be the reason of one as well.
    """
    if request.method != "PATCH" or request.members:
        return False
    if answer.status in MAY_LACK_PATCH and names_no_patch(answer.body or answer.text):
        return True
    if answer.status != MISSING:
        return False
    doing = f"reading {change.text} after a 404"
    ident = worker.service_key(change.key).id
    return worker.service.get(change.kind, ident, doing=doing) is not None


def _doing(worker: Worker, change: Change, request: Request, attempts: _Attempts) -> str:
    """Return what a write does, for a sentence.

    The one member that is left of several is named, since it may be the reason of a refusal.
    """
    if not attempts.refusals or len(request.members) != 1:
        return f"changing {change.text}"
    return f"changing {change.text} (member '{worker.name(request.members[0])}')"


def _is_planned_again(worker: Worker, request: Request, answer: Answer) -> bool:
    """Return whether a change is planned again after an answer.

    A version that the service demands comes from the read that is due then.
    """
    if answer.status in TRIED_AGAIN:
        return True
    is_demand = worker.is_for_want_of_a_version(request, answer)
    return is_demand and sends_versions(worker.capabilities, worker.change.key.kind)


def _in_every_form(first: ScimError, last: ScimError) -> ScimError:
    """Return the reason of a write that was refused in several forms.

    The first one counts, unless the credentials are refused.
    """
    if last.status in FORBIDDEN or (first.reason, first.detail) == (last.reason, last.detail):
        return last
    said = f"in another form: {last.reason}"
    if last.detail:
        said += f": {last.detail}"
    return ScimError(
        first.reason,
        doing=first.doing,
        status=first.status,
        detail=first.detail,
        scim_type=first.scim_type,
        hint=first.hint,
        lines=(said,),
    )
