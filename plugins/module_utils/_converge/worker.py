# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The view that one change has of a run; merges nothing into the run."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from typing import Any

from .._model.errors import ScimError
from .._model.key import Key
from .._model.schema import GROUP, USER, ResourceType
from .._plan.change import Change
from .._plan.lessons import Lesson
from .._plan.member_rows import member_rows
from .._plan.questions import Question, Reading, Resource
from .._plan.requests import Request
from .._plan.snapshot import Snapshot
from .._plan.unknown_members import is_unknown, suspects
from .._protocol.answers import resource_or_none
from .._protocol.refusals import says_error
from .._protocol.versions import demands_version, is_entity_tag, version_of
from .._provider.abilities import demands_versions, sends_versions
from .._provider.capabilities import Capabilities
from .effects import DONE, Done, Effects, Removal, Run
from .group_members import GroupMembers, Unseen
from .patience import looks
from .read import Gone, read, read_members, read_whole
from .service import CHANGED_MEANWHILE, Answer, Lost

LATER = "run again"


class _Ids(ChainMap[str, str]):
    """The ids of what was created. Every text of a write is looked up in it."""

    def get(self, key: str, default: Any = None) -> Any:
        """Return the id that stands for a text, ``default`` if none does."""
        own, others = self.maps
        return own[key] if key in own else others.get(key, default)


