# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which lists are read to find members, and what they prove; no service is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Question, Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.member_filters import (
    ListAll,
    MemberFilters,
    about_groups,
    groups_of,
    is_found_by_filter,
    with_groups,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
    overridden,
)

BOTH = {"filter_attributes": ["User.groups.value", "Group.members.value"]}
MEMBERS = st.dictionaries(
    st.sampled_from(["g1", "g2", "g3"]), st.frozensets(st.sampled_from(["u1", "u2", "u3"]))
)


def capabilities(way: str = "users_by_group", **more: Any) -> Capabilities:
    """What a service can do that finds members in that way."""
    return overridden({"members_read": way, **more})


def answers(asked: ListAll, members: dict[str, frozenset[str]]) -> list[dict[str, Any]]:
    """What an honest service with these members answers; it has three users."""
    if asked.clause is None:
        return [{"id": one, "userName": one} for one in ("u1", "u2", "u3")]
    _path, ident = asked.clause
    if asked.kind.name == USER.name:
        return [{"id": one, "userName": one} for one in sorted(members.get(ident, ()))]
    return [{"id": group} for group, users in members.items() if ident in users]


def read_all(filters: MemberFilters, members: dict[str, frozenset[str]]) -> list[ListAll]:
    """Read until nothing is open; what was asked."""
    asked = []
    while (one := filters.next()) is not None:
        asked.append(one)
        filters.take(one, answers(one, members))
    return asked


def found(readings: Sequence[Reading]) -> dict[str, frozenset[str]]:
    """The members of each group in the readings."""
    members = {}
    for reading in readings:
        for one in reading.resources if reading.only_members else ():
            members[one["id"]] = frozenset(row["value"] for row in one["members"])
    return members


@given(MEMBERS, st.sampled_from(["users_by_group", "groups_by_user"]), st.booleans())
def test_all_members_of_all_groups_are_found(
    members: dict[str, frozenset[str]], way: str, both: bool
) -> None:
    filters = MemberFilters(members, capabilities(way, **(BOTH if both else {})), total=2)
    asked = read_all(filters, members)
    assert found(filters.readings) == members
    assert len(asked) <= 2 + max(len(members), 3)


def test_a_filter_that_is_ignored_is_an_error() -> None:
    filters = MemberFilters(["g1"], capabilities())
    everyone = answers(ListAll(USER, None), {})
    with pytest.raises(ScimError, match="does not honour a filter on groups.value"):
        while (one := filters.next()) is not None:
            filters.take(one, everyone)


@pytest.mark.parametrize(("status", "is_answer"), [(400, True), (404, False), (500, False)])
def test_a_refused_control_shows_that_the_filter_is_evaluated(status: int, is_answer: bool) -> None:
    filters = MemberFilters(["g1"], capabilities())
    first = filters.next()
    assert first is not None and not filters.take_refusal(first, status)
    filters.take(first, [{"id": "u1"}])
    control = filters.next()
    assert control is not None and control.control
    assert filters.take_refusal(control, status) is is_answer
    assert (filters.next() is None) is is_answer


@pytest.mark.parametrize(
    ("users", "total", "by_user"),
    [(["u1"], None, True), (None, 1, True), (None, None, False), (None, 3, False)],
)
def test_fewer_requests_decide_where_both_filters_work(
    users: list[str] | None, total: int | None, by_user: bool
) -> None:
    filters = MemberFilters(["g1", "g2"], capabilities(**BOTH), users=users, total=total)
    asked = read_all(filters, {"g1": frozenset(["u1"]), "g2": frozenset()})
    assert any(one.kind.name == GROUP.name for one in asked) is by_user


def test_only_groups_that_no_list_showed_are_read_themselves() -> None:
    snapshot = Snapshot()
    snapshot.add(Reading(kind=GROUP, resources=({"id": "g1", "displayName": "one"},)))
    question = Question(kind=GROUP, ids=("g1", "g2", "g3"), members=True)
    assert is_found_by_filter(question, capabilities())
    assert not is_found_by_filter(question, Capabilities())
    about = about_groups(question, snapshot)
    assert about is not None and about.ids == ("g2", "g3") and not about.members
    read = [Reading(kind=GROUP, resources=({"id": "g2"},))]
    assert groups_of(question, read, snapshot) == ("g1", "g2")


def test_members_are_laid_over_what_is_known_of_a_group() -> None:
    snapshot = Snapshot()
    snapshot.add(Reading(kind=GROUP, resources=({"id": "g1", "displayName": "one"},), partial=True))
    filters = MemberFilters(["g1"], capabilities())
    read_all(filters, {"g1": frozenset(["u1"])})
    for reading in filters.readings:
        snapshot.add(reading)
    group = Key(GROUP.name, "g1")
    assert snapshot.members(group) == {Key(USER.name, "u1")}
    assert (snapshot.get(group) or {})["displayName"] == "one"
    assert snapshot.is_partial(group)


def test_groups_in_groups_are_laid_beside_the_users_that_are_known() -> None:
    snapshot = Snapshot()
    filters = MemberFilters(["g1", "g2"], capabilities())
    read_all(filters, {"g1": frozenset(["u1"]), "g2": frozenset()})
    for reading in filters.readings:
        snapshot.add(reading)
    filters = MemberFilters(["g1", "g2"], capabilities(), users=["g3", "g4"], kind=GROUP)
    asked = read_all(filters, {"g1": frozenset(["g3"]), "g9": frozenset(["g3"])})
    assert [one.kind.name for one in asked] == [GROUP.name] * 2
    for reading in with_groups(["g1", "g2"], ["g3", "g4"], filters.readings, snapshot):
        snapshot.add(reading)
    one, two = Key(GROUP.name, "g1"), Key(GROUP.name, "g2")
    assert snapshot.members(one) == {Key(USER.name, "u1"), Key(GROUP.name, "g3")}
    assert snapshot.members(two) == frozenset()
    assert all(snapshot.asked(GROUP, "members.value", each) for each in ("g3", "g4"))


def test_a_filter_on_groups_in_groups_that_is_ignored_is_an_error() -> None:
    filters = MemberFilters(["g1"], capabilities(), users=["g3"], kind=GROUP)
    with pytest.raises(ScimError, match="does not honour a filter on members.value"):
        while (one := filters.next()) is not None:
            filters.take(one, [{"id": "g1"}])
