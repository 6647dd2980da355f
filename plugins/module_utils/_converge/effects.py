# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one change did, and what changes share: plain data; sends nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._model.errors import ScimError
from .._model.key import Key
from .._plan.change import Change
from .._plan.lessons import Lesson
from .._plan.questions import Reading, Resource
from .._plan.snapshot import Snapshot
from .group_members import Unseen
from .patience import Patience
from .service import CONFLICT, Service

# The verb of a removal, and what is removed.
Removal = tuple[str, Key]
TRIES = 3
DONE = frozenset(range(200, 300))
PROMISED = 202
FORBIDDEN = frozenset({401, 403})
# From 520 on a proxy says so, which does not know what the service did.
TEMPORARY = frozenset({500, 502, 503, 504, 520, 521, 522, 523, 524})
# Refusals that may be due to an attribute or its value.
OF_CONTENT = frozenset({400, 405, CONFLICT, 413, 422, 501})


def about_attributes(refusal: ScimError) -> bool:
    """Return whether an attribute or its value may be why a write was refused."""
    return refusal.status in OF_CONTENT


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """An answer to a write that no request of its own brought, for example in bulk."""

    status: int
    body: Any = None
    names: frozenset[str] | None = None
    text: str = ""
    tries: int = 1
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What became of one change.

    ``resource`` is as the service holds it now (None: deleted). ``operations`` are the writes that
    it accepted, as shown. ``not_saved`` are SCIM paths that it accepted and does not hold as they
    were set. ``unsent`` are paths that it is known not to hold, so they were not sent. ``refused``
    are paths that it refused, while the rest was written. ``ignored`` are those of ``not_saved``
    that a PATCH left as they were in two forms. ``failed``: this is what was done before
    a failure. ``in_part``: some of the planned change was left out. ``pending`` is a sentence if
    the service promised the change (202) and has not made it yet. ``shows_sent``: it is a creation,
    and ``resource`` shows each attribute as equal JSON.
    """

    change: Change
    resource: Resource | None
    changed: bool
    not_saved: tuple[str, ...] = ()
    unsent: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    operations: tuple[dict[str, Any], ...] = ()
    failed: bool = False
    in_part: bool = False
    pending: str = ""
    shows_sent: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Effects:
    """Everything that the work on one change brought about.

    A ``failure`` may come with what was ``done`` before it. Neither is set after a creation that
    met a resource, which is planned again. ``created`` says which id the creation
    of each ``bulkId:NAME`` gave. ``deleted`` are users that were deleted. ``undone`` are removals
    that counted as made and were not. ``proved`` and ``disproved`` are removals that a read
    showed, or showed not to be made. ``created_elsewhere`` are creations that met a resource, which
    ``readings`` show. ``notes`` are warnings for the user. ``proofs`` say what was seen of the
    forms in which groups are written (write_forms.py). ``unseen`` are writes of a group that no
    read has shown yet, ``unshown`` forms of such writes, ``earlier`` the members of the group
    before the first write of the run and after each, ``shown`` those that the last answer showed,
    if it was as asked. ``looked_through`` are the types that were listed because a refusal of a
    creation said nothing. ``no_duplicates`` are statuses of such refusals, of which a look-up
    showed that they do not mean a duplicate.
    """

    done: Done | None = None
    failure: ScimError | None = None
    created: Mapping[str, str] = field(default_factory=dict)
    deleted: frozenset[Key] = frozenset()
    undone: Mapping[Removal, ScimError] = field(default_factory=dict)
    proved: frozenset[Removal] = frozenset()
    disproved: frozenset[Removal] = frozenset()
    created_elsewhere: frozenset[Key] = frozenset()
    lessons: tuple[Lesson, ...] = ()
    readings: tuple[Reading, ...] = ()
    notes: tuple[str, ...] = ()
    proofs: Mapping[str, bool] = field(default_factory=dict)
    unshown: frozenset[str] = frozenset()
    unseen: tuple[Unseen, ...] = ()
    earlier: tuple[frozenset[Key], ...] = ()
    shown: frozenset[Key] | None = None
    looked_through: frozenset[str] = frozenset()
    no_duplicates: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What the changes of a run share.

    Workers read it; only the coordinator in apply.py writes it. ``ids`` says which id the creation
    of each ``bulkId:NAME`` gave. ``deleted`` are users that were deleted: the service may have
    taken them out of its groups by itself. ``deactivated`` are users whose deactivation the
    service accepted. ``proved`` and ``disproved`` are removals that a read showed, or showed not to
    be made. ``created_elsewhere`` are resources that another run created: a sign that one is at
    work. ``verify`` says when members are read back. ``proofs`` say of each
    form of a write of a group whether it did what was asked, wherever that was seen, and of those
    that a profile vouches for. ``unshown`` are forms in which a group was written that was then
    shown as before. ``earlier`` are the members of a group before the first write and after each,
    where reads may show them later, and ``shown`` those that the answer to the last write showed.
    ``lag`` is how long the whole run waits for reads that lag, None if it does not. ``leaving`` are
    the members that the plan removes, by the key of the group: another run may have done so.
    ``patience`` is how long promises (202) are waited for. ``defers``: those of one request are
    waited for together, after all changes of the step were sent. ``splits``: a deactivation or
    members are sent alone after an update with them is refused.
    """

    service: Service
    snapshot: Snapshot
    verify: str = "removals"
    ids: dict[str, str] = field(default_factory=dict)
    deleted: set[Key] = field(default_factory=set)
    deactivated: set[Key] = field(default_factory=set)
    proved: set[Removal] = field(default_factory=set)
    disproved: set[Removal] = field(default_factory=set)
    created_elsewhere: set[Key] = field(default_factory=set)
    leaving: defaultdict[Key, set[Key]] = field(default_factory=lambda: defaultdict(set))
    proofs: dict[str, bool] = field(default_factory=dict)
    unshown: set[str] = field(default_factory=set)
    earlier: dict[Key, list[frozenset[Key]]] = field(default_factory=dict)
    shown: dict[Key, frozenset[Key]] = field(default_factory=dict)
    lag: Patience | None = None
    looked_through: set[str] = field(default_factory=set)
    no_duplicates: set[int] = field(default_factory=set)
    patience: Patience | None = None
    defers: bool = False
    splits: bool = True

    def awaits(self, requests: int = 1) -> Patience:
        """Return how long a promise about so many requests is waited for now."""
        if self.defers and requests == 1:
            return Patience(0)
        return self.patience or Patience(self.service.consistency_wait)

    def take_members(self, group: Key, effects: Effects, *, is_repeated: bool) -> None:
        """Take in what reads may show of a group later.

        That matters if it is written again, or was shown as before.
        """
        self.unshown.update(effects.unshown)
        if effects.earlier and (effects.unseen or is_repeated):
            self.earlier[group] = list(effects.earlier)
            self.shown.pop(group, None)
            if effects.shown is not None:
                self.shown[group] = effects.shown
