# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The second witness that "not found" needs; asks nothing itself.

A filter that finds nothing proves little: services evaluate the first comparison only, mind the
case, or lose unusual characters. A listing may leave out users that are inactive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .._model.errors import first_of, shortened
from .._model.flat import values_at
from .._model.rewriting import OPAQUE, line_to_paste
from .._model.schema import GROUP, KINDS, USER, ResourceType
from .._provider.abilities import joins_comparisons, takes_filters
from .._provider.capabilities import Capabilities
from .desired import Clause, Desired, Reference, folded, former_names, searched
from .filterable import is_unusual, may_be_missed
from .lessons import Lesson
from .opaque_names import name_questions
from .proof import open_doubts
from .questions import Question
from .reading import FEW_LOOK_UPS, trial
from .snapshot import LONGEST_NAME, Snapshot
from .targets import Target, Targets
from .verdicts import is_unique

SHOWN = 5
MOST_PROOFS = 2


@dataclass(frozen=True, slots=True)
class Doubts:
    """The keys of one kind that nothing was found for, and on which something hangs.

    ``creating`` are those of resources to be created, ``others`` those of resources that are to be
    changed, removed or referred to. ``missing`` are all these resources.
    """

    kind: ResourceType
    creating: dict[Clause, None] = field(default_factory=dict)
    others: dict[Clause, None] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    @property
    def every(self) -> tuple[Clause, ...]:
        """Return all keys, each once."""
        return tuple({**self.creating, **self.others})


def witness_questions(
    desired: Sequence[Desired], targets: Targets, snapshot: Snapshot, capabilities: Capabilities
) -> tuple[Question, ...]:
    """Return what must be asked before anything rests on a key that found nothing.

    Groups are listed, and users if one of the names is unusual. If a listing answered a key, a
    filter is asked as well. If only filters can, each comparison must be known to be evaluated.
    Names that the service shows in a form of its own come last.
    """
    found = []
    for doubts in _doubts(desired, targets, snapshot):
        kind = doubts.kind
        is_listed = snapshot.listed(kind) is not None or snapshot.refusal(kind)
        opaque = _opaque(doubts, snapshot)
        if opaque and takes_filters(capabilities, kind.name):
            found.append(Question(kind=kind, clauses=opaque, by_filter=True, alone=True))
        elif not is_listed and _needs_listing(doubts, capabilities):
            found.append(Question(kind=kind, witness=True))
        elif takes_filters(capabilities, kind.name):
            found += _by_filter(doubts, snapshot, capabilities)
    return tuple(found) or name_questions(targets, snapshot, capabilities)


def _doubts(desired: Sequence[Desired], targets: Targets, snapshot: Snapshot) -> Iterable[Doubts]:
    """Return the keys that found nothing, by kind. An id needs no second witness."""
    kinds = {**KINDS, **{one.kind.name: one.kind for one in desired}}
    found = {name: Doubts(kind) for name, kind in kinds.items()}
    for target in targets.every:
        if target.resource is None:
            doubts = found[target.key.kind]
            side = doubts.creating if target.desired.may_create else doubts.others
            side.update(dict.fromkeys(_keys(target.desired)))
            doubts.missing.add(target.key.id)
    for reference in _unresolved(desired, targets, snapshot):
        found[reference.kind].others[reference.path, reference.value] = None
        found[reference.kind].missing.add(str(reference))
    return [one for one in found.values() if one.every]


def _unresolved(
    desired: Sequence[Desired], targets: Targets, snapshot: Snapshot
) -> Iterator[Reference]:
    """Yield the references that name nothing, in order."""
    for one in desired:
        others = [each for named in one.named for each in targets.settled_keys(named)[1]]
        if all(targets.resolve(each, snapshot) for each in others):
            continue
        for reference in one.references:
            if reference.path != "id" and not targets.resolve(reference, snapshot):
                yield reference


def _keys(desired: Desired) -> Iterator[Clause]:
    """Yield the keys by which a resource was looked up, former names included."""
    yield from searched(desired)
    yield from former_names(desired)


def _opaque(doubts: Doubts, snapshot: Snapshot) -> tuple[Clause, ...]:
    """Return the keys that only a filter for each finds, and that none was asked for.

    The service may hold any other value instead.
    """
    opaque = [one for one in doubts.every if snapshot.form(doubts.kind, one[0]) == OPAQUE]
    return _not(snapshot.proven, doubts.kind, opaque)


