# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a question is answered best, by cost; sends nothing.

Also knows what a refused filter teaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple, Union

from .._model.errors import ScimError
from .._model.schema import GROUP, ResourceType
from .._protocol.filters import chunks, cost
from .._provider.abilities import (
    is_fake,
    lists_members,
    lists_show_members,
    members_read_is_known,
    most_comparisons,
    most_ids,
    most_members_shown,
    shows_members,
    shows_members_unasked,
    takes_parameter,
)
from .._provider.capabilities import Capabilities
from .desired import Clause, Portion, folded
from .lessons import Lesson
from .questions import ListName, Question, Reading, Resource
from .value_index import has_value

MEMBER_ATTRIBUTES = "displayName,externalId,members"
EXCLUDED = "excludedAttributes"
FEW_LOOK_UPS = 3
REFUSED_FILTER = frozenset({400, 405, 413, 414, 422, 431, 500, 501})
# These say that a filter is too long.
REFUSED_LENGTH = frozenset({413, 414, 431})
# What these refuse is no matter of length.
REFUSED_FORM = frozenset({400, 405, 422, 501})


class Step(Enum):
    """How a question is answered further."""

    LOOK_UP = "look up what is open"
    PAGE = "read the next page of a listing"
    DONE = "nothing is open"


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """How far a listing was read.

    ``rows`` are the different resources that came on ``pages`` pages. ``total`` is what the service
    says there are, ``promised`` what it said on the first page, both None if it says nothing.
    ``whole``: everything is proven to have come. ``but_for_odd``: everything came, but some rows
    are no resources. ``came`` says in words how many did. ``doubtful`` is the name of a list
    that ended and may go on, because its total may be the length of a page. ``ids`` are those of a
    whole list. ``is_sample``: it shows what does not exist. ``ends_empty``: its last page has no
    row.
    """

    pages: int = 0
    rows: int = 0
    total: int | None = None
    promised: int | None = None
    ended: bool = False
    whole: bool = False
    ids: frozenset[str] = frozenset()
    but_for_odd: bool = False
    odd: tuple[Any, ...] = ()
    came: str = ""
    doubtful: ListName | None = None
    is_sample: bool = False
    ends_empty: bool = False

    @property
    def sound(self) -> bool:
        """Return whether every row came, also those that are no resources."""
        return self.whole or self.but_for_odd


class NextPage(NamedTuple):
    """Read the next page of the listing.

    ``begins``: start a new one. ``everything``: all its pages will be read.
    """

    begins: bool
    everything: bool


class LookUp(NamedTuple):
    """Search for the resources for which one of ``clauses`` holds."""

    clauses: Portion


class ById(NamedTuple):
    """Read one resource by its address. Without ``attributes`` all of it comes."""

    ident: str
    attributes: str


Request = Union[NextPage, LookUp, ById]


def next_step(look_ups: int, listed: Listed, page_size: int) -> Step:
    """Return what needs fewer requests: look-ups, or the rest of a listing.

    ``look_ups`` is how many requests look-ups still need. Up to three look-ups need no comparison.
    More are preceded by the first page of a listing, unless the total is known already: what the
    service says there decides. A listing that ended without being whole, that says no total or that
    has more pages than it promised decides nothing, so look-ups answer the question.
    """
    if look_ups == 0:
        return Step.DONE
    if listed.ended:
        return Step.LOOK_UP
    if listed.pages == 0:
        return _first_step(look_ups, listed.total, page_size)
    if listed.total is None or listed.promised is None:
        return Step.LOOK_UP
    if listed.pages > _pages(listed.promised, listed):
        return Step.LOOK_UP
    left = _pages(listed.total - listed.rows, listed)
    return Step.PAGE if left < look_ups else Step.LOOK_UP


def requests_of(look_ups: int, comparisons: int, listed: Listed) -> int:
    """Return how many requests look-ups of so many comparisons take.

    An answer has as many pages as a listing of that length would have.
    """
    if listed.pages == 0 or listed.rows == 0:
        return look_ups
    return look_ups * max(1, _pages(comparisons, listed))


