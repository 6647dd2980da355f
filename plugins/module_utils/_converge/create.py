# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out one creation; nothing is sent twice without a look-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .._model.errors import ScimError
from .._model.key import Key
from .._model.rewriting import OPAQUE, agrees, line_to_paste
from .._model.sameness import fold
from .._model.schema import GROUP
from .._plan.change import Change, MembershipChange
from .._plan.creations import (
    NO_METHOD,
    has_others,
    is_as_sent,
    is_of_another,
    may_mean_duplicate,
)
from .._plan.lessons import Lesson
from .._plan.questions import Resource
from .._plan.reading import satisfies
from .._plan.requests import Request, members_only, requests_for
from .._protocol.answers import resource_or_none
from .._protocol.refusals import says_error, what_it_says
from .._provider.abilities import beyond_one, shows_members
from .._transport.text import clean
from .effects import DONE, FORBIDDEN, PROMISED, TEMPORARY, TRIES, Done
from .look_up import (
    is_listed_for,
    look,
    look_patiently,
    may_be_hidden,
    seen_alike,
    strangers_seen,
)
from .pending import pending
from .read import Gone
from .saved import attributes_saved, shows_sent
from .service import CONFLICT, Answer, Lost, is_changing, is_taken, refused
from .update import update
from .verify import without_members
from .worker import Worker, is_readable

# Refusals that may be due to the members in a creation: too many, or not taken there.
WITH_MEMBERS = frozenset({400, 404, 413, 422, 501})
UNSURE = TEMPORARY | {429}


def create(worker: Worker, change: Change) -> Done | None:
    """Send a POST and return what it did, None if the resource exists already.

    Before anything is sent again, every key is looked up, and while reads may lag, again. What a
    creation met is planned anew by the coordinator. Raise ScimError.
    """
    found = _made_meanwhile(worker, change)
    if found is not None:
        _meet(worker, change, found)
        return None
    before = worker.lessons
    try:
        return _sent(worker, change)
    except _TooMuch as refusal:
        worker.try_lesson(refusal.lesson)
        try:
            return _sent(worker, change)
        except _MembersRefused:
            worker.unlearn(before)
            raise
        except ScimError:
            worker.unlearn(before)
            raise refusal.failure from None


class _MembersRefused(ScimError):
    """A refusal of the members of a group that was created without them."""


class _TooMuch(Exception):
    """A refusal that may be due to the members in a creation, and what that teaches."""

    def __init__(self, failure: ScimError, status: int) -> None:
        super().__init__(str(failure))
        self.failure = failure
        source = f"answer to a creation with members: {status}"
        self.lesson = Lesson(source=source, values={"create_members": False})


def _sent(worker: Worker, change: Change) -> Done | None:
    """Send a POST and return what it did, None if the resource exists already.

    Raise ScimError, and _TooMuch if the members in it may be the reason.
    """
    doing = f"creating {change.text}"
    request = requests_for(change, worker.capabilities)[0]
    failure = ScimError("the service did not create it", doing=doing)
    may_be_done = False
    for attempt in range(1, TRIES + 1):
        try:
            answer = worker.write(request, doing)
        except Lost as lost:
            failure = lost
        else:
            if answer.status in DONE and not says_error(answer.body):
                return _answered(worker, change, request, answer)
            failure = refused(answer, doing)
            if not _is_unsure(answer):
                # An error in a 2xx proves nothing.
                may_be_done = may_be_done or answer.status in DONE or answer.lost
                return _refused(worker, change, request, answer, failure, may_be_done=may_be_done)
        # What may be sent again is waited for. A service that keeps answering 5xx is not.
        is_awaited = attempt < TRIES or isinstance(failure, Lost)
        may_be_done = True
        done = _done_after_all(worker, change, request, failure, is_awaited=is_awaited)
        if done is not None or worker.is_created_elsewhere:
            return done
    raise failure


def _made_meanwhile(worker: Worker, change: Change) -> Resource | None:
    """Return a group that another run created, if one is at work.

    A service need not answer 409 for it: names of groups are not unique (RFC 7643 section 8.7.1).
    """
    if not worker.run.created_elsewhere or change.key.kind != GROUP.name:
        return None
    return look(worker, change)


def _done_after_all(
    worker: Worker, change: Change, request: Request, failure: ScimError, *, is_awaited: bool
) -> Done | None:
    """Return what a POST without an answer did.

    None if nothing shows that, or if it met a resource.
    """
    found = look_patiently(worker, change) if is_awaited else look(worker, change)
    if found is not None:
        is_lost = isinstance(failure, Lost)
        return _made_or_met(worker, change, request, found, is_lost=is_lost)
    found = _lost(worker, change, failure)
    return None if found is None else _created(worker, change, found, request)


