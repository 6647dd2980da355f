# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""However a service lists users, groups and members, no run removes what it was not told to."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Outcome,
    run,
)
from ansible_collections.identity.scim.tests.unit.quirks import lists_quirks as lists
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import without_inactive
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import members_listed_as
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky

KINDS = ("Users", "Groups")
CAPS = st.sampled_from([10, 20, 50])
LISTS: st.SearchStrategy[Quirk] = st.one_of(
    st.just(lists.empty_unless_asked_for_a_place),
    st.just(lists.starts_over),
    st.just(without_inactive),
    st.builds(lists.total_of_page, CAPS, st.sampled_from(KINDS)),
    st.builds(lists.first_page_only, CAPS),
    st.builds(lists.counts_pages, CAPS),
    st.builds(lists.total_changes, st.integers(0, 4)),
    st.builds(lists.refused_past_the_end, st.sampled_from([400, 404])),
    st.builds(lists.large_pages_refused, st.sampled_from([25, 30, 50])),
    st.builds(lists.pages_overlap, st.sampled_from(KINDS)),
    st.builds(lists.repeats_the_first, st.sampled_from(KINDS)),
)
MEMBERS: st.SearchStrategy[Quirk] = st.one_of(
    st.just(lists.members_by_id_only),
    st.just(lists.members_by_id_if_asked),
    st.builds(lists.members_hidden, st.booleans()),
    st.builds(lists.members_cut, st.sampled_from([10, 20])),
    st.builds(
        members_listed_as,
        st.sampled_from([str.upper, "{{{}}}".format]),
        by_filter=st.booleans(),
        by_address=st.booleans(),
    ),
)
PEOPLE = [f"n{number}" for number in range(45)]


def some(most: int = 45) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(PEOPLE[:most]), unique=True, max_size=most)


@st.composite
def services(draw: st.DrawFn) -> Quirky:
    """A service whose lists are odd, with users, a team and other groups."""
    quirks = [*draw(st.lists(LISTS, max_size=1)), *draw(st.lists(MEMBERS, max_size=1))]
    if draw(st.booleans()):
        quirks.append(lists.users_name_groups)
    server = Quirky(*quirks, judged=False, page=draw(st.sampled_from([10, 50, 1000])))
    inactive = draw(some(5))
    for name in PEOPLE[: draw(st.sampled_from([12, 20, 31, 45]))]:
        server.user(name, active=name not in inactive)
    there = server.names("Users")
    size = draw(st.sampled_from([0, 3, 10, 12, 20]))
    server.group("team", [one for one in draw(st.permutations(PEOPLE)) if one in there][:size])
    for number in range(draw(st.sampled_from([0, 1, 9, 20, 23]))):
        server.group(f"g{number}", [one for one in draw(some(12)) if one in there])
    return server


def state(server: Quirky) -> tuple[set[str], set[str], dict[str, set[str]]]:
    """The active users, all users, and the members of each group."""
    users = server.held["Users"].values()
    active = {one["userName"] for one in users if one["active"] is not False}
    groups = {name: server.members(name) for name in server.names("Groups")}
    return active, server.names("Users"), groups


ACTIONS = st.sampled_from(["leavers", "set", "own groups", "purge", "absent"])


@settings(max_examples=100, deadline=None)
@given(services(), ACTIONS, some(20), st.sampled_from(["inactive", "absent"]), st.booleans())
def test_l4_a_listing_that_lies_never_leads_to_a_removal(
    server: Quirky, action: str, named: list[str], end: str, filters: bool
) -> None:
    named = [one for one in named if one in server.names("Users")] or ["n0"]
    before = state(server)
    kept_groups = sorted(before[2])[::2]
    policy = Policy(thresholds={}, verify="removals")
    task: dict[str, Any] = {}
    if action == "leavers":
        policy = Policy(leavers=end, thresholds={})
        task["teams"] = [{"name": "team", "members": [{"user_name": one} for one in named]}]
    elif action == "set":
        task["groups"] = [{"display_name": "team", "members": {"set": named}}]
    elif action == "own groups":
        named = named[:1]
        task["users"] = [{"user_name": named[0], "groups": {"set": ["team"]}}]
    elif action == "purge":
        policy = Policy(purge={"User": end, "Group": "absent"}, thresholds={})
        named = sorted(server.names("Users") - set(named))
        task["users"] = [{"user_name": one} for one in named]
        task["groups"] = [{"display_name": one} for one in kept_groups]
    else:
        task["users"] = [{"user_name": one, "state": end} for one in named]
    caps = {} if filters else {"filters": False}
    found: Outcome | None = None
    held = copy.deepcopy(server.held)
    try:
        found = run(server, policy=policy, caps=caps, **task)
    except ScimError:
        event(f"{action}: refused")
        assert server.held == held and not server.log
    else:
        event(f"{action}: {'failed' if found.failures else 'done'}")
    _check(action, set(named), before, state(server))
    assert len(server.held["Users"]) == len(server.names("Users"))
    assert len(server.held["Groups"]) == len(server.names("Groups"))
    if found is not None and not (found.failures or found.notes or found.not_tried):
        _check_done(action, end, set(named), state(server))


State = tuple[set[str], set[str], dict[str, set[str]]]


def _check(action: str, named: set[str], before: State, after: State) -> None:
    """Check that nothing went but for what the task is about."""
    gone = before[0] - after[0]
    lost = {
        (group, one) for group in before[2] for one in before[2][group] - after[2].get(group, set())
    }
    lost = {one for one in lost if one[1] in after[1] and one[0] in after[2]}
    elsewhere = set().union(*(before[2][one] for one in before[2] if one != "team"))
    if action == "leavers":
        assert gone <= before[2]["team"] - named - elsewhere
        assert {group for group, _one in lost} <= {"team"}
        assert not {one for _group, one in lost} & named
    elif action == "set":
        assert not gone and lost <= {("team", one) for one in before[2]["team"] - named}
    elif action == "own groups":
        assert not gone and {one for _group, one in lost} <= named
        assert not {group for group, _one in lost} & {"team"}
    elif action == "purge":
        assert not gone & named and not lost
        assert not set(sorted(before[2])[::2]) - after[2].keys()
    else:
        assert gone <= named and not lost and before[2].keys() == after[2].keys()


def _check_done(action: str, end: str, named: set[str], after: State) -> None:
    """Check that a run that says nothing did what it was told to."""
    if action in ("leavers", "set"):
        assert after[2]["team"] == named
    elif action == "own groups":
        (name,) = named
        assert name in after[2]["team"]  # others may hide that the user is in
    elif action == "purge":
        assert not after[0] - named
    else:
        assert not named & (after[0] if end == "inactive" else after[1])
