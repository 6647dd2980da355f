# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run hands back, and the parts that the reports of all modules share.

Knows no module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._converge.converge import Outcome
from .._converge.effects import Done
from .._model.errors import ScimError, first_of
from .._model.flat import flatten
from .._model.key import Key
from .._model.remade import rewrite_of
from .._model.schema import GROUP, KINDS, USER
from .._plan.change import Change
from .._plan.desired import Desired, Reference
from .diff import before_after
from .redaction import Redactor

NAMES_SHOWN = 5
MEMBERS = ("members", GROUP.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One finished run of a module, to be reported.

    ``requests`` is how many it sent, ``seconds`` how long it took.
    """

    outcome: Outcome
    desired: Sequence[Desired]
    params: Mapping[str, Any]
    redactor: Redactor
    requests: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The result of a module, not yet cleaned.

    ``result`` has neither diff nor warnings, which are apart.
    """

    result: dict[str, Any]
    warnings: tuple[str, ...] = ()
    diff: tuple[dict[str, Any], ...] = ()
    failure: ScimError | None = None


@dataclass(kw_only=True, slots=True)
class Unkept:
    """Attributes of one resource that the service does not hold as they were set.

    ``unsent`` are those that it is known not to keep, ``denied`` those that it accepted and did
    not keep, and ``refused`` those that it refused, each with a warning of its own. A PATCH left
    ``ignored`` as they were. The Schemas of the service lack the ``unlisted`` ones. ``unsure`` are
    names of which nothing shows whether the resource has them. ``remade`` says how ``rewrite``
    explains what the service holds instead, by path.
    """

    kind: str
    name: str
    unsent: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    ignored: set[str] = field(default_factory=set)
    unlisted: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    remade: dict[str, str] = field(default_factory=dict)

    @property
    def paths(self) -> set[str]:
        """Return the paths of all three."""
        return self.unsent | self.denied | self.refused


@dataclass(kw_only=True, slots=True)
class Loss:
    """Attributes of the same resources that are not held as they were set.

    ``names`` are those of which it was not sent, or sent in vain. This run tried it if
    ``is_denied`` or ``is_refused``. Otherwise it was known before, and each run says the same.
    ``is_unsure``: it is a name of which nothing shows whether the resource has it.
    """

    kind: str
    paths: list[str]
    unlisted: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    is_denied: bool = False
    is_refused: bool = False
    is_ignored: bool = False
    is_unsure: bool = False
    remade: dict[str, str] = field(default_factory=dict)

    def add(self, path: str, one: Unkept) -> None:
        """Add what is known of one resource and a path of it."""
        self.unlisted |= {path} & one.unlisted
        self.is_ignored |= path in one.ignored
        self.is_unsure |= path in one.unsure
        self.remade.update((name, form) for name, form in one.remade.items() if name == path)
        is_refused = path in one.refused
        is_denied = path in one.denied - one.unsent - one.refused
        self.is_refused |= is_refused
        self.is_denied |= is_denied
        if is_denied or path in one.unsent:
            self.names.append(one.name)

    @property
    def alike(self) -> tuple[object, ...]:
        """Return what is the same of losses that are told in one sentence."""
        flags = (self.is_denied, self.is_refused, self.is_ignored, self.is_unsure, not self.remade)
        return (self.kind, *self.names), flags

    @property
    def is_new(self) -> bool:
        """Return whether this run learnt of it."""
        return self.is_denied or self.is_refused

    def sentence(self, unsaved: Sequence[str]) -> str:
        """Return what is to be said of it, with the ``capabilities`` line to set."""
        listed = f"; its Schemas do not list {_joined(self.unlisted)}" if self.unlisted else ""
        if self.is_denied:
            return self._accepted() + listed + self._advice(unsaved)
        verb, what = ("was", "it") if len(self.paths) == 1 else ("were", "them")
        said = f"{_joined(self.paths)} of {self._whose()} {verb} not sent because the service"
        if self.is_refused:
            return f"{said} refused {what} before{listed}{self._advice(unsaved)}"
        if self.is_unsure:
            option = "previous_user_names" if self.kind == USER.name else "previous_names"
            return (
                f"{said} shows names in a form of its own; to rename this {self.kind.lower()}, set "
                f"{option} to a name by which the service finds it"
            )
        return f"{said} is known not to keep {what}{listed}"

    def _accepted(self) -> str:
        paths, whose = _joined(self.paths), self._whose()
        value, verb = ("value", "is") if len(self.paths) == 1 else ("values", "are")
        if len(self.names) == 1:
            return f"the service accepted {paths} of {whose} but did not keep the {value}"
        kept = f"the service accepted {paths} but did not keep the {value}"
        return f"{kept}, which {verb} set for {whose}"

    def _whose(self) -> str:
        """Return the name of the resource, or how many they are and the first names."""
        if len(self.names) == 1:
            return self.names[0]
        shown = first_of(self.names, NAMES_SHOWN)
        return f"{len(self.names)} {self.kind.lower()}s ({shown})"

    def _advice(self, unsaved: Sequence[str]) -> str:
        """Return what to do about it, as the end of a sentence."""
        is_unsaved = any(_is_named(unsaved, self.kind, path) for path in self.paths)
        if self.remade and not is_unsaved:
            forms = ", ".join(self.remade[path] for path in sorted(self.remade))
            line = f"capabilities: {{rewrite: {{{forms}}}}}"
            return f"; if the service keeps values in a form of its own, set {line}"
        advice = []
        if self.is_ignored:
            advice.append("try update_method: put")
        if is_unsaved:
            line = f"capabilities: {{unsaved: [{', '.join(unsaved)}]}}"
            what = "it is" if len(self.paths) == 1 else "they are"
            advice.append(f"set {line} so that {what} not sent again")
        return "; " + ", or ".join(advice) if advice else ""


def _joined(paths: Iterable[str]) -> str:
    return ", ".join(sorted(paths))


def _is_named(unsaved: Iterable[str], kind: str, path: str) -> bool:
    """Return whether a capability names a path, a part of it, or what it is a part of."""
    sought = f"{kind}.{path}".lower()
    return any(
        _is_within(sought, one.lower()) or _is_within(one.lower(), sought) for one in unsaved
    )


def _is_within(path: str, whole: str) -> bool:
    return path == whole or path.startswith((f"{whole}.", f"{whole}:"))


def unkept(outcome: Outcome) -> list[Unkept]:
    """Return what the service does not keep, one for each resource, sorted by name."""
    found: dict[tuple[str, str], Unkept] = {}

    def of(key: Key, name: str, paths: Iterable[str]) -> Unkept:
        one = found.setdefault((name, key.kind), Unkept(kind=key.kind, name=name))
        one.unlisted |= _unlisted(outcome, key, paths)
        return one

    for key, paths in outcome.plan.not_saved.items():
        one = of(key, outcome.named(key), paths)
        one.unsent.update(paths)
        if key in outcome.plan.unsure_names:  # then it is a user or a group
            one.unsure.add(KINDS[key.kind].name_attribute)
    for done in outcome.done:
        if done.not_saved or done.unsent or done.refused:
            one = of(done.change.key, done.change.name, (*done.not_saved, *done.unsent))
            one.denied.update(done.not_saved)
            one.unsent.update(done.unsent)
            # A plan that was made again leaves out what this run tried in vain.
            one.unsent -= {
                path for path in done.not_saved if _is_named(outcome.unsaved, one.kind, path)
            }
            one.refused.update(done.refused)
            one.ignored.update(done.ignored)
            one.remade.update(_remade(done))
    return [found[name] for name in sorted(found)]


def _remade(done: Done) -> Iterator[tuple[str, str]]:
    """Yield (path, its form) for what a service seems to have made of a value.

    The name of a new resource has a warning of its own.
    """
    change = done.change
    if done.resource is None or not done.not_saved:
        return
    held = flatten(change.kind, done.resource)
    for path in done.not_saved:
        if change.before is None and path == change.kind.name_attribute:
            continue
        values = (change.new.get(path), change.old.get(path), held.get(path))
        form = rewrite_of(change.key.kind, path, *values)
        if form:
            yield path, form


def paths_by_name(every: Iterable[Unkept]) -> dict[str, list[str]]:
    """Return the paths that are not kept, by the name of the resource.

    A user and a group of one name have one entry, with the paths of both.
    """
    found: dict[str, set[str]] = {}
    for one in every:
        found.setdefault(one.name, set()).update(one.paths)
    return {name: sorted(paths) for name, paths in found.items()}


def losses(every: Iterable[Unkept]) -> list[Loss]:
    """Return what is to be said of attributes that are not kept.

    There is one for each attribute, and one for attributes of the same resources. Members that a
    service accepted and does not show have a warning of their own.
    """
    found: dict[tuple[str, str], Loss] = {}
    for one in every:
        for path in one.paths:
            place = (path, one.kind)
            if place != MEMBERS:
                found.setdefault(place, Loss(kind=one.kind, paths=[])).add(path, one)
    told: dict[tuple[object, ...], Loss] = {}
    for path, kind in sorted(found):
        loss = found[path, kind]
        whole = told.setdefault(loss.alike, loss)
        whole.paths.append(path)
        whole.remade.update(loss.remade)
        whole.unlisted |= loss.unlisted
    return [one for one in told.values() if one.names]


def unkept_warnings(every: Iterable[Loss], outcome: Outcome) -> list[str]:
    """Return a warning for each attribute that this run found not to be kept."""
    return [one.sentence(outcome.unsaved) for one in every if one.is_new]


def unkept_notes(every: Iterable[Loss]) -> list[str]:
    """Return a note for each attribute that was known not to be kept before this run.

    An option, a profile or what was read says so. It comes in each run, so it is no warning.
    """
    return [one.sentence(()) for one in every if not one.is_new]


def _unlisted(outcome: Outcome, key: Key, paths: Iterable[str]) -> set[str]:
    """Return the paths that the Schemas of the service lack, as far as they were read."""
    return {one for one in paths if outcome.snapshot.lists(key.kind, one) is False}


def missing_warnings(outcome: Outcome) -> list[str]:
    """Return the warnings of check mode about what does not exist.

    An earlier task may create it.
    """
    found = [not_yet(one) for one in outcome.pending.needed]
    for one in outcome.pending.removed:
        found.append(
            f"{one} is listed for removal but does not exist; fix the name, "
            "unless an earlier task creates it"
        )
    return [*found, *outcome.pending.hints]


def not_yet(reference: Reference) -> str:
    """Return the warning of check mode about a resource that must exist and does not."""
    return f"{reference} does not exist yet; an earlier task may create it"


def pending_members(outcome: Outcome) -> list[str]:
    """Return the members that do not exist yet, by the value of their reference."""
    return values_of(outcome.pending.members)


def values_of(references: Iterable[Reference]) -> list[str]:
    """Return the sorted values of references."""
    return sorted(one.value for one in references)


def operations(run: Run, most: int | None = None) -> list[dict[str, Any]]:
    """Return the requests that were sent or, in check mode, would be; without secrets."""
    return [run.redactor.masked_request(one) for one in run.outcome.operations[:most]]


def diffs(run: Run, changes: Iterable[Change]) -> tuple[dict[str, Any], ...]:
    """Return changes of a run in the form of diff mode; without secrets."""
    found = []
    for change in changes:
        shown = before_after(change, run.outcome.named)
        for side in ("before", "after"):
            shown[side] = run.redactor.masked(shown[side])
        found.append(shown)
    return tuple(found)


def promised(outcome: Outcome) -> dict[str, list[str]]:
    """Return what the service has promised and not made yet, if there is any."""
    return {"pending": list(outcome.promised)} if outcome.promised else {}