def _is_unsure(answer: Answer) -> bool:
    """Return whether a POST may have been done, and may be sent again if it was not.

    A conflict that is about no value passes, as after a change.
    """
    if answer.status == CONFLICT and is_changing(answer):
        return not is_taken(answer)
    return answer.status in UNSURE and not is_taken(answer)


def _refused(
    worker: Worker,
    change: Change,
    request: Request,
    answer: Answer,
    failure: ScimError,
    *,
    may_be_done: bool,
) -> Done | None:
    """Return what a creation did that was refused, after a look for what is there.

    Raise the refusal if nothing is found.
    """
    found = None
    if may_be_done or answer.status == CONFLICT or is_taken(answer):
        found = look_patiently(worker, change)
    elif may_mean_duplicate(answer.status):
        found = _seen(worker, change, failure)
    if found is None and answer.status == CONFLICT:
        raise _unexplained(worker, change, failure)
    if found is None and request.joins and answer.status in WITH_MEMBERS and not may_be_done:
        raise _TooMuch(failure, answer.status)
    if found is None:
        raise failure
    if may_be_done:
        return _made_or_met(worker, change, request, found, is_lost=answer.lost)
    _meet(worker, change, found)
    return None


def _lost(worker: Worker, change: Change, failure: ScimError) -> Resource | None:
    """Return a new resource that filters give under another name, if there is one.

    Before the creation they gave nothing. Raise ScimError if that is not certain: another one may
    be made if it were sent again.
    """
    strangers = strangers_seen(worker, change)
    if not strangers:
        return None
    made = strangers[0]
    is_known = worker.run.snapshot.has(Key(change.key.kind, str(made["id"])))
    if len(strangers) == 1 and not is_known and not is_of_another(change, made, worker.ids):
        return made
    names = ", ".join(f"'{one.get(change.kind.name_attribute)}'" for one in strangers)
    raise ScimError(
        f"{failure.reason}, and the service answers a filter for it with {names}",
        doing=failure.doing,
        hint="look for it on the service, and set external_id or id",
    )


def _unexplained(worker: Worker, change: Change, conflict: ScimError) -> ScimError:
    """Return a conflict that no look-up explains, with what may be meant."""
    hint = (
        "no look-up finds a resource with its keys; another value that must be unique may be "
        "taken, or these credentials may not see the resource"
    )
    alike = seen_alike(worker, change)
    if alike:
        hint = _to_use(worker, change, alike)
    return ScimError(
        conflict.reason,
        doing=conflict.doing,
        status=conflict.status,
        detail=conflict.detail,
        scim_type=conflict.scim_type,
        hint=hint,
    )


def _to_use(worker: Worker, change: Change, alike: Sequence[Resource]) -> str:
    """Return what to do about resources whose names may be made of a new one."""
    path = change.kind.name_attribute
    names = ", ".join(f"'{one[path]}' (id {one['id']})" for one in alike)
    advice = f"the service has {names}; set id or external_id to use it, or choose another name"
    wanted, held = str(change.new.get(path)), str(alike[0][path])
    is_known = path.lower() in worker.rewritten(change)
    if change.key.kind != GROUP.name or is_known or not agrees("slug", wanted, held):
        return advice
    return f"{advice}; if the service changes names, set {line_to_paste(change.kind, wanted, held)}"


def _seen(worker: Worker, change: Change, refusal: ScimError) -> Resource | None:
    """Return what look-ups find after a refusal that names no reason.

    If they fail too, the refusal says more. After what ends the run, or says that nothing can be
    created, one look-up a run is enough.
    """
    status = refusal.status
    if status in worker.run.no_duplicates:
        return None
    try:
        found = look(worker, change, listing=is_listed_for(worker, change, refusal))
    except ScimError:
        return None
    if found is None and status in FORBIDDEN | NO_METHOD:
        worker.no_duplicates.add(status)
    return found


def _meet(worker: Worker, change: Change, found: Resource) -> None:
    """Leave a resource to another plan, which is made as if it had been found at once."""
    worker.created(change.key, str(found["id"]))
    worker.is_created_elsewhere = True


