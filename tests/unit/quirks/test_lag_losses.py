# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes that remove members unasked, on services whose reads lag behind them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import (
    a_new_name_drops_members,
    add_replaces,
    answers_with_no_members,
    answers_with_nothing,
    answers_without_members,
    external_ids_are_ignored,
    joins_are_ignored,
    lags,
    promises_changes,
    put_drops_members,
    remove_takes_all,
    silent,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.test_siblings import go

PEOPLE = ("ann", "bob", "cid", "dan", "eve")
GOES_ON = {"stop_on_error": False}
ONCE = 6  # looks within consistency_wait


def served(*quirks: Quirk, groups: tuple[str, ...] = ("red", "zed")) -> Quirky:
    """A service with some groups of three users each."""
    server = Quirky(*quirks)
    for name in PEOPLE:
        server.user(name)
    for name in groups:
        server.group(name, PEOPLE[:3])
    return server


def rows(options: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    return [
        {"display_name": name, **options, **_own(options, name)} for name in names or ("red", "zed")
    ]


def _own(options: dict[str, Any], name: str) -> dict[str, Any]:
    """External ids are unique."""
    return {"external_id": f"x-{name}"} if "external_id" in options else {}


def reads(server: Quirky) -> int:
    return sum(len(one.segments) == 2 for one in server.sent("GET", "Groups"))


DESTRUCTIVE: list[tuple[Quirk, dict[str, Any]]] = [
    (add_replaces, {"members": {"add": ["dan"]}}),
    (add_replaces, {"members": {"set": ["ann", "bob", "cid", "dan"]}}),
    (remove_takes_all, {"members": {"remove": ["cid"]}}),
    (remove_takes_all, {"members": {"set": ["ann", "bob"]}}),
    (put_drops_members, {"members": {"add": ["dan"]}, "update_method": "put"}),
    (put_drops_members, {"external_id": "x", "update_method": "put"}),
    (a_new_name_drops_members, {"external_id": "x"}),
]
ANSWERS: list[Quirk] = [
    silent,
    answers_without_members,
    answers_with_no_members,
    promises_changes,
    answers_with_nothing,
]


@pytest.mark.parametrize("verify", ["removals", "none"])
@pytest.mark.parametrize("lag", [0, 1, 3, ONCE - 1])
@pytest.mark.parametrize("answers", ANSWERS)
@pytest.mark.parametrize("quirk, options", DESTRUCTIVE)
def test_l2_a_loss_that_reads_show_late_stops_before_the_next_group(
    quirk: Quirk, options: dict[str, Any], answers: Quirk, lag: int, verify: str
) -> None:
    server = served(lags(lag), answers, quirk)
    found = run(server, policy=Policy(verify=verify, **GOES_ON), groups=rows(options))
    stay = {"ann", "bob"}
    assert stay <= server.members("red"), found.failures
    assert server.members("zed") == {"ann", "bob", "cid"}
    (failure,) = found.failures
    said = str(failure.error)
    assert "group 'red'" in said and "ann, bob" in said and "they were added back" in said


@pytest.mark.parametrize("answers", ANSWERS)
@pytest.mark.parametrize("quirk, options", DESTRUCTIVE)
def test_l2_a_loss_that_is_shown_after_the_wait_is_found_at_the_end(
    quirk: Quirk, options: dict[str, Any], answers: Quirk
) -> None:
    names = [f"g{number}" for number in range(4)]
    slow = lags(ONCE)
    server = served(slow, answers, quirk, groups=(*names, "last"))
    found = run(server, policy=Policy(**GOES_ON), groups=rows(options, *names))
    said = " ".join(str(one.error) for one in found.failures)
    notes = " ".join(found.notes)
    for name in names:
        assert {"ann", "bob"} <= server.members(name) or f"group '{name}'" in said + notes
    assert "group 'g0'" in said and {"ann", "bob"} <= server.members("g0")


@pytest.mark.parametrize("lag", [1])
@pytest.mark.parametrize("answers", ANSWERS)
@pytest.mark.parametrize(
    "options",
    [
        {"members": {"add": ["dan"]}},
        {"members": {"set": ["ann", "dan"]}},
        {"external_id": "x"},
    ],
)
def test_l3_a_change_that_reads_show_late_counts_as_done(
    options: dict[str, Any], answers: Quirk, lag: int
) -> None:
    server = served(lags(lag), answers)
    found = run(server, policy=Policy(**GOES_ON), groups=rows(options))
    assert not found.failures and found.changed
    assert {one.not_saved for one in found.done} == {()}
    assert not [one for one in found.notes if "does not show" in one]
    assert sum(map(len, (one.change.joins for one in found.done))) == 2 * ("members" in options)
    server.forget()
    assert not run(server, policy=Policy(**GOES_ON), groups=rows(options)).changed


def test_l3_a_service_that_ignores_joins_is_waited_for_once_a_run() -> None:
    names = [f"g{number}" for number in range(5)]
    server = served(silent, joins_are_ignored, groups=tuple(names))
    found = run(server, groups=rows({"members": {"add": ["dan"]}}, *names))
    assert [one.not_saved for one in found.done] == [("members",)] * 5 and not found.changed
    assert server.waited == 5.0
    # Each is read after its write and at the end, the first one also while it is waited for.
    assert reads(server) == 2 * 5 + ONCE - 1
    assert sum("dan did not join" in one for one in found.notes) == 5


@pytest.mark.parametrize("answers", [(), (answers_without_members,)])
def test_l3_an_answer_that_shows_that_nothing_was_done_is_believed(
    answers: tuple[Quirk, ...],
) -> None:
    quirk = external_ids_are_ignored if answers else joins_are_ignored
    options: dict[str, Any] = {"external_id": "x"} if answers else {"members": {"add": ["dan"]}}
    server = served(*answers, quirk)
    found = run(server, groups=rows(options))
    assert not found.failures and not found.changed and server.waited == (0 if not answers else 5)


def test_nobody_waits_where_reads_show_writes_at_once() -> None:
    server = served(silent)
    found = run(server, groups=rows({"members": {"add": ["dan"]}}))
    assert found.changed and server.waited == 0 and reads(server) == 1


def test_nobody_waits_if_consistency_wait_is_none() -> None:
    server = served(silent, joins_are_ignored)
    found = run(server, wait=0, groups=rows({"members": {"add": ["dan"]}}))
    assert not found.changed and reads(server) == 2


MODULES: list[tuple[str, dict[str, Any]]] = [
    ("scim_group", {"display_name": "red", "members": {"add": [{"user_name": "dan"}]}}),
    ("scim_group_membership", {"group": "red", "members": [{"user_name": "dan"}]}),
    ("scim_user", {"user_name": "dan", "groups": {"add": ["red", "zed"]}}),
    (
        "scim_directory",
        {
            "teams": [
                {"name": name, "members": [{"user_name": one} for one in PEOPLE[:4]]}
                for name in ("red", "zed")
            ]
        },
    ),
]


@pytest.mark.parametrize("verify", ["removals", "none"])
@pytest.mark.parametrize("lag", [0, 2])
@pytest.mark.parametrize("module, options", MODULES)
def test_l2_every_module_waits_before_it_writes_another_group(
    module: str, options: dict[str, Any], lag: int, verify: str
) -> None:
    server = served(lags(lag), silent, add_replaces)
    said = go(server, module, verify=verify, connection={"consistency_wait": 2}, **options)
    assert "more members left the group" in said.failure and "they were added back" in said.failure
    assert server.members("red") == {"ann", "bob", "cid", "dan"}
    assert server.members("zed") == {"ann", "bob", "cid"}


def test_a_put_does_not_rest_on_a_read_that_lags() -> None:
    """The second of two writes of a group reads it as it was before the first one."""
    for answers in ((), (silent,)):
        server = served(lags(1), *answers, groups=("red",))
        row = {"display_name": "red", "members": {"set": ["dan"]}, "update_method": "put"}
        found = run(server, policy=Policy(verify="none"), groups=[row])
        assert not found.failures and server.members("red") == {"dan"}


@pytest.mark.parametrize("answers", [(), (silent,), (promises_changes,)])
@pytest.mark.parametrize("verify", ["removals", "writes", "none"])
@pytest.mark.parametrize("lag", [1, 3, ONCE, 100])
def test_l3_joins_that_a_later_put_drops_are_named(
    lag: int, verify: str, answers: tuple[Quirk, ...]
) -> None:
    """The second PUT may rest on a read that lags longer than the run waits."""
    server = served(lags(lag), *answers)
    row = {"members": {"set": ["dan"]}, "update_method": "put"}
    found = run(server, policy=Policy(verify=verify, **GOES_ON), groups=rows(row))
    said = [*found.notes, *(str(one.error) for one in found.failures)]
    for name in ("red", "zed"):
        told = [one for one in said if f"group '{name}'" in one]
        assert server.members(name) == {"dan"} or told or found.failures
        if lag == 1:
            assert server.members(name) == {"dan"} and not said