class Worker:
    """Work on one change.

    Nothing that is shared is written: ``effects`` gives what this work read, learnt and did.
    ``service`` is a view with capabilities of its own, so that a lesson is tried here first.
    ``seen_members`` are the members of the group as they were read since the last write, None if
    they were not. ``answered`` is the answer to the first write, if it was sent with others.
    ``leaving`` are the members that the writes of this work remove. ``repairs``: these add back
    what others removed by mistake.
    ``sent_version``: the last write was meant for one version of the resource. ``list_lacked_it``:
    a whole list did not show what this work creates. ``unseen`` are writes of a group that the last
    read did not show, ``unshown`` their forms. ``lags``: a read has lagged.
    """

    def __init__(self, run: Run, change: Change, answered: Answer | Lost | None = None) -> None:
        self.change = change
        self._answered = answered
        self.run = run
        self.service = run.service.viewed_with(run.service.capabilities)
        self._created: dict[str, str] = {}
        self.ids: Mapping[str, str] = _Ids(self._created, run.ids)
        self.is_deleted = False
        self.is_created_elsewhere = False
        self.accepted: list[dict[str, Any]] = []
        self.read_since_write = False
        self.sent_version = False
        self.undone: dict[Removal, ScimError] = {}
        self.proved: set[Removal] = set()
        self.disproved: set[Removal] = set()
        self.looked_again: Snapshot | None = None
        self.list_lacked_it = False
        self.proofs: dict[str, bool] = {}
        self.unshown: set[str] = set()
        self.unseen: list[Unseen] = []
        self.group_members: list[GroupMembers] = []
        self.lags = False
        self.awaited: GroupMembers | None = None
        self.looked_through: set[str] = set()
        self.no_duplicates: set[int] = set()
        self.seen_members: frozenset[Key] | None = None
        self.leaving: set[Key] = set()
        self._readings: list[Reading] = []
        self._notes: list[str] = []
        self._doubted: Lesson | None = None
        self._lost: Lost | None = None
        self._has_sent = False
        self.repairs = False
        self._local = Snapshot()
        self._begin_with(run.snapshot, change)

    def _begin_with(self, snapshot: Snapshot, change: Change) -> None:
        key = self.service_key(change.key)
        resource = snapshot.get(key)
        if resource is not None:
            partial = snapshot.is_partial(key)
            self._local.add(Reading(kind=change.kind, resources=(resource,), partial=partial))

    def wait_at_once(self) -> None:
        """Wait from now on for what the service promises, and not with other changes."""
        self.run = replace(self.run, defers=False)

    @property
    def capabilities(self) -> Capabilities:
        """Return what is known of the service, with the lessons of this work."""
        return self.service.capabilities

    def rewritten(self, change: Change) -> Mapping[str, str]:
        """Return how the service rewrites values of the resource type of a change."""
        return self.service.rewritten(change.key.kind)

    def try_lesson(self, lesson: Lesson) -> None:
        """Use a lesson from now on. ``unlearn`` may drop it before it is merged."""
        self.service.merge([lesson])

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """Return the lessons of this work so far."""
        return tuple(self.service.lessons)

    def doubt_answers(self) -> None:
        """Ask for no answers of PATCH from now on, until ``believe_answers``.

        A refusal is about what was written then, and not about ``attributes=``.
        """
        self._doubted = Lesson(
            source="a refusal", values={"patch_attributes": False}, kind=self.change.key.kind
        )
        self.service.merge([self._doubted])

    def believe_answers(self) -> None:
        """Ask for answers of PATCH again."""
        self.unlearn([one for one in self.lessons if one is not self._doubted])

    def unlearn(self, lessons: Iterable[Lesson]) -> None:
        """Return to earlier knowledge of the service: of this work only ``lessons`` stay."""
        self.service = self.run.service.viewed_with(self.run.service.capabilities)
        self.service.merge(lessons)

    def write(self, request: Request, doing: str) -> Answer:
        """Send one write. The answer may be a refusal. Raise Lost or another ScimError.

        No second one is begun once the run must end, unless it ``repairs`` a loss.

        Where the service has versions, it is meant for the last one (RFC 7644 section 3.14). One
        that the service demands is read if it is unknown, unless the write must be planned again.
        """
        if demands_versions(self.capabilities, self.change.key.kind):
            self._know_version(request, doing)
        answer = self._send(request, doing)
        if self.is_for_want_of_a_version(request, answer):
            self.learn_versions(answer.status, request, use=True)
            if not request.changes_attributes:
                self._know_version(request, doing)
            if self.version_for(request):
                answer = self._send(request, doing)
        if answer.status == CHANGED_MEANWHILE and request.method == "DELETE" and self.sent_version:
            answer = self._deleted_anyway(request, doing)
        return answer

    def is_for_want_of_a_version(self, request: Request, answer: Answer) -> bool:
        """Return whether the last write was refused because it named no version."""
        if self.sent_version or request.method == "POST":
            return False
        return demands_version(answer.status, answer.body)

    def _deleted_anyway(self, request: Request, doing: str) -> Answer:
        """Send a deletion again, with the version of now and then without one."""
        self._read_version(doing)
        answer = self._send(request, doing)
        if answer.status == CHANGED_MEANWHILE and self.sent_version:
            self.learn_versions(answer.status, request, use=False)
            answer = self._send(request, doing)
        return answer

    def _send(self, request: Request, doing: str) -> Answer:
        self.read_since_write = False
        self.seen_members = None
        version = self.version_for(request)
        self.sent_version = bool(version)
        answer, self._answered = self._answered, None
        is_first, self._has_sent = not self._has_sent, True
        if isinstance(answer, Lost):
            raise answer
        if answer is None:
            answer = self._sent_alone(request, doing, version, is_first=is_first)
        if answer.status in DONE and not says_error(answer.body):
            self.accepted.append(request.shown)
        return answer

    def _sent_alone(self, request: Request, doing: str, version: str, *, is_first: bool) -> Answer:
        if self.service.interrupted and not (is_first or self.repairs):
            raise ScimError("interrupted, so it was not sent", doing=doing, hint=LATER)
        self._lost = None
        try:
            return self.service.write(request, self.ids, doing, if_match=version or None)
        except Lost as lost:
            self._lost = lost
            raise

    def told(self, failure: ScimError) -> ScimError:
        """Return what to tell of a failure.

        If the run must end, no read may have shown whether a write was done whose answer was lost.
        """
        return (self._lost or failure) if self.service.interrupted else failure

    def version_for(self, request: Request) -> str:
        """Return the version for which a write is meant, empty for none.

        One that is no entity tag is sent only if the service demands one.
        """
        kind = self.change.key.kind
        if request.method == "POST":
            return ""
        if not sends_versions(self.capabilities, kind, request.method):
            return ""
        known = self.version
        may_be_bare = demands_versions(self.capabilities, kind)
        return known if may_be_bare or is_entity_tag(known) else ""

    @property
    def version(self) -> str:
        """Return the version of the resource as its last answer told it, empty if unknown."""
        key = self.service_key(self.change.key)
        known = self.service.version(self.change.kind, key.id)
        return version_of(self._local.get(key)) if known is None else known

    def keep_version(self, version: str) -> None:
        """Let the next write be meant for a version that was told earlier."""
        if version:
            self.service.keep_version(
                self.change.kind, self.service_key(self.change.key).id, version
            )

    def _know_version(self, request: Request, doing: str) -> None:
        """Read the version of the resource if it is unknown."""
        if request.method != "POST" and not self.version:
            self._read_version(doing)

    def _read_version(self, doing: str) -> None:
        ident = self.service_key(self.change.key).id
        self.service.get(self.change.kind, ident, doing=doing)

    def learn_versions(self, status: int, request: Request, *, use: bool) -> None:
        """Learn whether changes of the type are sent with versions."""
        kind = self.change.kind
        source = f"answer to {request.method} /{kind.endpoint}: {status}"
        self.try_lesson(Lesson(source=source, values={"etag": use}, kind=kind.name))

    def is_proven(self, needed: Iterable[str]) -> bool:
        """Return whether all forms of a write are proven, by this work or by earlier ones."""
        known = {**self.run.proofs, **self.proofs}
        is_open = self.run.unshown | self.unshown
        return all(known.get(one, False) and one not in is_open for one in needed)

    def leave_open(self, needed: Iterable[str]) -> None:
        """Note that a read showed a group as it was before a write in some forms."""
        self.unshown.update(needed)

    @property
    def earlier_members(self) -> list[frozenset[Key]]:
        """Return the members before the first write of this run and after each.

        A read that lags shows one of these.
        """
        for members in reversed(self.group_members):
            if members.earlier:
                return list(members.earlier)
        return list(self.run.earlier.get(self.change.key, ()))

    def prove(self, needed: Iterable[str], *, is_done: bool) -> None:
        """Note whether a write in some forms did what was asked."""
        for one in needed:
            known = self.run.proofs.get(one, True) and self.proofs.get(one, True)
            self.proofs[one] = known and is_done

    def service_key(self, key: Key) -> Key:
        """Return the key by which the service knows a planned key."""
        return Key(key.kind, self.ids.get(key.id, key.id))

    def service_keys(self, keys: Iterable[Key]) -> set[Key]:
        """Return the keys by which the service knows planned keys."""
        return {self.service_key(one) for one in keys}

    def lacking(self, keys: Iterable[Key], existing: Container[Key]) -> tuple[Key, ...]:
        """Return the planned keys that are not among keys of the service, in order."""
        return tuple(one for one in keys if self.service_key(one) not in existing)

    def created(self, key: Key, ident: str) -> None:
        """Note the id of a resource that exists now."""
        self._created[key.id] = ident

    def forget(self, key: Key) -> None:
        """Forget the id of a resource that is another one after all."""
        self._created.pop(key.id, None)

    def note(self, sentence: str) -> None:
        """Remember a warning for the user, once."""
        if sentence not in self._notes:
            self._notes.append(sentence)

    def keep(self, reading: Reading) -> None:
        """Keep what was read. Raise ScimError if the members of a group cannot be read."""
        self._local.add(reading)
        self._readings.append(reading)

    def keep_resource(
        self, kind: ResourceType, resource: Resource, *, partial: bool = False
    ) -> None:
        """Keep one resource as the service answered it."""
        self.keep(Reading(kind=kind, resources=(resource,), partial=partial))

    def resource(self, key: Key) -> Resource | None:
        """Return a resource of this change as it was read last."""
        return self._local.get(self.service_key(key))

    def name(self, key: Key) -> str:
        """Return the name of a resource for a sentence; its id if no better name is known."""
        own = key
        if key.kind == USER.name and not self.run.snapshot.has(key):
            own = self._local.member(key.id)
        known = self.run.snapshot if self._local.get(own) is None else self._local
        return known.name(own)

    def existed(self, key: Key) -> bool:
        """Return whether a resource was read before this change created its own."""
        if self.run.snapshot.has(key):
            return True
        return self.looked_again is not None and self.looked_again.get(key) is not None

    def is_partial(self, key: Key) -> bool:
        """Return whether only some attributes of a resource of this change were read."""
        return self._local.is_partial(self.service_key(key))

    def read_whole(self, change: Change) -> Resource:
        """Read the resource of a change with every attribute.

        Raise ScimError if it does not exist any more.
        """
        key = self.service_key(change.key)
        self._keep_new(key, lambda: read_whole(self.service, change.kind, key, change.text))
        self.read_since_write = True
        resource = self._local.get(key)
        if resource is None:
            raise ScimError("it is gone", doing=f"reading {change.text}", status=404)
        return resource

    def read_members(self, change: Change) -> frozenset[Key]:
        """Read the members of a group. Raise ScimError if it does not exist any more.

        A member that may be one of the change under another id is looked up. One without an id is
        an error if it may be one that is missing, or one that leaves.
        """
        key = self.service_key(change.key)
        moves = change.moves
        users = self.service_keys((*moves.known, *change.joins, *change.leaves))
        self._keep_new(key, lambda: read_members(self.service, key, change.text, sorted(users)))
        found = self.members_shown(change)
        lacking = self.service_keys((*change.moves.known, *change.joins)) - found
        is_cut = change.moves.current is not None and self._local.members(key) is None
        if is_cut and (lacking or change.leaves):
            raise ScimError(
                "the answer shows a member without an id, so it does not prove who is in",
                doing=f"reading the members of {change.text}",
            )
        unknown = (one for one in found if is_unknown(one, self.run.snapshot))
        listed = suspects(lacking, unknown)
        if listed:
            question = Question(kind=USER, ids=tuple(listed), listed_ids=True)
            for reading in read(self.service, question, self.run.snapshot):
                self.keep(reading)
            found = self.members_shown(change)
        self.seen_members = found
        return found

    def _keep_new(self, key: Key, read_it: Callable[[], Reading]) -> None:
        """Keep what was read of a resource.

        One that was just created may not be there yet.
        """
        is_new = key.id in self._created.values()
        for is_last in looks(self.service):
            try:
                self.keep(read_it())
                return
            except Gone:
                if is_last or not is_new:
                    raise

    def members_shown(self, change: Change) -> frozenset[Key]:
        """Return the members of a group as it was read last.

        A group seldom says of which type a member is (RFC 7643 section 4.2). So an id that the
        change knows is that member, and the others are as the snapshot knows them.
        """
        return self._as_known(change, self._local)

    def members_in(self, change: Change, answer: Any) -> frozenset[Key] | None:
        """Return the members that the answer to a write shows, None if it shows no list."""
        shown = resource_or_none(answer)
        if shown is None or shown["id"] != self.service_key(change.key).id:
            return None
        if not isinstance(shown.get("members"), list):
            return None
        if not shown["members"]:
            return frozenset()
        if not is_readable(change.kind, shown):
            return None  # the answer cannot be understood, so it proves nothing
        snapshot = Snapshot()
        snapshot.add(Reading(kind=change.kind, resources=(shown,)))
        return self._as_known(change, snapshot)

    def _as_known(self, change: Change, snapshot: Snapshot) -> frozenset[Key]:
        known: dict[str, set[Key]] = {}
        membership = change.membership
        if membership is not None:
            current = membership.current or frozenset()
            for one in self.service_keys((*current, *membership.joins, *membership.leaves)):
                known.setdefault(one.id, set()).add(one)
        found: set[Key] = set()
        for one in snapshot.seen_members(self.service_key(change.key)):
            ident = self._local.member(one.id).id
            found |= known.get(ident) or {self.run.snapshot.member(ident)}
        return frozenset(found)

    def effects(self, done: Done | None, failure: ScimError | None) -> Effects:
        """Return everything that this work brought about."""
        key = frozenset({self.change.key})
        return Effects(
            done=done,
            failure=failure,
            created=self._created,
            deleted=key if self.is_deleted else frozenset(),
            undone=self.undone,
            proved=frozenset(self.proved),
            disproved=frozenset(self.disproved),
            created_elsewhere=key if self.is_created_elsewhere else frozenset(),
            lessons=self.lessons,
            readings=tuple(self._readings),
            notes=tuple(self._notes),
            proofs=self.proofs,
            unshown=frozenset(self.unshown),
            unseen=tuple(self.unseen),
            earlier=tuple(self.earlier_members) if self.group_members else (),
            shown=self.group_members[-1].shown if self.group_members else None,
            looked_through=frozenset(self.looked_through),
            no_duplicates=frozenset(self.no_duplicates),
        )


def is_readable(kind: ResourceType, resource: Resource) -> bool:
    """Return whether a resource of an answer can be understood."""
    return kind.name != GROUP.name or not member_rows(resource.get("members")).unknown
