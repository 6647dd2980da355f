# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be read before a plan can be made, in rounds; asks nothing itself.

How a question is put to a service, as a look-up or a listing, is decided in reading.py.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .._model.key import Key, without
from .._model.schema import GROUP, KINDS, USER, ResourceType
from .._provider.abilities import (
    MEMBERS_OF_GROUP,
    shows_groups_in_groups,
    finds_members,
    patched_paths,
    puts,
)
from .._provider.capabilities import Capabilities
from .cut_groups import count_question, home_question
from .departures import candidates
from .desired import Clause, Desired, LookUp, Reference, exact_list, searched
from .freed_names import NOTHING_FREED, Freed
from .memberships import Memberships
from .policy import Policy
from .questions import Question
from .snapshot import Snapshot
from .value_index import values
from .targets import Targets
from .unknown_members import bare, known_groups, known_ids, unattributed, unread_suspects
from .verdicts import is_unique

MOST_NAMES = 200
# More keys than these are not asked for in one filter.
MOST_ENCLOSED = 50
# One resource at most has a value of these, so no other one is left to be asked for.
UNIQUE = ("id", "userName")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a task must know of groups: their members, all their attributes.

    ``whole``: every attribute, for a PUT. ``lean``: several groups, and of none the members.
    ``nested``: filters find users only, so groups in groups are asked for by name.
    """

    members: bool
    whole: bool
    lean: bool = False
    nested: bool = False


def wanted_of_groups(
    desired: Sequence[Desired], capabilities: Capabilities, policy: Policy
) -> Wanted:
    """Return what the task must know of groups."""
    whole = False
    members = policy.purges(GROUP.name) != "none"
    groups = [one for one in desired if one.kind.name == GROUP.name]
    for one in desired:
        if one.kind.name == GROUP.name and _may_put(one, capabilities):
            whole = True  # a PUT would lose members and attributes that are not known
        if one.members or one.groups:
            members = True
    # What a report shows of a single group, or of one that goes, has its members.
    is_lean = len(groups) > 1 and all(one.state == "present" for one in groups)
    members = members or whole
    return Wanted(
        members=members,
        whole=whole,
        lean=is_lean and not members,
        nested=finds_members(capabilities) and shows_groups_in_groups(capabilities),
    )


def _may_put(group: Desired, capabilities: Capabilities) -> bool:
    """Return whether a change of a group may be written by PUT."""
    if puts(group.method, capabilities, GROUP.name):
        return True
    return group.method == "auto" and bool(patched_paths(capabilities, GROUP.name))


def first_questions(
    desired: Sequence[Desired], snapshot: Snapshot, policy: Policy, wanted: Wanted
) -> tuple[Question, ...]:
    """Return the questions that come before any target is known.

    Rounds, in order: full listings for a purge, the keys of the input, references, all groups for
    an exact list.
    """
    found = (
        purge_listings(snapshot, policy)
        or key_questions(desired, snapshot)
        or _references(desired, snapshot)
        or _group_listing(desired, snapshot)
    )
    return tuple(for_groups(one, wanted) for one in found)


def for_groups(question: Question, wanted: Wanted) -> Question:
    """Return a question about groups that asks for what the task must know of them."""
    if question.kind.name != GROUP.name:
        return question
    return replace(question, members=wanted.members, whole=wanted.whole, lean=wanted.lean)


def purge_listings(snapshot: Snapshot, policy: Policy) -> list[Question]:
    """Return a listing of each kind that is purged, so that its keys need no look-up."""
    found = []
    for kind in KINDS.values():
        if policy.purges(kind.name) != "none" and snapshot.listed(kind) is None:
            found.append(Question(kind=kind))
    return found


def _group_listing(desired: Iterable[Desired], snapshot: Snapshot) -> list[Question]:
    """Return a listing of all groups, if a list of a user's groups is exact."""
    if snapshot.listed(GROUP) is not None:
        return []
    for one in desired:
        if exact_list(one.groups) is not None:
            return [Question(kind=GROUP)]
    return []


class _Collected:
    """Ids and clauses to ask for, by kind, each once and in order."""

    def __init__(self, kinds: Mapping[str, ResourceType]) -> None:
        self.kinds = kinds
        self.ids: dict[str, dict[str, None]] = {name: {} for name in kinds}
        self.clauses: dict[str, dict[Clause, None]] = {name: {} for name in kinds}

    def ask_for(self, reference: Reference, snapshot: Snapshot) -> None:
        """Ask for what a reference names, unless it is known.

        The id of a user is taken as it is.
        """
        kind, path, value = self.kinds[reference.kind], reference.path, reference.value
        if snapshot.knows(kind, path, value):
            return
        if path in UNIQUE and snapshot.resolve(reference):
            return
        if path != "id":
            self.clauses[kind.name].update(dict.fromkeys(snapshot.also_named(kind, (path, value))))
        elif kind.name == GROUP.name:
            self.ids[kind.name][value] = None

    def questions(self) -> list[Question]:
        """Return one question for the ids and one for the clauses of each kind."""
        found = []
        for name, ids in self.ids.items():
            if ids:
                found.append(Question(kind=self.kinds[name], ids=tuple(ids)))
        for name, clauses in self.clauses.items():
            if clauses:
                found.append(Question(kind=self.kinds[name], clauses=tuple(clauses)))
        return found