def _needs_listing(doubts: Doubts, capabilities: Capabilities) -> bool:
    """Return whether a filter may not find one of the keys although it exists."""
    return may_be_overlooked(doubts.kind, doubts.every, capabilities)


def may_be_overlooked(
    kind: ResourceType, clauses: Iterable[Clause], capabilities: Capabilities
) -> bool:
    """Return whether a filter may not find one of several keys although it exists.

    Groups are few, so a listing is cheap.
    """
    if kind.name == GROUP.name or not takes_filters(capabilities, kind.name):
        return True
    for clause in clauses:
        if is_unusual(clause) or may_be_missed(kind, clause, capabilities):
            return True
    return False


def _by_filter(
    doubts: Doubts, snapshot: Snapshot, capabilities: Capabilities
) -> Iterator[Question]:
    """Yield look-ups of what listings did not show, and proofs of look-ups.

    A list that may go on is read on before.
    """
    unasked = _unasked(doubts, snapshot, capabilities)
    if not unasked:
        yield from _unproven(doubts, snapshot, capabilities)
        return
    for doubt in open_doubts(doubts.kind, snapshot, capabilities):
        if not doubt.clauses:
            yield Question(kind=doubts.kind, doubt=doubt)
            return
    yield Question(kind=doubts.kind, clauses=unasked, by_filter=True)


def _unasked(doubts: Doubts, snapshot: Snapshot, capabilities: Capabilities) -> tuple[Clause, ...]:
    """Return the keys to look up that only a listing answered.

    Before creations one portion is tried. The others are looked up if it finds something.
    """
    kind = doubts.kind
    creating = _not(snapshot.asked, kind, doubts.creating)
    if creating and not snapshot.hides(kind):
        is_tried = len(creating) < len(doubts.creating)
        creating = () if is_tried else trial(creating, capabilities.of(kind.name))
    return tuple(dict.fromkeys((*creating, *_not(snapshot.asked, kind, doubts.others))))


def _unproven(doubts: Doubts, snapshot: Snapshot, capabilities: Capabilities) -> Iterator[Question]:
    """Yield what proves that a filter evaluated each comparison, and finds anything.

    Two known resources prove that: one is the first and the other one the last comparison. The
    names of users are unique (RFC 7643 section 4.1.1). So a creation that rests on a wrong answer
    about a name is refused, and teaches that filters have one comparison. A user who was looked up
    without others is asked for once, and by the key that may repeat in both places.
    """
    kind = doubts.kind
    if snapshot.listed(kind) or snapshot.is_all_known(kind):
        return
    joins = joins_comparisons(capabilities, kind.name)
    is_alone = _is_alone(doubts, snapshot)
    keys = _to_be_proven(doubts, joins=joins, is_alone=is_alone)
    clauses = _not(snapshot.proven, kind, keys)
    if clauses:
        is_tried = is_alone or snapshot.is_tried(kind)
        yield from _proofs(kind, clauses, snapshot, joins=joins, is_tried=is_tried)
    elif keys and not (is_alone or snapshot.is_tried(kind)):
        if doubts.others or not joins or kind.name != USER.name:
            yield from _proving(kind, (), _known_names(kind, snapshot), snapshot)


def _proofs(
    kind: ResourceType,
    clauses: tuple[Clause, ...],
    snapshot: Snapshot,
    *,
    joins: bool,
    is_tried: bool,
) -> Iterator[Question]:
    """Yield what proves that a filter evaluated each of several comparisons.

    Each is asked for alone if filters have one comparison, or if too few resources are known. Many
    may be listed then. ``is_tried``: filters find known resources, or there is no need to know.
    """
    values = _known_values(kind, clauses, snapshot)
    names = values or _known_names(kind, snapshot)
    joins = joins and (len(names) == MOST_PROOFS or not snapshot.any_asked(kind))
    by_filter = len(clauses) <= FEW_LOOK_UPS or bool(snapshot.refusal(kind))
    if is_tried and not (joins and values) and (len(clauses) == 1 or not joins):
        yield Question(kind=kind, clauses=clauses, by_filter=by_filter, alone=True)
        return
    is_asked = joins or by_filter or not names
    yield from _proving(kind, clauses if is_asked else (), names, snapshot)


