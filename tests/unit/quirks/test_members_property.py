# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On any service, no run ends with fewer members than were to be in without naming them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Outcome,
    run,
)
from ansible_collections.identity.scim.tests.unit.quirks import members_quirks as quirks
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import (
    members_by_id_if_asked,
    members_by_id_only,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky

PEOPLE = ("ann", "bob", "cid", "dan", "eve")
WRITES: tuple[Quirk | None, ...] = (
    None,
    quirks.add_replaces,
    quirks.add_takes_the_last,
    quirks.joins_are_ignored,
    quirks.remove_takes_the_first,
    quirks.remove_takes_all,
    quirks.remove_takes_all_for_good,
    quirks.removals_are_ignored,
    quirks.put_drops_members,
    quirks.a_new_name_drops_members,
)
ANSWERS: tuple[Quirk | None, ...] = (
    None,
    quirks.silent,
    quirks.answers_without_members,
    quirks.answers_with_no_members,
    quirks.answers_with_a_cut_list,
    quirks.promises_changes,
    quirks.answers_with_nothing,
)
# How many reads of a group lag behind each of its writes. The last ones are not waited for.
LAGS = (0, 0, 0, 1, 3, 5, 20, 1000)
WAITED_FOR = 5
LISTS: tuple[Quirk | None, ...] = (None, None, members_by_id_only, members_by_id_if_asked)
SPELLINGS: tuple[Callable[[str], Any] | None, ...] = (
    None,
    str.upper,
    lambda ident: f"{{{ident}}}",
    lambda ident: f"no-{ident}-at-all",
)
CAPABILITIES: tuple[dict[str, Any], ...] = (
    {},
    {"patch_mix": "add_remove_apart"},
    {"members_per_patch": 2},
    {"member_remove": "list"},
    {"patch": False},
    {"create_members": False},
)
some = st.lists(st.sampled_from(PEOPLE), unique=True)


class Made(NamedTuple):
    """A service, how it lists an id, and how many reads lag behind a write."""

    server: Quirky
    spelt: Callable[[str], Any]
    lag: int


@st.composite
def services(draw: st.DrawFn) -> Made:
    """A service with oddities in what it does, answers and lists, and when it shows a write."""
    lag = draw(st.sampled_from(LAGS))
    spelt = None if lag else draw(st.sampled_from(SPELLINGS))
    listing = None
    if spelt is not None:
        listing = quirks.members_listed_as(
            spelt, by_filter=draw(st.booleans()), by_address=draw(st.booleans())
        )
    late = quirks.lags(lag) if lag else None
    lists = draw(st.sampled_from(LISTS))
    laid = (listing, lists, late, draw(st.sampled_from(ANSWERS)), draw(st.sampled_from(WRITES)))
    server = Quirky(*filter(None, laid))
    for name in PEOPLE:
        server.user(name)
    # One group that is read by its id decides whether lists show members. An empty one may be wrong.
    members = some if lists is None else some.filter(bool)
    for name in draw(st.sampled_from((("red",), ("red", "blue")))):
        server.group(name, draw(members))
    return Made(server, spelt or str, lag)


@st.composite
def groups(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What a task sets of one or both groups."""
    rows = []
    for name in draw(st.sampled_from((("red",), ("red", "blue")))):
        first, second = draw(some), draw(some)
        members = draw(
            st.sampled_from(
                (
                    {"set": first},
                    {"add": first},
                    {"add": first, "remove": [one for one in second if one not in first]},
                    None,
                )
            )
        )
        row: dict[str, Any] = {"display_name": name}
        if members is not None:
            row["members"] = members
        if members is None or draw(st.booleans()):
            row["external_id"] = f"x-{name}"
        if draw(st.integers(1, 4)) == 1:
            row["update_method"] = "put"
        rows.append(row)
    return rows


def wanted(before: set[str], row: dict[str, Any]) -> set[str]:
    """Who is to be in a group."""
    members = row.get("members") or {}
    if "set" in members:
        return set(members["set"])
    return (before | set(members.get("add", ()))) - set(members.get("remove", ()))


def members_of(server: Quirky, name: str) -> set[str]:
    return server.members(name) if name in server.names("Groups") else set()


@settings(max_examples=200, deadline=None)
@given(
    services(),
    groups(),
    st.sampled_from(CAPABILITIES),
    st.sampled_from(("removals", "writes", "none")),
    st.booleans(),
)
def test_l1_l2_l3_who_is_to_be_in_is_in_or_named(
    made: Made,
    rows: list[dict[str, Any]],
    caps: dict[str, Any],
    verify: str,
    stops: bool,
) -> None:
    server, spelt = made.server, made.spelt
    # A PUT that follows another one of the same group may rest on a read that lags too long.
    puts = caps.get("patch") is False or any("update_method" in row for row in rows)
    assume(not (made.lag and puts))
    before = {row["display_name"]: members_of(server, row["display_name"]) for row in rows}
    policy = Policy(verify=verify, stop_on_error=stops)
    held = copy.deepcopy(server.held)
    predicted: Outcome | ScimError
    try:
        predicted = run(server, check=True, policy=policy, caps=caps, groups=rows)
    except ScimError as refused:
        predicted = refused
    assert server.held == held and not server.log
    try:
        found = run(server, policy=policy, caps=caps, groups=rows)
    except ScimError as refused:
        event("refused")
        assert server.held == held and not server.log and str(predicted) == str(refused)
        return
    assert isinstance(predicted, Outcome)
    # A creation that did not take its members is planned again.
    if not any(one.verb == "create" for one in predicted.plan.changes):
        assert predicted.plan == found.plan
    event("failed" if found.failures else "done")
    now = {name: members_of(server, name) for name in before}
    listed = {name: str(spelt(server.id_of(name))) for name in PEOPLE}
    _check_members(rows, before, now, listed, found, made)


def _check_members(
    rows: list[dict[str, Any]],
    before: dict[str, set[str]],
    after: dict[str, set[str]],
    listed: dict[str, str],
    found: Outcome,
    made: Made,
) -> None:
    said = " ".join(str(one.error) for one in found.failures)
    untried = {one.name for one in (*found.not_tried, *found.in_part)}
    untried |= {one.change.name for one in found.failures}
    for row in rows:
        name = row["display_name"]
        was, now, aim = before[name], after[name], wanted(before[name], row)
        if made.lag > WAITED_FOR and not (was & aim) <= now:
            assert _is_open(name, found) or name in said, f"nothing is said of {name}"
            continue
        for gone in (was & aim) - now:
            assert gone in said or listed[gone] in said, f"{gone} is lost from {name}: {said}"
        done = [one for one in found.done if one.change.name == name]
        is_told = any("members" in one.not_saved or one.pending for one in done)
        if name in untried or is_told:
            continue
        assert aim <= now, f"nothing says whom {name} lacks: {row} {was} {now} {found.operations}"
        # No one can tell who leaves a group that lists users by ids which nothing explains.
        if not listed["ann"].startswith("no-"):
            assert now == aim, f"nothing says who stays: {row} {was} {now} {found.operations}"
    for one in found.done:
        name = one.change.name
        for key in one.change.joins:
            assert name in untried or one.pending or found.named(key) in after[name]


def _is_open(group: str, found: Outcome) -> bool:
    """Whether a run says that it does not know what became of a write of a group."""
    return any(f"group '{group}'" in note for note in found.notes)