def key_questions(desired: Sequence[Desired], snapshot: Snapshot) -> list[Question]:
    """Return the keys of the input that are not known.

    An id comes by itself and first. Other keys are asked only if they say something else than the
    resource with that id.
    """
    collected = _Collected({one.kind.name: one.kind for one in desired})
    freed = NOTHING_FREED
    if any(one.previous for one in desired):
        freed = Freed.of(desired, snapshot)
    for one in desired:
        ident = dict(one.keys).get("id")
        if ident is not None and _is_unread(Key(one.kind.name, ident), one, snapshot):
            collected.ids[one.kind.name][ident] = None
        else:
            unknown = _unknown_keys(one, snapshot, freed)
            collected.clauses[one.kind.name].update(dict.fromkeys(unknown))
    return [_enclosing(one, desired) for one in collected.questions()]


def _enclosing(question: Question, desired: Iterable[Desired]) -> Question:
    """Return a question about new users so that a key that may repeat is evaluated.

    It is asked about one user, or about a few of which one has such a key. Its filter begins and
    ends with that key.
    """
    if question.kind.name != USER.name or len(question.clauses) > MOST_ENCLOSED:
        return question
    repeating = [one for one in question.clauses if not is_unique(question.kind, one[0])]
    users = [one.may_create for one in desired if one.kind.name == USER.name]
    is_joined = len(question.clauses) > 1 and 1 in (len(repeating), len(users))
    return replace(question, encloses=bool(repeating) and is_joined and all(users))


def _is_unread(key: Key, desired: Desired, snapshot: Snapshot) -> bool:
    return not snapshot.has(key) and not snapshot.knows(desired.kind, "id", key.id)


def _unknown_keys(desired: Desired, snapshot: Snapshot, freed: Freed) -> list[Clause]:
    """Return the keys of a resource to ask for.

    If no key finds it, these are its former names.
    """
    kind = desired.kind
    resource = snapshot.get(Key(kind.name, dict(desired.keys).get("id", "")))
    unknown: list[Clause] = []
    for path, value in searched(desired):
        is_current = resource is not None and value in values(resource, path)
        if not is_current and not snapshot.knows(kind, path, value):
            unknown += snapshot.also_named(kind, (path, value))
    if not unknown and desired.previous and not _is_found(desired, snapshot, freed):
        return _unknown_former_names(desired, snapshot)
    return unknown


def _is_found(desired: Desired, snapshot: Snapshot, freed: Freed) -> bool:
    for path, value in desired.keys:
        if freed.left(desired, path, snapshot.shown(desired.kind, path, value)):
            return True
    return False


def _unknown_former_names(desired: Desired, snapshot: Snapshot) -> list[Clause]:
    kind, path = desired.kind, desired.kind.name_attribute
    unknown = []
    for name in desired.previous:
        if not snapshot.knows(kind, path, name):
            unknown.append((path, name))
    return unknown


def _references(desired: Sequence[Desired], snapshot: Snapshot) -> list[Question]:
    """Return the members, managers and groups that are named and not known.

    Those that the input itself creates are left out. The id of a user is taken as it is.
    """
    in_input = _creating_keys(desired)
    collected = _Collected(KINDS)
    listed = [name for name, kind in KINDS.items() if snapshot.listed(kind)]
    for one in desired:
        if all(_are_listed(named, listed) for named in one.named):
            continue
        for reference in one.references:
            if reference not in in_input:
                collected.ask_for(reference, snapshot)
    return collected.questions()


def _are_listed(references: Iterable[Reference], listed: Container[str]) -> bool:
    """Return whether whole lists say what references name."""
    return all(path != "id" and kind in listed for kind, path, _value in references)


def _creating_keys(desired: Iterable[Desired]) -> set[LookUp]:
    found = set()
    for one in desired:
        if one.creates:
            for path, value in one.keys:
                found.add((one.kind.name, path, value))
    return found