def sure_pages(listed: Listed, keys: int | None = None, per_look_up: int = 1) -> int:
    """Return how many pages of a list will be read next, whatever they hold.

    ``keys`` are those that are open, None if everything is read. A page may answer as many as it
    has rows, so that look-ups of the others need fewer requests than its other pages.
    """
    if listed.ended or not listed.rows or listed.total is None:
        return 0
    left = max(0, _pages(listed.total - listed.rows, listed))
    if keys is None:
        return left
    rows = _rounded_up(listed.rows, listed.pages)
    for page in range(left):
        look_ups = _rounded_up(keys - page * rows, per_look_up)
        if left - page >= look_ups:
            return page
    return left


def _first_step(look_ups: int, total: int | None, page_size: int) -> Step:
    if look_ups <= FEW_LOOK_UPS:
        return Step.LOOK_UP
    if total is None:
        return Step.PAGE
    return Step.PAGE if _rounded_up(total, page_size) < look_ups else Step.LOOK_UP


def _pages(rows: int, listed: Listed) -> int:
    """Return how many pages hold so many rows, as large as those that came."""
    return _rounded_up(rows * listed.pages, max(listed.rows, 1))


def _rounded_up(number: int, by: int) -> int:
    return -(-number // by)


def portions(clauses: Iterable[Clause], capabilities: Capabilities) -> list[Portion]:
    """Return comparisons in portions, each small enough for one filter."""
    most = most_comparisons(capabilities)
    return list(chunks(clauses, most, capabilities.filter_length))


def portions_of_ids(
    clauses: Iterable[Clause], proofs: Portion, capabilities: Capabilities
) -> list[Portion]:
    """Return comparisons of ids in portions, each with room for proofs in its filter."""
    most = max(1, most_ids(capabilities) - len(proofs))
    return list(chunks(clauses, most, capabilities.filter_length - cost(proofs)))


def trial(clauses: Iterable[Clause], capabilities: Capabilities) -> Portion:
    """Return the comparisons of one look-up that is only tried.

    It is one comparison where a refusal taught how many a filter may have, since fewer may be
    refused as well.
    """
    first = portions(clauses, capabilities)[0]
    return first[:1] if capabilities.is_learnt("filter_clauses") else first


class Retry(NamedTuple):
    """What a refused filter teaches, if the next form works, and what to send instead.

    Without ``portions`` no filter helps.
    """

    lesson: Lesson
    portions: list[Portion]


def after_refusal(
    portion: Portion,
    status: int | None,
    capabilities: Capabilities,
    *,
    kind: str = "",
    ids_work: bool = False,
) -> Retry | None:
    """Return what to send instead of a refused filter. None: the refusal is final.

    Several comparisons are halved, down to one. If the length is not the reason, a quarter is left:
    such services seldom take more than one. A refusal of several ids is followed by one id, since
    it does not say whether the service takes a filter on ``id`` at all; ``ids_work``: it has
    answered one. ``kind`` is the name of the resource type that is looked up,
    ``capabilities`` hold for it.
    """
    if status not in REFUSED_FILTER or capabilities.set_by_option("filters"):
        return None
    by_id = portion[0][0] == "id"
    if len(portion) == 1 and by_id:
        source = f"answer to a filter on id: {status}"
        return Retry(Lesson(source=source, values={"filter_ids": False}, kind=kind), [])
    if len(portion) == 1:
        source = f"answer to a filter: {status}"
        return Retry(Lesson(source=source, values={"filters": False}, kind=kind), [])
    source = f"answer to a filter of {len(portion)} comparisons: {status}"
    fewer = max(1, len(portion) // (4 if status in REFUSED_FORM and not by_id else 2))
    lesson = Lesson(source=source, values={"filter_clauses": fewer})
    smaller = lesson.applied(capabilities).of(kind)
    if by_id and not ids_work:
        return Retry(lesson, [portion[:1], *portions(portion[1:], smaller)])
    return Retry(lesson, portions(portion, smaller))


def satisfies(kind: ResourceType, resource: Resource, clauses: Iterable[Clause]) -> bool:
    """Return whether one of several comparisons holds for a resource.

    It is judged here: services may ignore a filter.
    """
    for path, value in clauses:
        wanted = folded(kind, path, value)
        if has_value(kind, resource, path, wanted):
            return True
    return False


def looking_up(kind: ResourceType, clauses: Sequence[Clause]) -> str:
    """Return what is looked up, for a sentence; up to three keys with their values."""
    noun = kind.name.lower()
    clauses = tuple(dict.fromkeys(clauses))
    if len(clauses) <= 3:
        named = " or ".join(f"{path} '{value}'" for path, value in clauses)
        return f"looking up {noun} by {named}"
    paths = ", ".join(dict.fromkeys(path for path, _value in clauses))
    return f"looking up {len(clauses)} {noun}s by {paths}"


def not_whole(kind: ResourceType, clauses: Sequence[Clause], came: str) -> ScimError:
    """Return the error about a look-up that is not complete. ``came``: how many came."""
    return ScimError(
        f"the answer is not complete: {came}",
        doing=looking_up(kind, clauses),
        hint="run again; nothing was changed",
    )


def list_not_whole(kind: ResourceType, keys: int, came: str) -> ScimError:
    """Return the error about a list of everything that answers so many keys."""
    endpoint = kind.endpoint.lower()
    return ScimError(
        f"the list of all {endpoint} is not complete ({came}), so it does not prove which exist",
        doing=f"looking up {keys} {endpoint}",
        hint="run again, or see the option capabilities",
    )


def member_attributes(
    capabilities: Capabilities, question: Question = Question(kind=GROUP)
) -> tuple[str, ...]:
    """Return what to ask for, in turn, until a group read by its id shows members.

    It is everything where the members come, or are hidden, in any case. Where they are known to
    come if they are asked for, only that is done. Otherwise a group without members in one form of
    the answer may have some in the other. If everything must come, it comes first. If a list was
    asked for its members and showed none, everything is left. If a write of members rests on it, or
    users say that they are in, the group is asked for its members by its id too.
    """
    if shows_members_unasked(capabilities) or not shows_members(capabilities):
        return ("",)
    if question.listed and lists_members(capabilities) and not question.whole:
        return _forms_after_a_list(capabilities, question)
    if question.whole or not lists_members(capabilities):
        return ("", MEMBER_ATTRIBUTES)
    if members_read_is_known(capabilities):
        return (MEMBER_ATTRIBUTES,)
    return (MEMBER_ATTRIBUTES, "")


def forms_by_id(question: Question, capabilities: Capabilities) -> tuple[str, ...]:
    """Return the attributes to ask for by id, one after the other."""
    if not question.members:
        return ("",)
    return member_attributes(capabilities, question)


def _forms_after_a_list(capabilities: Capabilities, question: Question) -> tuple[str, ...]:
    """Return what to ask for by an id after a list showed no members of any group."""
    if members_read_is_known(capabilities):
        return ("",)
    return ("", MEMBER_ATTRIBUTES) if question.resting else ("",)


class Shown(NamedTuple):
    """What a list says of the members of groups, as in a Reading."""

    members_shown: bool = False
    members_listed: bool = False
    partial: bool = False
    most: int = 0


def shown_in_list(question: Question, capabilities: Capabilities) -> Shown:
    """Return what the answers to a question say of members if they are lists.

    A group without members has none if it is set that members always come. If they are asked for
    and that is assumed or learnt, only another answer tells.
    """
    asked = bool(parameters(question, capabilities))
    most = most_members_shown(capabilities)
    comes = asked or shows_members_unasked(capabilities)
    if not question.members or not comes:
        return Shown(partial=asked or question.lean, most=most)
    is_known = lists_show_members(capabilities)
    return Shown(members_shown=is_known, members_listed=True, partial=asked, most=most)


def read_as(
    question: Question, resources: Iterable[Resource], capabilities: Capabilities
) -> Reading:
    """Return resources of a list as a reading.

    A group without members has none if members were asked for or always come.
    """
    shown = shown_in_list(question, capabilities)
    return Reading(
        kind=question.kind,
        resources=tuple(one for one in resources if not is_fake(capabilities, one)),
        **shown._asdict(),
    )


class Lean(dict[str, str]):
    """Parameters of a list that leaves attributes out if the service takes that."""


def list_parameters(question: Question, capabilities: Capabilities) -> dict[str, str]:
    """Return the parameters of a list: those that show members, or leave them out.

    RFC 7644 section 3.4.2.5. A service that ignores them shows more than is needed.
    """
    if question.lean and takes_parameter(capabilities, EXCLUDED):
        return Lean({EXCLUDED: "members"})
    return parameters(question, capabilities)


def parameters(question: Question, capabilities: Capabilities) -> dict[str, str]:
    """Return the parameters by which a list shows members.

    There are none if the whole resource comes.
    """
    asks = question.members and not question.whole
    if asks and lists_members(capabilities):
        return {"attributes": MEMBER_ATTRIBUTES}
    return {}