def _to_be_proven(doubts: Doubts, *, joins: bool, is_alone: bool) -> tuple[Clause, ...]:
    """Return the keys of which a wrong answer would not be refused later.

    Of one user alone that is the key which stood in both places.
    """
    if not joins or doubts.kind.name != USER.name:
        return doubts.every
    repeating = tuple(one for one in doubts.creating if not is_unique(doubts.kind, one[0]))
    if is_alone:
        return repeating[:1]
    return tuple(dict.fromkeys((*repeating, *doubts.others)))


def _proving(
    kind: ResourceType, clauses: tuple[Clause, ...], names: tuple[Clause, ...], snapshot: Snapshot
) -> Iterator[Question]:
    """Yield a look-up of keys with known resources, or what makes some known.

    ``names`` are comparisons that hold for these. Each key is asked for alone if there are not
    enough. Without keys it only tries whether a filter finds a known resource.
    """
    is_asked = snapshot.any_asked(kind) or bool(snapshot.refusal(kind))
    if len(names) < MOST_PROOFS and not is_asked:
        yield Question(kind=kind, any_one=True, witness=True)
        return
    if not names and snapshot.count(kind) and not snapshot.refusal(kind):
        # Filters may not find what is known either, so they prove nothing.
        yield Question(kind=kind, witness=True)
        return
    clauses = clauses or names[:1]
    is_alone = len(names) < MOST_PROOFS
    if clauses:
        yield Question(kind=kind, clauses=clauses, by_filter=True, proofs=names, alone=is_alone)


def _is_alone(doubts: Doubts, snapshot: Snapshot) -> bool:
    """Return whether one user was looked up and no other one is known."""
    if doubts.kind.name != USER.name or len(doubts.missing) > 1:
        return False
    return not snapshot.count(doubts.kind)


def lesson_of_meeting(desired: Desired, snapshot: Snapshot) -> Lesson | None:
    """Return what it teaches that a creation met a resource which no look-up found.

    One of its keys may not have been evaluated, since the filter had several comparisons. Return
    None if each was.
    """
    for path, value in _keys(desired):
        if snapshot.asked(desired.kind, path, value):
            if not snapshot.proven(desired.kind, path, value):
                source = "a resource that a filter of several comparisons did not find"
                return Lesson(source=source, values={"filter_clauses": 1})
    return None


def shows_hidden(desired: Desired, snapshot: Snapshot, capabilities: Capabilities) -> bool:
    """Return whether a creation met what only a listing was asked for.

    It left that out, and may leave out others that filters find.
    """
    kind = desired.kind
    is_unasked = bool(_not(snapshot.asked, kind, _keys(desired)))
    return is_unasked and takes_filters(capabilities, kind.name)


def is_looked_up_again(desired: Desired, snapshot: Snapshot, capabilities: Capabilities) -> bool:
    """Return whether others are looked up anew after a creation met a resource."""
    lesson = lesson_of_meeting(desired, snapshot)
    if lesson is not None and lesson.applied(capabilities) != capabilities:
        return True
    return shows_hidden(desired, snapshot, capabilities)


def _not(
    holds: Callable[[ResourceType, str, str], bool], kind: ResourceType, clauses: Iterable[Clause]
) -> tuple[Clause, ...]:
    """Return the keys of which that does not hold."""
    return tuple(one for one in clauses if not holds(kind, *one))


def _known_values(
    kind: ResourceType, clauses: Iterable[Clause], snapshot: Snapshot
) -> tuple[Clause, ...]:
    """Return comparisons with keys of two known resources, like those to be proven.

    A service may find nothing by an attribute that may repeat, such as the external id. None if a
    filter on it has found something, or if fewer are known.
    """
    for path in dict.fromkeys(path for path, _value in clauses):
        if not is_unique(kind, path) and not snapshot.filtered.finds_by(kind, path):
            found = _known(kind, path, snapshot)
            return found if len(found) == MOST_PROOFS else ()
    return ()


def _known_names(kind: ResourceType, snapshot: Snapshot) -> tuple[Clause, ...]:
    """Return a comparison with a plain name for each of up to two known resources."""
    return _known(kind, kind.name_attribute, snapshot)


