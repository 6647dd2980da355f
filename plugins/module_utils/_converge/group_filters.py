# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What filters say of groups that may have more members than they show.

Sends what is asked. Does not judge leavers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .._model.errors import ScimError
from .._model.key import Key
from .._model.schema import GROUP, USER
from .._plan.cut_groups import are_homes
from .._plan.questions import Question, Reading
from .._plan.snapshot import Snapshot
from .._protocol.filters import any_of
from .._provider.abilities import GROUPS_OF_USER, MEMBERS_OF_GROUP
from .pages import Found, search
from .service import Service
from .whole_lists import proven


def counted(service: Service, question: Question) -> Reading:
    """Return how many users a filter finds in some groups.

    Raise ScimError if it is refused.
    """
    found = _users_of(service, question.ids)
    return Reading(kind=question.kind, counted={question.ids: found.total})


def users_in(service: Service, group: str) -> int:
    """Return how many users a filter finds in a group, 0 if it proves nothing.

    A service that finds users in a group that does not exist does not honour the filter.
    """
    try:
        found = at_least(service, group)
        if found and at_least(service, f"{group}-none"):
            return 0
    except ScimError:
        return 0
    return found


def at_least(service: Service, group: str) -> int:
    """Return how many users a filter finds in a group, as far as the service says.

    Raise ScimError if it is refused.
    """
    found = _users_of(service, (group,))
    return max(found.total or 0, len(found.resources))


def any_users_in(service: Service, groups: Iterable[str]) -> bool:
    """Return whether a filter finds users in one of several groups.

    Each is asked for alone: a service may evaluate the first of several comparisons only. After a
    refusal none is asked for.
    """
    for group in groups:
        try:
            if at_least(service, group):
                return not at_least(service, f"{group}-none")
        except ScimError:
            return False
    return False


def _users_of(service: Service, groups: Sequence[str]) -> Found:
    query = {"filter": any_of([(GROUPS_OF_USER, one) for one in groups])}
    return search(service, USER, query, doing="counting the users of groups", most=1)


def homes(service: Service, question: Question, snapshot: Snapshot) -> Reading:
    """Return which groups a filter finds for users.

    A filter that is not honoured for one is not asked for the others. Raise ScimError if it is
    refused, or if a list is not whole.
    """
    found = dict.fromkeys(question.ids, frozenset[str]())
    for ident in question.ids:
        found[ident] = _groups_of(service, ident)
        if not are_homes(Key(USER.name, ident), found[ident], snapshot):
            break
    return Reading(kind=question.kind, homes=found)


def _groups_of(service: Service, user: str) -> frozenset[str]:
    doing = "looking for the groups of leavers"
    clauses = [(MEMBERS_OF_GROUP, user)]
    found = proven(service, GROUP, {"filter": any_of(clauses)}, doing=doing, clauses=clauses)
    if not found.sound:
        raise ScimError(f"the answer is not complete: {found.came}", doing=doing)
    return frozenset(str(one["id"]) for one in found.resources)
