# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a service in one run; asks nothing itself.

Resources are indexed. It also knows which look-ups are complete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from .._model.errors import shortened
from .._model.key import Key
from .._model.rewriting import OPAQUE, agrees, spellings
from .._model.schema import GROUP, KINDS, USER, ResourceType
from .._model.user_keys import UserKeys
from .._provider.schemas import Schemas
from .archive import Archive
from .desired import Clause, LookUp, Reference, folded
from .desired_rows import NO_ROWS, DesiredRows
from .found_by import Filtered, look_ups
from .known_members import KnownMembers
from .member_rows import MemberRow, PlainRows, direct_groups, is_unnamed, overlaid, with_members_of
from .questions import NOTHING_SIFTED, Doubt, ListName, Question, Reading, Resource, Sifted
from .twins import Twins
from .value_index import ValueIndex, has_value, values

LONGEST_NAME = 256

Forms = Callable[[str], Mapping[str, str]]


def _as_they_are(_kind: str) -> Mapping[str, str]:
    """Return that a service rewrites no values."""
    return {}


class Snapshot:
    """The resources read so far. Only ``add…`` changes it.

    A look-up that was never asked is an error of ours, never "does not exist". ``account`` are the
    names and ids by which the account of the credentials may be known. ``forms`` says how the
    service rewrites values, for a resource type by its name and for a path in small letters.
    ``schemas`` are what the service lists, None if they were not asked for. ``archive`` has the
    users that are as desired already. ``counts`` are how many users a filter finds in groups of
    these ids, None if it does not say. ``homes`` are the ids of groups that a filter finds for
    users, by their ids. ``filtered`` is what filters were asked for. ``twins`` are ids that came
    under several names.
    """

    def __init__(
        self, account: Iterable[str] = (), forms: Forms = _as_they_are, rows: DesiredRows = NO_ROWS
    ) -> None:
        self.archive = Archive(rows)
        self.account = frozenset(account)
        self.forms = forms
        self.account_asked = False
        self.schemas: Schemas | None = None
        self.counts: dict[tuple[str, ...], int | None] = {}
        self.homes: dict[str, frozenset[str]] = {}
        self._kinds: dict[str, ResourceType] = dict(KINDS)
        self._by_id: dict[str, dict[str, Resource]] = {name: {} for name in KINDS}
        self._index = ValueIndex()
        self._answered: set[LookUp] = set()
        self._any_asked: set[str] = set()
        self.filtered = Filtered()
        self.twins = Twins()
        self._hidden: set[str] = set()
        self._samples: set[str] = set()
        self._partial: set[Key] = set()
        self._known = KnownMembers()
        self._members: dict[Key, Set[Key]] = {}
        self._whole: dict[Key, bool] = {}
        self._displays: dict[tuple[str, str], str] = {}
        self._groups: set[str] = set()
        self._aliases: dict[str, str] = {}
        self._listed: dict[str, bool] = {}
        self._came: dict[str, str] = {}
        self._listed_ids: dict[str, frozenset[str]] = {}
        self._lacking: dict[str, dict[str, None]] = {}
        self._listings: Counter[str] = Counter()
        self._cut: set[str] = set()
        self._doubts: dict[ListName, Doubt] = {}
        self._totals: dict[str, int] = {}
        self._notes: dict[str, None] = {}
        self._refused: dict[tuple[str, str], str] = {}

    def add(self, reading: Reading) -> None:
        """Take in what one answer says."""
        kind = reading.kind
        self._kinds.setdefault(kind.name, kind)
        self._by_id.setdefault(kind.name, {})
        self._note_hidden(reading)
        for resource in reading.resources:
            self._add_resource(reading, resource)
        if reading.sifted is not NOTHING_SIFTED:
            self._add_sifted(reading.sifted)
            self._note_sifted_twins(reading)
        if reading.told_apart is not None:
            ident, are_two = reading.told_apart
            self.twins.settle(Key(kind.name, ident), are_two=are_two)
        self._answered.update(look_ups(kind, reading.answered))
        if not reading.paged:
            self.filtered.add(reading)
        if reading.any_one:
            self._any_asked.add(kind.name)
        if reading.total is not None:
            self._totals[kind.name] = reading.total
        if reading.sample:
            self._samples.add(kind.name)
        if reading.listed is not None:
            self._add_listing(kind, reading)
        if reading.settled is not None:
            self._doubts.pop(reading.settled, None)
            if reading.listed is False:
                self._cut.add(kind.name)
        if reading.doubt is not None:
            self._doubts[reading.doubt.name] = reading.doubt
        self.counts.update(reading.counted)
        self.homes.update(reading.homes)
        self._notes.update(dict.fromkeys(reading.notes))
        self._aliases.update(reading.aliases)
        self._members.clear()
        self._whole.clear()

    def _add_sifted(self, found: Sifted) -> None:
        for number in found.revived:
            self.reopen(self.archive.ident(number))
        self.archive.add(found)
        for groups, users in found.groups:
            self._known.add_groups(users, groups)

    def _note_sifted_twins(self, reading: Reading) -> None:
        """Take in that users which are settled have the id of one that is not."""
        opened = self._by_id[USER.name]
        shared: list[str] = []
        for pack in reading.sifted.packs if opened else ():
            shared += filter(opened.__contains__, pack.ids)
        for ident in shared:
            other = opened[ident]
            self.reopen(ident)
            self.twins.note(USER, other, opened[ident], reading)

    def reopen(self, ident: str) -> None:
        """Take a user for one that is not settled."""
        resource = self._taken_out(ident)
        if resource is not None:
            self._keep(USER, ident, resource)

    def _taken_out(self, ident: str) -> Resource | None:
        if ident in self.archive:
            name = self.archive.name(ident)
            self._answered.update(look_ups(USER, [(USER.name_attribute, name)]))
        return self.archive.take_out(ident)

    def _keep(self, kind: ResourceType, ident: str, resource: Resource) -> None:
        self._by_id[kind.name][ident] = resource
        self._index.add(kind, ident, resource)

    def _add_listing(self, kind: ResourceType, reading: Reading) -> None:
        name = kind.name
        self._listed[name] = bool(reading.listed)
        self._came[name] = reading.came
        self._listed_ids.pop(name, None)
        self._lacking.pop(name, None)
        if reading.listed and reading.ids:
            self._listings[name] += 1
            self._listed_ids[name] = reading.ids
            self._lacking[name] = dict.fromkeys(sorted(self._ids(kind) - reading.ids))

    def _note_hidden(self, reading: Reading) -> None:
        """Note if another answer shows a resource that a whole listing lacks."""
        kind = reading.kind
        if reading.paged or not self._listed.get(kind.name):
            return
        if not all(self.has(key_of(kind, one)) for one in reading.resources):
            self._hidden.add(kind.name)

    def add_account(self, names: Iterable[str]) -> None:
        """Take in by which names and ids the account of the credentials is known."""
        self.account = self.account | frozenset(names)
        self.account_asked = True

    def add_schemas(self, schemas: Schemas | None) -> None:
        """Take in what the Schemas of the service list."""
        self.schemas = schemas

    def lists(self, kind: str, path: str) -> bool | None:
        """Return whether the Schemas list a SCIM path, None if they do not say."""
        if self.schemas is None or kind not in self._kinds:
            return None
        return self.schemas.has(self._kinds[kind], path)

    def add_refusal(self, question: Question, reason: str) -> None:
        """Take in that the service does not answer a question, and why."""
        for ident in question.ids or ("",):
            self._refused[question.kind.name, ident] = reason

    def refusal(self, kind: ResourceType, ident: str = "") -> str:
        """Return why a resource, or without ``ident`` the list of all, cannot be read.

        It is empty if that was not refused.
        """
        return self._refused.get((kind.name, ident), "")

    def _add_resource(self, reading: Reading, resource: Resource) -> None:
        kind, members = reading.kind, resource.get("members")
        key = Key(kind.name, str(resource["id"]))
        known = self._known_before(key, reading, resource)
        if reading.members_listed and known is not None:
            resource = with_members_of(known, resource)
        if not reading.partial:
            self._partial.discard(key)
        elif known is not None and (reading.only_members or key not in self._partial):
            resource = overlaid(known, resource, members_shown=reading.members_shown)
        else:
            self._partial.add(key)
        self._keep(kind, key.id, resource)
        listed = self._listed_ids.get(kind.name)
        if listed is not None and key.id not in listed:
            self._lacking[kind.name][key.id] = None
        if kind.name == USER.name:
            self._known.add_user(resource)
        if kind.name == GROUP.name:
            self._groups.add(key.id)
            self._add_members(key, members, resource.get("members"), reading)

    def _known_before(self, key: Key, reading: Reading, resource: Resource) -> Resource | None:
        """Return what is known of a resource, which may be another one of that id."""
        known = self._by_id[key.kind].get(key.id)
        if known is None and key.kind == USER.name:
            known = self._taken_out(key.id)
        if known is not None and reading.told_apart is None:
            self.twins.note(reading.kind, known, resource, reading)
        return known

    def add_moves(self, group: Key, users: Iterable[Key]) -> None:
        """Take in which users this run lets join or leave a group."""
        self._known.add_moves(group.id, [one.id for one in users])

    def _add_members(self, group: Key, shown: Any, members: Any, reading: Reading) -> None:
        """Take in the members that an answer has ``shown``, or with those known before."""
        self._known.note_limit(group.id, members, reading.most)
        if reading.members_listed:
            is_known, is_page = reading.members_shown, reading.paged
            self._known.add_list(group.id, shown, is_known=is_known, is_page=is_page)
        elif reading.members_shown or members:
            self._known.add(group.id, members)
        known = self._known.rows(group.id)
        if known is None or is_unnamed(known.rows):
            return
        for ident, kind, display in known.rows:
            if display:
                self._displays[kind, ident] = display
            if kind == GROUP.name:
                self._groups.add(ident)

    def get(self, key: Key) -> Resource | None:
        """Return the known resource of that key."""
        found = self._by_id.get(key.kind, {}).get(key.id)
        if found is None and key.kind == USER.name:
            return self.archive.get(key.id)
        return found

    def has(self, key: Key) -> bool:
        """Return whether the resource of that key is known."""
        if key.id in self._by_id.get(key.kind, ()):
            return True
        return key.kind == USER.name and key.id in self.archive

    def everything(self, kind: ResourceType) -> list[Resource]:
        """Return all known resources of a kind.

        Only ``listed`` says whether these are all there are.
        """
        return list(self.each(kind))

    def each(self, kind: ResourceType) -> Iterator[Resource]:
        """Yield all known resources of a kind, settled users last."""
        yield from self.opened(kind)
        if kind.name == USER.name:
            yield from self.archive.resources()

    def opened(self, kind: ResourceType) -> list[Resource]:
        """Return all known resources of a kind, but for users that are settled."""
        return list(self._by_id.get(kind.name, {}).values())

    def count(self, kind: ResourceType) -> int:
        """Return how many resources of a kind are known."""
        settled = len(self.archive) if kind.name == USER.name else 0
        return len(self._by_id.get(kind.name, ())) + settled

    def _ids(self, kind: ResourceType) -> Set[str]:
        known = self._by_id[kind.name].keys()
        if kind.name == USER.name and len(self.archive):
            return known | self.archive.ids()
        return known

    def keys(self, kind: ResourceType) -> list[Key]:
        """Return the keys of all known resources of a kind."""
        if kind.name not in self._by_id:
            return []
        return [Key(kind.name, ident) for ident in self._ids(kind)]

    def find(self, kind: ResourceType, path: str, value: str) -> list[Resource]:
        """Return the known resources with that value at ``path``.

        Values are compared as the schema says, and if none is the same, as the service rewrites
        them.
        """
        if path == "id":
            found = self.get(Key(kind.name, value))
            return [found] if found is not None else []
        wanted = folded(kind, path, value)
        result = []
        for ident in self._index.ids((kind.name, path, wanted)):
            resource = self._by_id[kind.name][ident]
            if has_value(kind, resource, path, wanted):
                result.append(resource)
        settled = self.archive.find(path, wanted) if kind.name == USER.name else None
        if settled is not None:
            resource = self.archive.get(settled) or {}
            if has_value(kind, resource, path, wanted):
                result.append(resource)
        return result or self._rewritten(kind, path, value)

    def shown(self, kind: ResourceType, path: str, value: str) -> list[Resource]:
        """Return what ``find`` finds, or a resource that a later one of the same id hides."""
        found = self.find(kind, path, value)
        if found or not len(self.twins) or path == "id":
            return found
        wanted = folded(kind, path, value)
        ids = self._index.ids((kind.name, path, wanted))
        hidden = (self.twins.with_value(kind, one, path, wanted) for one in ids)
        return [one for one in hidden if one is not None]

    def kind(self, name: str) -> ResourceType:
        """Return a resource type by its name."""
        return self._kinds[name]

    def form(self, kind: ResourceType, path: str) -> str:
        """Return how the service rewrites the values at a path, "" if it does not."""
        return self.forms(kind.name).get(path.lower(), "")

    def also_named(self, kind: ResourceType, clause: Clause) -> Iterator[Clause]:
        """Yield a key, and what the service may have made of its value."""
        path, value = clause
        yield clause
        for spelling in spellings(self.form(kind, path), value):
            if folded(kind, path, spelling) != folded(kind, path, value):
                yield path, spelling

    def _rewritten(self, kind: ResourceType, path: str, value: str) -> list[Resource]:
        """Return the known resources with what the service makes of that value.

        If that may be anything, it is the only resource that a filter for the value gives.
        """
        form = self.form(kind, path)
        if not form:
            return []
        given = self.strangers(kind, path, value)
        if form == OPAQUE:
            return list(given) if len(given) == 1 else []
        found = {}
        for resource in (*self.everything(kind), *given):
            if any(agrees(form, value, held) for held in values(resource, path)):
                found[str(resource["id"])] = resource
        return list(found.values())

    def resolve(self, reference: Reference) -> list[Key]:
        """Return the keys of the known resources that a reference names."""
        found = self.shown(KINDS[reference.kind], reference.path, reference.value)
        return [Key(reference.kind, str(one["id"])) for one in found]

    def knows(self, kind: ResourceType, path: str, value: str) -> bool:
        """Return whether that look-up is complete, by itself or by a complete listing."""
        if path != "id" and self.listed(kind):
            return True
        wanted = folded(kind, path, value)
        if kind.name == USER.name and self.archive.find(path, wanted) is not None:
            return True
        return (kind.name, path, wanted) in self._answered

    def asked(self, kind: ResourceType, path: str, value: str) -> bool:
        """Return whether a filter was asked for that look-up."""
        return (kind.name, path, folded(kind, path, value)) in self.filtered.asked

    def proven(self, kind: ResourceType, path: str, value: str) -> bool:
        """Return whether a filter is known to have looked at that comparison."""
        return (kind.name, path, folded(kind, path, value)) in self.filtered.proven

    def asked_alone(self, kind: ResourceType, path: str, value: str) -> bool:
        """Return whether a filter of its own was asked for that look-up."""
        return (kind.name, path, folded(kind, path, value)) in self.filtered.strangers

    def strangers(self, kind: ResourceType, path: str, value: str) -> tuple[Resource, ...]:
        """Return what a filter gives for that look-up under another name."""
        return self.filtered.strangers.get((kind.name, path, folded(kind, path, value)), ())

    def any_asked(self, kind: ResourceType) -> bool:
        """Return whether any one resource of the kind was asked for."""
        return kind.name in self._any_asked

    def is_tried(self, kind: ResourceType) -> bool:
        """Return whether a filter has found a resource, or failed to find a known one."""
        return kind.name in self.filtered.tried

    def is_all_known(self, kind: ResourceType) -> bool:
        """Return whether the service has none of the kind, or only the known one."""
        known = self.count(kind)
        return self.any_asked(kind) and known <= 1 and self.total(kind) == known

    def lists_samples(self, kind: ResourceType) -> bool:
        """Return whether the service has no real list of the kind, only filters."""
        return kind.name in self._samples

    def hides(self, kind: ResourceType) -> bool:
        """Return whether listings of the kind leave out resources that other answers show."""
        return kind.name in self._hidden

    def listed(self, kind: ResourceType) -> bool | None:
        """Return whether a listing of the kind is complete, None if there was none.

        One that lacks what another answer shows is not, once it was read again.
        """
        if self._lacking.get(kind.name) and self._listings[kind.name] > 1:
            return False
        return self._listed.get(kind.name)

    def is_cut(self, kind: ResourceType) -> bool:
        """Return whether a listing of the kind that seemed to be complete lacks resources."""
        return self.listed(kind) is False and (kind.name in self._cut or kind.name in self._lacking)

    def lacking(self, kind: ResourceType) -> tuple[Key, ...]:
        """Return what another answer showed and the last complete listing lacks.

        There are none any more once that was said by two listings.
        """
        if self._listings[kind.name] > 1:
            return ()
        return tuple(Key(kind.name, ident) for ident in self._lacking.get(kind.name, ()))

    def doubts(self, kind: ResourceType) -> tuple[Doubt, ...]:
        """Return the lists of a kind that ended and may go on."""
        return tuple(one for one in self._doubts.values() if one.name[0] == kind.name)

    def came(self, kind: ResourceType) -> str:
        """Return how many resources a listing brought, in words."""
        lacking = self._lacking.get(kind.name)
        if lacking:
            name = self.name(Key(kind.name, next(iter(lacking))))
            return f"it lacks '{name}', which another answer shows"
        return self._came.get(kind.name, "")

    def total(self, kind: ResourceType) -> int | None:
        """Return how many resources of a kind the service says there are.

        Return None if it has not said so.
        """
        return self._totals.get(kind.name)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was odd in the answers, each sentence once."""
        return tuple(dict.fromkeys((*self._notes, *self._known.notes(self.name))))

    def is_partial(self, key: Key) -> bool:
        """Return whether only some attributes of a resource were read."""
        return key in self._partial

    def members(self, group: Key) -> Set[Key] | None:
        """Return the members of a group, None if not all of them are known."""
        if group not in self._whole:
            self._whole[group] = self._known.is_whole(group.id)
        return self.seen_members(group) if self._whole[group] else None

    def seen_members(self, group: Key) -> Set[Key]:
        """Return the members of a group that are known, even if others are not."""
        if group not in self._members:
            known = self._known.rows(group.id)
            rows = known.rows if known is not None else ()
            self._members[group] = self._member_keys(rows)
        return self._members[group]

    def _member_keys(self, rows: Sequence[MemberRow]) -> Set[Key]:
        """Return the keys of members, as ids if all of them are certainly users."""
        if isinstance(rows, PlainRows) and rows.kind != GROUP.name and not self._aliases:
            if rows.kind == USER.name or self._groups.isdisjoint(rows.idents):
                return UserKeys(rows.idents)
        return frozenset([self._member(one[0], one[1]) for one in rows])

    def why_unseen(self, group: Key) -> str:
        """Return why not all members of a group are known, empty if that is not known."""
        return self.refusal(GROUP, group.id) or self._known.why_unseen(group.id)

    @property
    def members_in_lists(self) -> bool | None:
        """Return whether lists show the members of groups, None if that is not known."""
        return self._known.in_lists

    def decides_lists(self, group: Key) -> bool:
        """Return whether reading a group by its id says what lists show."""
        return self._known.decides(group.id)

    def names_group(self, user: Key, group: Key) -> bool:
        """Return whether a user's own entry names a group."""
        if user.kind == USER.name and user.id in self.archive:
            return user.id in self._known.users(group.id)
        return group.id in direct_groups(self.get(user))

    def is_named_by_users(self, group: Key) -> bool:
        """Return whether a user's own entry names a group."""
        return self._known.is_named(group.id)

    def lacks_users(self, group: Key, shown: Container[Key]) -> bool:
        """Return whether a user's own entry names a group that does not show the user."""
        users = self._known.users(group.id)
        return any(self._member(one, USER.name) not in shown for one in users)

    @property
    def most_members(self) -> int:
        """Return how many members the largest of the groups shows."""
        return self._known.most

    def is_overtaken(self, group: Key) -> bool:
        """Return whether a user named a group after its members were asked for."""
        return self._known.is_overtaken(group.id)

    def member(self, ident: str) -> Key:
        """Return the key of a member of which only the id is known.

        It is a user, unless only a group of that id is known. Groups give the ids of their members,
        and seldom their types (RFC 7643 section 4.2).
        """
        return self._member(ident, "")

    def listed_as(self, group: Key) -> dict[Key, str]:
        """Return the ids by which a group lists users that have another id."""
        found = {}
        if self._aliases:
            known = self._known.rows(group.id)
            for ident, kind, _display in known.rows if known is not None else ():
                key = self._member(ident, kind)
                if key.id != ident:
                    found[key] = ident
        return found

    def _member(self, ident: str, kind: str) -> Key:
        if kind != GROUP.name and ident in self._aliases:
            return Key(USER.name, self._aliases[ident])
        if kind:
            return Key(kind, ident)
        if ident in self._groups and not self.has(Key(USER.name, ident)):
            return Key(GROUP.name, ident)
        return Key(USER.name, ident)

    def name(self, key: Key) -> str:
        """Return the name of a resource for a sentence; its id if no better name is known."""
        kind = self._kinds[key.kind]
        if key.kind == USER.name and key.id in self.archive:
            return shortened(self.archive.name(key.id), LONGEST_NAME)
        resource = self.get(key) or {}
        name = resource.get(kind.name_attribute) or self._display(key)
        return shortened(str(name or key.id.removeprefix("bulkId:")), LONGEST_NAME)

    def _display(self, key: Key) -> str | None:
        """Return what a group calls its member, None if it says nothing."""
        display = self._displays.get(key)
        if display is None and self._member(key.id, "") == key:
            display = self._displays.get(("", key.id))
        return display

    def is_account(self, resource: Resource | None) -> bool:
        """Return whether a user is the account of the credentials."""
        known = resource or {}
        names = [known.get(path) for path in ("id", "userName", "externalId")]
        return any(name and str(name) in self.account for name in names)


def key_of(kind: ResourceType, resource: Resource) -> Key:
    """Return the key of a resource as it was read."""
    return Key(kind.name, str(resource["id"]))
