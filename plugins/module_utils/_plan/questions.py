# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What draft asks of a service, and what one answer says; plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .._model.schema import ResourceType
from .desired import Clause, folded

if TYPE_CHECKING:
    from .._model.frames import Layout
    from .._model.layouts import Layouts

Resource = Mapping[str, Any]
# The name of a list: its resource type and the parameters that it was asked for with.
ListName = tuple[str, tuple[tuple[str, str], ...]]


class Packed(NamedTuple):
    """Resources that are packed away, with their rows of the input and their ids.

    ``layout`` is that of all of them if only their texts are kept.
    """

    rows: tuple[int, ...]
    ids: tuple[str, ...]
    data: bytes
    layout: Layout | None = None


class Sifted(NamedTuple):
    """Users of a page that are as desired already, and what must be known of them.

    ``inactive`` are ids, ``groups`` are ids of groups with those of the users that name them.
    ``links`` are what they hold where a row names another user, by row. The users of the rows in
    ``revived`` are settled no longer.
    """

    packs: tuple[Packed, ...] = ()
    inactive: frozenset[str] = frozenset()
    groups: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    links: Mapping[int, Mapping[str, Any]] = {}
    revived: tuple[int, ...] = ()

    def rows(self) -> Iterator[int]:
        """Yield the rows of the settled users."""
        for pack in self.packs:
            yield from pack.rows


NOTHING_SIFTED = Sifted()


class Sifting(Protocol):
    """What sifts the pages of a listing.

    ``layouts`` are those that its resources have, by which they may stay unread.
    """

    layouts: Layouts

    def sift(self, resources: Sequence[Resource]) -> tuple[tuple[Resource, ...], Sifted]:
        """Return the resources of a page that are not settled, and the others."""

    def shows(self, path: str, value: str) -> bool:
        """Return whether a settled user has a key; the value is folded."""

    def settles(self, number: int) -> bool:
        """Return whether the user of a row is settled."""