def membership_questions(
    targets: Targets,
    memberships: Memberships,
    snapshot: Snapshot,
    policy: Policy,
    wanted: Wanted,
    capabilities: Capabilities,
) -> tuple[Question, ...]:
    """Return the questions about members of groups.

    The members of groups come first, then what leavers need. Members that no user is known to be
    may be groups: that is asked before their removal is refused. What proves that groups show all
    their members is asked last.
    """
    found = _about_hiding(memberships, snapshot)
    if not found:
        found = _about_members(targets, memberships, snapshot, policy)
    if not found and wanted.nested:
        found = _about_groups_in_groups(memberships, snapshot)
    if not found:
        found = _about_leavers(targets, memberships, snapshot, policy)
    if not found:
        leaving = candidates(targets, memberships, snapshot, policy)
        known = (leaving, memberships, snapshot, capabilities)
        nested = _about_nested(memberships, snapshot)
        return nested or count_question(*known) or home_question(*known)
    return tuple(for_groups(one, wanted) for one in found)


def _about_hiding(memberships: Memberships, snapshot: Snapshot) -> list[Question]:
    """Return a question for a group that shows no members although users name it.

    A user that was read later than the group may have joined meanwhile. Once one group hides its
    members when it is read again, all do.
    """
    overtaken = [key for key in memberships.hiding if snapshot.is_overtaken(key)]
    if not overtaken or len(overtaken) < len(memberships.hiding):
        return []
    return [Question(kind=GROUP, ids=(overtaken[0].id,))]


def _about_nested(memberships: Memberships, snapshot: Snapshot) -> tuple[Question, ...]:
    """Return what must be known of members that are no users: whether they are groups.

    A whole list of all groups says it, unless it has one that resembles the member.
    """
    ids: dict[str, None] = {}
    for one in unattributed(memberships, snapshot):
        for key in one.unknown:
            is_refused = bool(snapshot.refusal(GROUP, key.id))
            if not is_refused and not snapshot.knows(GROUP, "id", key.id):
                ids[key.id] = None
    if snapshot.listed(GROUP):
        alike = {bare(one.id) for one in snapshot.keys(GROUP)}
        ids = {one: None for one in ids if bare(one) in alike}
    if not ids:
        return ()
    proofs = known_groups(ids, snapshot)
    asked = Question(kind=GROUP, ids=tuple(ids), sampled=True, optional=True)
    return (replace(asked, proofs=proofs, own_ids=bool(proofs)),)


def _about_members(
    targets: Targets, memberships: Memberships, snapshot: Snapshot, policy: Policy
) -> list[Question]:
    """Return the questions for groups whose members matter and are not known.

    These are groups whose members change, also where only users refer to them. All that a listing
    brought are among them where a list of groups is exact, where groups are purged, or to judge
    leavers.
    """
    changing = _changing_groups(targets, memberships, snapshot)
    listed: list[Key] = []
    if _rests_on_all_groups(targets, policy):
        changing += _listed_groups(snapshot)
    elif candidates(targets, memberships, snapshot, policy):
        listed = _listed_groups(snapshot)
    joined = [key for key, change in memberships.changes.items() if change.joins]
    now = to_read([*changing, *listed], snapshot, frozenset({*joined, *_with_members(targets)}))
    first = set(changing)
    found = [one for one in now if one in first]
    others = [one for one in now if one not in first]
    questions = []
    if found:
        is_named = any(map(snapshot.is_named_by_users, found))
        managed = {*memberships.changes, *_with_members(targets)}
        resting = is_named or not managed.isdisjoint(found)
        questions.append(replace(_about_groups(found), resting=resting))
    if others:
        questions.append(replace(_about_groups(others), resting=True, optional=True))
    return questions


def _about_groups(groups: Iterable[Key]) -> Question:
    """Return the question about groups that lists show without members."""
    return Question(kind=GROUP, ids=tuple(one.id for one in groups), listed=True)


def _about_groups_in_groups(memberships: Memberships, snapshot: Snapshot) -> list[Question]:
    """Return the question which groups are in others, for those that the input names.

    It is asked once the users in the others are known. A filter cannot tell a group from a user
    with the same id.
    """
    groups: dict[str, None] = {}
    nested: dict[str, None] = {}
    for group, members in sorted(memberships.named.items()):
        if snapshot.get(group) is None or snapshot.members(group) is None:
            continue
        for one in sorted(members):
            is_asked = snapshot.asked(GROUP, MEMBERS_OF_GROUP, one.id)
            is_plain = snapshot.has(one) and not snapshot.has(Key(USER.name, one.id))
            if one.kind == GROUP.name and is_plain and not is_asked:
                groups[group.id] = nested[one.id] = None
    if not nested:
        return []
    return [Question(kind=GROUP, ids=tuple(groups), nested=tuple(nested))]


def _with_members(targets: Targets) -> Iterator[Key]:
    """Yield the groups whose members the input names."""
    for target in targets.of(GROUP.name):
        if target.desired.members:
            yield target.key