def _made_or_met(
    worker: Worker, change: Change, request: Request, found: Resource, *, is_lost: bool
) -> Done | None:
    """Return what a creation did that may have been done, None if it met a resource.

    What only a list shows may be older than the creation. Then a refusal may be due to it. After a
    lost answer, only other letters of its name say so.
    """
    if may_be_hidden(worker, change):
        name = change.kind.name_attribute
        if not is_lost or found.get(name) != change.new.get(name):
            _meet(worker, change, found)
            return None
    return _may_be_made(worker, change, request, found)


def _may_be_made(worker: Worker, change: Change, request: Request, found: Resource) -> Done:
    """Return what a creation did that may have been done.

    If the resource is not as it was sent, it may be another one. So it is planned anew too.
    """
    if is_as_sent(change, found, worker.ids):
        return _created(worker, change, found, request)
    _meet(worker, change, found)
    return Done(
        change=replace(change, membership=None),
        resource=found,
        changed=True,
        operations=(request.shown,),
    )


def _answered(worker: Worker, change: Change, request: Request, answer: Answer) -> Done | None:
    """Return what a creation did, by its answer.

    An answer is the new resource, whatever name it shows, if its id is new and nothing says
    otherwise. Else every key is looked up, as after an answer without a body. A group with members
    that were not sent was there before.
    """
    made = _answer_of(worker, change, answer)
    if made is not None and satisfies(change.kind, made, change.desired.keys):
        if has_others(change, made, worker.ids):
            worker.keep_resource(change.kind, made)
            return _may_be_made(worker, change, request, made)
        return _created(worker, change, made, request)
    if made is None:
        patience = worker.run.awaits() if answer.status == PROMISED else None
        found = look_patiently(worker, change, patience)
    else:
        found = look(worker, change)
    if found is not None:
        if made is not None and _is_rewritten(worker, change, made, found):
            return _created(worker, change, found, request)
        return _may_be_made(worker, change, request, found)
    if made is not None:
        renamed = _renamed(worker, change, made)
        return _created(worker, change, renamed, request)
    doing = f"creating {change.text}"
    if answer.status == PROMISED:
        return Done(
            change=change,
            resource=None,
            changed=True,
            operations=(request.shown,),
            pending=pending(worker, doing),
        )
    worker.accepted.clear()  # nothing shows that it was done
    raise ScimError(
        f"the service answered {answer.status} without the resource, and no look-up finds it",
        doing=doing,
        detail=clean(what_it_says(answer.body)),
    )


def _answer_of(worker: Worker, change: Change, answer: Answer) -> Resource | None:
    """Return the new resource of an answer, None if it shows none that can be used.

    A promise (202) may answer with what stands for the promise. A resource that was read before is
    not new.
    """
    made = resource_or_none(answer.body, change.kind, answer.names)
    if made is None or answer.status == PROMISED:
        return None
    if worker.existed(Key(change.key.kind, made["id"])) or not is_readable(change.kind, made):
        return None
    return made


def _renamed(worker: Worker, change: Change, made: Resource) -> Resource:
    """Return the new resource that the service calls by another name.

    Raise ScimError if it is another one.
    """
    worker.created(change.key, str(made["id"]))
    try:
        found = worker.read_whole(change)
    except Gone:
        found = None
    if found is None or is_of_another(change, {**found, **made}, worker.ids):
        worker.forget(change.key)
        worker.accepted.clear()  # nothing shows that it was done
        name = made.get(change.kind.name_attribute)
        raise ScimError(
            f"the service answered with '{name}' (id {made['id']}), and no look-up finds it",
            doing=f"creating {change.text}",
        )
    return found


def _is_rewritten(worker: Worker, change: Change, made: Resource, found: Resource) -> bool:
    """Return whether a look-up found the new resource by a name that is rewritten."""
    path = change.kind.name_attribute.lower()
    is_same = found["id"] == made["id"] and not has_others(change, found, worker.ids)
    return is_same and path in worker.rewritten(change)


def _note_name(worker: Worker, change: Change, made: Resource) -> None:
    """Warn of a new resource that the service calls by another name."""
    path = change.kind.name_attribute
    held = made.get(path)
    wanted = change.new.get(path)
    if not isinstance(held, str) or not isinstance(wanted, str) or fold(held) == fold(wanted):
        return
    form = worker.rewritten(change).get(path.lower(), "")
    line = "" if form and agrees(form, wanted, held) else line_to_paste(change.kind, wanted, held)
    is_hidden = "externalId" not in change.new and not _is_seen(worker, change)
    if is_hidden and OPAQUE in (line or form):
        advice = f"{line} and external_id" if line else "external_id"
        aim = "later runs find it, since no filter for its name does"
    else:
        advice, aim = line, "later runs find it"
    if advice:
        _note_second(worker, change, made)
        aim += ", and leave its name alone" if line else ""
        worker.note(
            f"the service calls the new {change.text} '{held}' (id {made['id']}); set {advice}, so "
            f"that {aim}"
        )