class Doubt(NamedTuple):
    """A list that may go on after its end: its total may be that of a page.

    ``clauses`` are those that it found nothing for. A list of everything has none.
    """

    name: ListName
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One thing to read: some resources of a kind, or all of them.

    ``ids`` are read by id. Of ``clauses`` one must hold. Without both, everything is read.
    ``members``: the answer must show the members of groups. ``whole``: it must hold every
    attribute, for a PUT. ``listed``: lists showed the groups without members. ``resting``: changes
    of members rest on it if there are none, or users say that there are some. ``doubt`` is a list
    to be read on after its end. ``optional``: only the judgement of leavers needs it, so that a
    refusal does not stop the task. ``witness``: it only confirms other answers, so that a service
    which refuses it for good does not stop the task. ``listed_ids``: groups list their members by
    these ids, and a resource may have another one. ``own_ids``: of known users they list the own
    ids. ``sampled``: of ids that no filter finds, the first one is read by its address, and the
    others only if it exists. ``by_list``: so are those that a whole list lacks. ``by_filter``: only
    filters are asked, also where a listing is known already. ``proofs`` are up to two comparisons
    that hold for known resources; they are the last and the first one of every filter that has
    several. ``alone``: each comparison is a filter of its own. ``any_one``: any one or two
    resources are asked for. ``sieve`` sifts the pages of a listing. ``encloses``: only creations
    rest on it, so that a key which may repeat is the first and the last one of its filter.
    ``lean``: nothing rests on the members of groups, so lists may leave them out. ``counted``: only
    how many users a filter finds in the groups of these ids together. ``homes``: only which groups
    a filter finds for the users of these ids. ``nested`` are groups that the input names as members
    of the groups with these ``ids``, whose users are known already.
    """

    kind: ResourceType
    ids: tuple[str, ...] = ()
    clauses: Sequence[Clause] = ()
    members: bool = False
    whole: bool = False
    listed: bool = False
    resting: bool = False
    doubt: Doubt | None = None
    optional: bool = False
    witness: bool = False
    listed_ids: bool = False
    own_ids: bool = False
    sampled: bool = False
    by_list: bool = False
    by_filter: bool = False
    proofs: tuple[Clause, ...] = ()
    alone: bool = False
    any_one: bool = False
    encloses: bool = False
    lean: bool = False
    counted: bool = False
    homes: bool = False
    nested: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sieve: Sifting | None = field(default=None, compare=False, repr=False)

    @property
    def everything(self) -> bool:
        """Return whether all resources of the kind are asked for."""
        if self.doubt is not None or self.any_one:
            return False
        return not self.ids and not self.clauses


@dataclass(frozen=True, kw_only=True, slots=True)
class Questions:
    """One round of questions.

    ``account``: ask which account the credentials belong to (RFC 7644 section 3.11). ``schemas``:
    ask which attributes the service lists (RFC 7644 section 4).
    """

    asked: tuple[Question, ...] = ()
    account: bool = False
    schemas: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one answer says about resources of one kind.

    A snapshot takes it in; nothing else changes a snapshot. ``members_shown``: a group without
    ``members`` in this answer has none. ``members_listed``: this is a list, and such a group has
    none if lists of this service show members. ``partial``: only some attributes were asked for.
    ``answered`` are keys (also ``("id", ID)``) whose look-up is complete, found or not. A filter
    answered them, or ``paged``: a page of a listing. ``unproven`` are those that the service need
    not have looked at. ``strangers`` are keys with the resources that a filter gives for them under
    another name. ``listed`` is None unless this ends a listing: True if the list is proven
    complete. ``came`` says in words how many came. ``ids`` are
    all of a complete list. ``total`` is what the service says there are. ``doubt`` is the list if
    it may go on, ``settled`` one that was doubtful before. ``any_one``: ``resources`` are any
    one or two, or none exists. ``notes`` are sentences about what is odd in the answer and did not
    stop the task. ``aliases`` are ids by which groups list users, each with the user's own
    id. ``only_members``: only the members of known groups came, so that their attributes stay.
    ``most``: a group that shows so many members may have others, 0 if all are shown.
    ``counted`` is how many users a filter finds in groups, by the ids of these, None if it does
    not say. ``homes`` are the ids of the groups that a filter finds for a user, by the user's id.
    ``found_by`` are the attributes by which a filter found a resource.
    ``tried``: a filter was asked for a known resource. ``alone`` are keys that were each asked for
    by a filter of their own. ``sample``: the list shows what does not
    exist, so the service has no real list. ``sifted`` are resources that need no change.
    ``told_apart`` is an id that came under several names, and whether these are two resources.
    """

    kind: ResourceType
    resources: tuple[Resource, ...] = ()
    members_shown: bool = False
    members_listed: bool = False
    partial: bool = False
    answered: tuple[Clause, ...] = ()
    listed: bool | None = None
    came: str = ""
    ids: frozenset[str] = frozenset()
    total: int | None = None
    doubt: Doubt | None = None
    settled: ListName | None = None
    paged: bool = False
    unproven: tuple[Clause, ...] = ()
    strangers: tuple[tuple[Clause, tuple[Resource, ...]], ...] = ()
    any_one: bool = False
    notes: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    only_members: bool = False
    most: int = 0
    counted: Mapping[tuple[str, ...], int | None] = field(default_factory=dict)
    homes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    found_by: frozenset[str] = frozenset()
    tried: bool = False
    alone: tuple[Clause, ...] = ()
    sample: bool = False
    sifted: Sifted = NOTHING_SIFTED
    told_apart: tuple[str, bool] | None = None


def sifted(reading: Reading, sieve: Sifting | None) -> Reading:
    """Return a page without the resources that need no change, which it has apart."""
    if sieve is None:
        return reading
    kept, found = sieve.sift(reading.resources)
    return replace(reading, resources=kept, sifted=found)


def unsifted(
    clauses: Iterable[Clause], kind: ResourceType, sieve: Sifting | None
) -> tuple[Clause, ...]:
    """Return keys but for those of settled users.

    They count as answered without being named.
    """
    if sieve is None:
        return tuple(clauses)
    return tuple(one for one in clauses if not sieve.shows(one[0], folded(kind, *one)))