def to_read(
    groups: Iterable[Key], snapshot: Snapshot, joined: Container[Key] = ()
) -> tuple[Key, ...]:
    """Return the groups to read by their ids now, because their members are not known.

    A group that was read by its id and is gone meanwhile, or refused, is not asked for again. Where
    no list has shown a member of any group, one group decides for all that came without: one that
    users name, or else one of ``joined``, which users are to join. An empty group would decide
    wrongly where lists show no members.
    """
    unread = []
    for key in dict.fromkeys(groups):
        is_known = snapshot.members(key) is not None or snapshot.knows(GROUP, "id", key.id)
        if not is_known and not snapshot.refusal(GROUP, key.id):
            unread.append(key)
    deciding = [key for key in unread if snapshot.decides_lists(key)]
    if not deciding:
        return tuple(unread)
    one = min(deciding, key=lambda key: (not snapshot.is_named_by_users(key), key not in joined))
    return (*without(unread, set(deciding)), one)


def _listed_groups(snapshot: Snapshot) -> list[Key]:
    return [] if snapshot.listed(GROUP) is None else snapshot.keys(GROUP)


def _rests_on_all_groups(targets: Targets, policy: Policy) -> bool:
    """Return whether changes rest on the members of groups outside of the input."""
    if policy.purges(GROUP.name) != "none":
        return True
    return any(exact_list(one.desired.groups) is not None for one in targets.every)


def _changing_groups(targets: Targets, memberships: Memberships, snapshot: Snapshot) -> list[Key]:
    keys = []
    for target in targets.of(GROUP.name):
        if target.resource is not None and target.desired.state != "absent":
            keys.append(target.key)
    for key, change in memberships.changes.items():
        if (change.joins or change.leaves) and snapshot.get(key) is not None:
            keys.append(key)
    return list(dict.fromkeys(keys))


def _about_leavers(
    targets: Targets, memberships: Memberships, snapshot: Snapshot, policy: Policy
) -> list[Question]:
    """Return what must be known of leavers: all groups, and the users' names.

    The groups are listed if users leave a team. Users that leave a group are read where their names
    matter, and members that may be users of the input under another id. Each id counts where users
    are deactivated or protected. A list may leave out a protected user that is inactive. The task
    goes on without what the service refuses of it.
    """
    leaving = candidates(targets, memberships, snapshot, policy)
    found = []
    if leaving and snapshot.listed(GROUP) is None and not snapshot.refusal(GROUP):
        found.append(Question(kind=GROUP, optional=True))
    nested = set(_nested_groups(targets, snapshot))
    found += _unknown_users(nested, snapshot, optional=False)
    keys = set(leaving)
    for change in memberships.changes.values():
        keys.update(change.unlisted)
        if policy.reads_names or leaving:
            keys.update(change.leaves)
    if policy.reads_names:
        staying = frozenset[Key]().union(*memberships.unmanaged.values())
        keys.update(sorted(staying)[:MOST_NAMES])
    keys.update(Key(USER.name, one) for one in unread_suspects(memberships, snapshot))
    protected = bool(policy.protected.get(USER.name))
    every = bool(leaving or protected or policy.knows_itself)
    for one in _unknown_users(keys - nested, snapshot, optional=True):
        known = known_ids(one.ids, memberships.changes, snapshot)
        found.append(
            replace(
                one,
                sampled=not every,
                by_list=not protected,
                proofs=known.proofs,
                own_ids=known.listed,
            )
        )
    return found


def _unknown_users(
    keys: Iterable[Key], snapshot: Snapshot, *, optional: bool
) -> Iterator[Question]:
    """Yield the question for members that may be users and were not read."""
    unknown: dict[str, None] = {}
    for key in sorted(keys):
        is_refused = optional and bool(snapshot.refusal(USER, key.id))
        if _may_be_unknown_user(key, snapshot) and not is_refused:
            unknown[key.id] = None
    if unknown:
        yield Question(kind=USER, ids=tuple(unknown), listed_ids=True, optional=optional)


def _nested_groups(targets: Targets, snapshot: Snapshot) -> Iterator[Key]:
    """Yield the groups that the input names as members of groups."""
    for target in targets.of(GROUP.name):
        for members in target.desired.members:
            for reference in members.references:
                if reference.kind == GROUP.name:
                    yield from targets.resolve(reference, snapshot)


def _may_be_unknown_user(key: Key, snapshot: Snapshot) -> bool:
    """Return whether a member may be a user that was not read yet.

    Services that number users and groups each by themselves give both the same ids. Random ids are
    never equal.
    """
    if key.id.startswith("bulkId:") or snapshot.knows(USER, "id", key.id):
        return False
    if key.kind == GROUP.name and not key.id.isdecimal():
        return False
    return not snapshot.has(Key(USER.name, key.id))
