# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the refusal of a write teaches about a service; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from .._model.schema import KINDS
from .._provider.capabilities import Capabilities, Rank

if TYPE_CHECKING:
    from .requests import Request

BAD_PATH = frozenset({"invalidPath", "invalidFilter"})
Form = Callable[["Request", Capabilities], bool]


@dataclass(frozen=True, slots=True)
class Proof:
    """What one answer was about.

    ``ident`` is the id of a resource, ``content`` the value if that may be the reason.
    """

    ident: str
    content: str = ""

    def differs_from(self, other: Proof) -> bool:
        """Return whether two answers are about different resources and different values."""
        if self.ident == other.ident:
            return False
        return not self.content or self.content != other.content


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """Capabilities that an answer taught, by name, and in words which answer it was.

    ``kind`` is the name of the resource type that they are about, empty for all types. A lesson
    with a ``proof`` may be due to that resource or content alone: ``evidence.py`` weighs it.
    """

    source: str
    values: Mapping[str, Any]
    rank: Rank = Rank.REFUSAL
    kind: str = ""
    proof: Proof | None = None

    @property
    def single(self) -> tuple[Lesson, ...]:
        """Return the lesson as one lesson for each value."""
        found = []
        for name, value in self.values.items():
            found.append(replace(self, values={name: value}))
        return tuple(found)

    def applied(self, capabilities: Capabilities) -> Capabilities:
        """Return the capabilities with this lesson. Options stay as they are set."""
        return capabilities.learn(self.source, rank=self.rank, kind=self.kind, **self.values)


class Rule(NamedTuple):
    """One line of the table: a form, how it is refused, and what that teaches.

    Empty ``statuses`` or ``scim_types`` fit every answer. ``value`` None stands for half of the
    members of the request. ``certain``: the refusal is about the form, not about what was written.
    """

    form: Form
    statuses: frozenset[int]
    scim_types: frozenset[str]
    capability: str
    value: Any
    note: str = ""
    certain: bool = True

    def fits(
        self, request: Request, status: int, scim_type: str, capabilities: Capabilities
    ) -> bool:
        """Return whether the rule is about this request and its answer."""
        if self.statuses and status not in self.statuses:
            return False
        if self.scim_types and scim_type not in self.scim_types:
            return False
        return self.form(request, capabilities)


def _patch(request: Request, _capabilities: Capabilities) -> bool:
    return request.method == "PATCH"


def _removal_by_filter(request: Request, capabilities: Capabilities) -> bool:
    by_filter = capabilities.member_remove == "filter"
    return request.method == "PATCH" and bool(request.leaves) and by_filter


def _several_with_joins(request: Request, _capabilities: Capabilities) -> bool:
    return request.method == "PATCH" and bool(request.joins) and len(request.members) > 1


def _several_leaves(request: Request, _capabilities: Capabilities) -> bool:
    return request.method == "PATCH" and not request.joins and len(request.leaves) > 1


def _answer_wanted(request: Request, _capabilities: Capabilities) -> bool:
    return bool(request.query)


ANY_STATUS: frozenset[int] = frozenset()
ANY_TYPE: frozenset[str] = frozenset()
TOO_MANY = frozenset({400, 413})
# Some services answer so to one member that they cannot take.
CHOKED = frozenset({500})
# The first rule that fits decides. Many members are halved before their form is doubted, since a
# plain 400 may mean both.
RULES = (
    Rule(_removal_by_filter, frozenset({501}), ANY_TYPE, "member_remove", "list"),
    Rule(_removal_by_filter, ANY_STATUS, BAD_PATH, "member_remove", "list"),
    Rule(_several_with_joins, TOO_MANY, ANY_TYPE, "members_per_patch", None),
    Rule(_several_with_joins, CHOKED, ANY_TYPE, "members_per_patch", None),
    Rule(_several_leaves, TOO_MANY, ANY_TYPE, "removals_per_patch", None),
    Rule(_removal_by_filter, frozenset({400}), ANY_TYPE, "member_remove", "list"),
    Rule(_patch, frozenset({405, 501}), ANY_TYPE, "patch", False, certain=False),
    Rule(
        _answer_wanted, frozenset({400}), ANY_TYPE, "patch_attributes", False, " with attributes="
    ),
)


def lesson_of(
    request: Request, status: int, scim_type: str, capabilities: Capabilities, kind: str
) -> Lesson | None:
    """Return what a refused write teaches, so that another form is left to try.

    ``kind`` is the name of the resource type. Return None if it teaches nothing: no rule fits, it
    is known already, or the option ``capabilities`` sets otherwise.
    """
    known = capabilities.of(kind)
    for rule in RULES:
        if rule.fits(request, status, scim_type, known):
            lesson = _lesson(rule, request, status, kind)
            learnt = lesson.applied(capabilities).of(kind)
            is_new = learnt.get(rule.capability) != known.get(rule.capability)
            return lesson if is_new else None
    return None


def _lesson(rule: Rule, request: Request, status: int, kind: str) -> Lesson:
    value = len(request.members) // 2 if rule.value is None else rule.value
    source = f"answer to {request.method} /{request.segments[0]}: {status}{rule.note}"
    proof = None if rule.certain else Proof(request.segments[-1])
    return Lesson(source=source, values={rule.capability: value}, kind=kind, proof=proof)


def is_about_filters(capability: str) -> bool:
    """Return whether a capability says what filters find."""
    return capability.startswith("filter")


def line_of(lessons: Iterable[Lesson], is_meant: Callable[[str], bool]) -> str:
    """Return the option that says at once what lessons taught, to be pasted."""
    found: dict[str, str] = {}
    for lesson in lessons:
        for name, value in lesson.values.items():
            if is_meant(name):
                found[name] = _as_option(value, lesson.kind)
    return f"{{{', '.join(f'{name}: {value}' for name, value in found.items())}}}"


def _as_option(value: Any, kind: str) -> str:
    text = str(value).lower()
    is_by_type = kind in KINDS and isinstance(value, bool)
    return f"{{{KINDS[kind].endpoint.lower()}: {text}}}" if is_by_type else text