def _note_second(worker: Worker, change: Change, made: Resource) -> None:
    """Warn of a group that has the name which the service gave to the new one."""
    path = change.kind.name_attribute
    is_group = change.key.kind == GROUP.name
    for one in worker.run.snapshot.find(GROUP, path, str(made[path])) if is_group else ():
        if one["id"] != made["id"]:
            worker.note(
                f"the service has a group '{one[path]}' already (id {one['id']}), so an earlier "
                f"run may have created {change.text}; delete one of them"
            )


def _is_seen(worker: Worker, change: Change) -> bool:
    """Return whether a filter for the name gave the new resource, and nothing else."""
    ids = [str(one["id"]) for one in strangers_seen(worker, change)]
    return ids == [worker.service_key(change.key).id]


def _created(worker: Worker, change: Change, made: Resource, request: Request) -> Done:
    """Return what a creation did.

    Members that the service did not take are added by themselves, and verified.
    """
    worker.created(change.key, str(made["id"]))
    worker.keep_resource(change.kind, made)
    _note_name(worker, change, made)
    shows = shows_members(worker.capabilities)
    lacking = _lacking(worker, change, request) if shows else ()
    operations = [request.shown]
    missing: set[Key] = set()
    later = tuple(one for one in change.joins if one not in request.joins or one in lacking)
    if later:
        operations += _added(worker, change, later).operations
        if shows:
            now = worker.read_members(change)
            missing = set(worker.lacking(change.joins, now))
    shown = shows_sent(change, request.body, made)
    resource, not_saved = (made, ()) if shown else _saved(worker, change, made)
    if missing:
        not_saved += ("members",)
    cut = beyond_one(change.desired.content.attributes, worker.capabilities, change.key.kind)
    return Done(
        change=without_members(change, missing),
        resource=resource,
        changed=True,
        shows_sent=shown and not cut and not missing,
        not_saved=(*cut, *not_saved),
        operations=tuple(operations),
    )


def _lacking(worker: Worker, change: Change, request: Request) -> tuple[Key, ...]:
    """Return the members that were sent and that the new group does not have."""
    lacking = worker.lacking(request.joins, worker.members_shown(change))
    if not lacking:
        return ()
    # The answer to a creation need not show members.
    lacking = worker.lacking(request.joins, worker.read_members(change))
    if lacking:
        source = "answer to a creation with members"
        worker.try_lesson(Lesson(source=source, values={"create_members": False}))
    return lacking


def _added(worker: Worker, change: Change, later: tuple[Key, ...]) -> Done:
    """Add the members that did not come with the creation.

    Raise ScimError if they are refused.
    """
    current = worker.service_keys(set(change.joins) - set(later))
    membership = MembershipChange(current=frozenset(current), joins=later)
    try:
        return update(worker, members_only(change, membership))
    except ScimError as refusal:
        if refusal.status not in WITH_MEMBERS:
            raise
        raise _MembersRefused(
            f"it was created, but its members were refused: {refusal.reason}",
            doing=f"creating {change.text}",
            status=refusal.status,
            detail=refusal.detail,
            scim_type=refusal.scim_type,
            hint=refusal.hint,
            lines=refusal.lines,
        ) from None


def _saved(worker: Worker, change: Change, made: Resource) -> tuple[Resource, tuple[str, ...]]:
    """Return the new resource, and the paths that are not saved."""
    not_saved = _unsaved(worker, change, made)
    if not not_saved:
        return made, ()
    # The answer to a creation need not hold everything: what the service holds decides.
    made = worker.read_whole(change)
    return made, _unsaved(worker, change, made)


def _unsaved(worker: Worker, change: Change, made: Resource) -> tuple[str, ...]:
    """Return the paths that a new resource does not show as they were set.

    The name in other letters is the same name, unless the schema says otherwise.
    """
    _moved, paths = attributes_saved(change, made, worker.ids, worker.rewritten(change))
    name = change.kind.name_attribute
    wanted, held = str(change.new.get(name)), str(made.get(name))
    if change.kind.at(name).case_exact or fold(wanted) != fold(held):
        return paths
    return tuple(path for path in paths if path != name)
