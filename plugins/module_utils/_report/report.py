# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run hands back, and the parts that the reports of all modules share.

Knows no module.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._converge.converge import Outcome
from .._model.errors import ScimError
from .._model.key import Key
from .._model.schema import GROUP
from .._plan.change import Change
from .._plan.desired import Desired, Reference
from .diff import before_after
from .redaction import Redactor

NAMES_SHOWN = 5


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
    not keep, ``refused`` those that it refused, and ``noted`` members that it accepted and does not
    show, each with a warning of its own. A PATCH
    left ``ignored`` as they were. ``capability`` is the line by which the next run would know. The
    Schemas of the service lack the ``unlisted`` ones.
    """

    unsent: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    noted: set[str] = field(default_factory=set)
    ignored: set[str] = field(default_factory=set)
    capability: str = ""
    unlisted: set[str] = field(default_factory=set)

    @property
    def paths(self) -> list[str]:
        """Return the paths of all three."""
        return sorted(self.unsent | self.denied | self.refused)

    @property
    def _advice(self) -> str:
        """Return what to do about values that are not kept, as the end of a sentence."""
        advice = []
        if self.ignored:
            advice.append("try update_method: put")
        if self.capability:
            advice.append(f"set {self.capability} so that they are not sent again")
        return "; " + ", or ".join(advice) if advice else ""

    def warnings(self, name: str) -> list[str]:
        """Return the sentences about one resource."""
        found = []
        denied = self.denied - self.unsent - self.refused - self.noted
        if denied:
            said = f"the service accepted {_joined(denied)} of {name} but did not keep the value"
            found.append(said + self._explained(denied) + self._advice)
        if self.unsent:
            said = f"{_joined(self.unsent)} of {name} was not sent because the service is known"
            found.append(f"{said} not to keep it{self._explained(self.unsent)}")
        return found

    def _explained(self, paths: set[str]) -> str:
        """Return what the Schemas say of paths, as a part of a sentence."""
        unlisted = paths & self.unlisted
        return f"; its Schemas do not list {_joined(unlisted)}" if unlisted else ""


def _joined(paths: Iterable[str]) -> str:
    return ", ".join(sorted(paths))


def unkept_by_name(outcome: Outcome) -> dict[str, Unkept]:
    """Return what the service does not keep, by the name of the resource.

    A user and a group of one name have one entry, with the paths of both.
    """
    found: dict[str, Unkept] = {}
    for key, paths in outcome.plan.not_saved.items():
        unkept = found.setdefault(outcome.named(key), Unkept())
        unkept.unsent.update(paths)
        unkept.unlisted |= _unlisted(outcome, key, paths)
    for done in outcome.done:
        if done.not_saved or done.unsent or done.refused:
            unkept = found.setdefault(done.change.name, Unkept())
            unkept.denied.update(done.not_saved)
            unkept.unsent.update(done.unsent)
            unkept.refused.update(done.refused)
            if done.change.key.kind == GROUP.name:
                unkept.noted.add("members")
            unkept.ignored.update(done.ignored)
            paths = (*done.not_saved, *done.unsent)
            unkept.unlisted |= _unlisted(outcome, done.change.key, paths)
            if outcome.unsaved:
                unkept.capability = f"capabilities: {{unsaved: [{', '.join(outcome.unsaved)}]}}"
    return found


def _unlisted(outcome: Outcome, key: Key, paths: Iterable[str]) -> set[str]:
    """Return the paths that the Schemas of the service lack, as far as they were read."""
    return {one for one in paths if outcome.snapshot.lists(key.kind, one) is False}


def unkept_warnings(unkept: Mapping[str, Unkept]) -> list[str]:
    """Return the warnings about attributes that the service does not keep.

    There is one for all resources of which the same is to be said. Only the first are named.
    """
    names: dict[str, list[str]] = {}
    for name in sorted(unkept):
        for sentence in unkept[name].warnings("{}"):
            names.setdefault(sentence, []).append(name)
    found = []
    for sentence, every in names.items():
        rest = len(every) - NAMES_SHOWN
        more = f" and {rest} more" if rest > 0 else ""
        found.append(sentence.replace("{}", ", ".join(every[:NAMES_SHOWN]) + more, 1))
    return found


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