def _known(kind: ResourceType, path: str, snapshot: Snapshot) -> tuple[Clause, ...]:
    """Return a comparison with a plain value for each of up to two known resources."""
    found: dict[str, Clause] = {}
    for resource in snapshot.each(kind):
        value = next(iter(values_at(resource, path)), None)
        if isinstance(value, str) and value and not is_unusual(("", value)):
            found.setdefault(folded(kind, path, value), (path, value))
        if len(found) == MOST_PROOFS:
            break
    return tuple(found.values())


def uncertain(targets: Targets, snapshot: Snapshot) -> Iterator[str]:
    """Yield what is wrong where nothing proves that a resource does not exist.

    That is one sentence for each type of which no filter was asked, and one for each group with a
    name that a filter may lose.
    """
    for kind in (USER, GROUP):
        if snapshot.is_cut(kind):
            yield from _only_listed(kind, targets, snapshot)
    yield from _unusual_groups(targets, snapshot)


def _only_listed(kind: ResourceType, targets: Targets, snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence about resources that only a list lacks which is not complete."""
    names = []
    for target in targets.of(kind.name):
        keys = () if target.resource is not None else tuple(_keys(target.desired))
        if _not(snapshot.asked, kind, keys):
            names.append(target.desired.name)
    if names:
        shown = first_of(names, SHOWN)
        noun = kind.name.lower()
        yield (
            f"whether these {noun}s exist is not certain: {shown}; the list of all {noun}s is not "
            f"complete ({snapshot.came(kind)}), and no filter was asked; set id, or run again"
        )


def _unusual_groups(targets: Targets, snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each group whose name a filter may lose.

    If the list of all groups is refused or a sample, filters are all there is.
    """
    came = snapshot.came(GROUP)
    if snapshot.listed(GROUP) is not False or snapshot.lists_samples(GROUP):
        return
    for target in targets.of(GROUP.name):
        desired = target.desired
        if target.resource is None and desired.may_create and is_unusual(("", desired.name)):
            yield desired.refused(
                f"whether it exists is not certain: the list of all groups is not complete ({came})"
                ", and a filter may not find such a name; set id, or run again"
            )


def stranger_problems(targets: Targets, snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each new name that filters answer with another one.

    Names of users are unique (RFC 7643 section 8.7.1), so a second user is refused.
    """
    for target in targets.every:
        if _may_repeat(target, snapshot):
            for sentence in _strangers(target, snapshot):
                yield f"{sentence}; {_advice(target, snapshot)}, or choose another name"


def _advice(target: Target, snapshot: Snapshot) -> str:
    """Return what makes a resource with another name the one that is meant."""
    kind, name = target.desired.kind, target.desired.name
    advice = "set id or external_id to use it"
    if kind.name == GROUP.name:
        advice = "set id, external_id or previous_names to use it"
    given = snapshot.strangers(kind, kind.name_attribute, name)
    held = given[0].get(kind.name_attribute) if len(given) == 1 else None
    if not isinstance(held, str) or snapshot.form(kind, kind.name_attribute):
        return advice
    return f"{advice}, set {line_to_paste(kind, name, held)} if the service changes names"


def stranger_notes(targets: Targets, snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each other missing resource that filters show otherwise."""
    for target in targets.every:
        if not _may_repeat(target, snapshot):
            for sentence in _strangers(target, snapshot):
                yield f"{sentence}; that one is left unchanged"


def _may_repeat(target: Target, snapshot: Snapshot) -> bool:
    """Return whether a creation may make a second one.

    Names of users are unique, unless the service keeps others than it is given.
    """
    kind = target.desired.kind
    is_opaque = snapshot.form(kind, kind.name_attribute) == OPAQUE
    return target.desired.may_create and (kind.name != USER.name or is_opaque)


def _strangers(target: Target, snapshot: Snapshot) -> Iterator[str]:
    """Yield what filters gave for the keys of a missing resource, once at most."""
    if target.resource is not None:
        return
    kind = target.desired.kind
    for path, value in _keys(target.desired):
        names = []
        for one in snapshot.strangers(kind, path, value):
            name = shortened(str(one.get(kind.name_attribute) or "?"), LONGEST_NAME)
            names.append(f"'{name}' (id {one['id']})")
        if names:
            yield target.desired.refused(
                f"the service answers a filter for {path} '{value}' with {kind.name.lower()} "
                f"{', '.join(sorted(names))}, which is not that {path}"
            )
            return
