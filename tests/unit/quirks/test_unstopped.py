# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures of attributes stop no deactivation and no leave, whatever they are answered (E2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.tests.unit.faults.hostile import hostile
from ansible_collections.identity.scim.tests.unit.faults.hostile import run as modules
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.bulky import Bulky
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import team
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.lessons_quirks import paths_of
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky

GOES_ON = Policy(stop_on_error=False, leavers="inactive")
STATUSES = (
    400,
    402,
    403,
    404,
    405,
    408,
    409,
    410,
    412,
    413,
    418,
    422,
    423,
    428,
    451,
    500,
    501,
    502,
)
STATUSES += (503, 504, 507)


def refuses_titles(status: int) -> Any:
    """Refuse every update that changes a title, by PATCH or PUT."""

    def quirk(server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.method == "PATCH" and "title" in paths_of(asked):
            return Answer(status, {"detail": "no"})
        if asked.method == "PUT":
            held = server.held[asked.kind].get(asked.segments[-1], {})
            if asked.body.get("title") != held.get("title"):
                return Answer(status, {"detail": "no"})
        return honest(asked)

    return quirk


def refuses_all(status: int) -> Any:
    """Refuse every write."""

    def quirk(_server: Quirky, asked: Any, honest: Any) -> Any:
        return honest(asked) if asked.method == "GET" else Answer(status, {"detail": "no"})

    return quirk


def writes(server: Quirky) -> list[Any]:
    return [one for one in server.asked if one.method != "GET"]


@pytest.mark.parametrize("method", ["patch", "put", "auto"])
@pytest.mark.parametrize("status", STATUSES)
def test_e2_a_user_becomes_inactive_whatever_an_attribute_is_answered(
    status: int, method: str
) -> None:
    server = Quirky(refuses_titles(status))
    server.user("ann", title="old", nickName="kept")
    row = {"user_name": "ann", "active": False, "title": "new", "update_method": method}
    found = run(server, users=[row], policy=GOES_ON)
    assert server["ann"]["active"] is False and found.changed
    assert (server["ann"]["title"], server["ann"]["nickName"]) == ("old", "kept")
    refused = [one for done in found.done for one in done.refused]
    assert found.failures or refused == ["title"]
    assert len(found.failures) <= 1
    server.forget()
    again = run(server, users=[row], policy=GOES_ON)
    assert bool(again.failures) is bool(found.failures) or status in (405, 501)
    assert server["ann"]["active"] is False and not again.changed


@pytest.mark.parametrize("status", STATUSES)
def test_e2_a_leaver_with_attributes_leaves_whatever_they_are_answered(status: int) -> None:
    server = Quirky(refuses_titles(status))
    for name in ("gone", "zoe", "yan"):
        server.user(name)
    server.group("red", ["gone", "zoe", "yan"])
    members = ("zoe", {"user_name": "gone", "title": "x", "state": "inactive"})
    found = run(server, teams=[team("red", *members)], policy=GOES_ON)
    assert not server["gone"]["active"] and not server["yan"]["active"]
    assert server.members("red") == {"zoe"}
    refused = [one for done in found.done for one in done.refused]
    assert found.failures or refused == ["title"] or server["gone"]["title"] == "x"


@pytest.mark.parametrize("status", STATUSES)
def test_e2_leavers_become_inactive_though_thirty_updates_are_refused_with_any_status(
    status: int,
) -> None:
    server = Quirky(refuses_titles(status))
    rows = [{"user_name": f"n{number:02}", "title": f"t{number}"} for number in range(30)]
    for row in rows:
        server.user(row["user_name"])
    for name in ("gone", "zoe"):
        server.user(name)
    server.group("red", ["gone", "zoe"])
    found = run(server, users=rows, teams=[team("red", "zoe")], policy=GOES_ON)
    assert server["gone"]["active"] is False and server.members("red") == {"zoe"}
    assert len(found.failures) <= 20


@pytest.mark.parametrize("status", [403, 412, 500, 503])
def test_e2_thirty_deactivations_are_made_though_each_attribute_is_refused(status: int) -> None:
    server = Quirky(refuses_titles(status))
    names = [f"n{number:02}" for number in range(30)]
    for name in names:
        server.user(name)
    rows = [{"user_name": one, "title": f"t {one}", "active": False} for one in names]
    found = run(server, users=rows, policy=GOES_ON)
    assert [server[one]["active"] for one in names] == [False] * 30
    assert found.failures and not any("title" in server[one] for one in names)
    if status == 403:
        assert len(found.failures) == 1 and len(found.in_part) == 30
        assert len(writes(server)) == 2 + 29


MIXED = {
    "users": [
        *({"user_name": f"t{number}", "title": "x"} for number in range(9)),
        *({"user_name": f"d{number}", "title": "x", "active": False} for number in range(9)),
    ],
    "groups": [{"display_name": "blue", "external_id": "b", "members": {"add": ["t1"]}}],
    "teams": [team("red", "zoe")],
}


def mixed(*quirks: Any) -> Quirky:
    server = Quirky(*quirks)
    for row in MIXED["users"]:
        server.user(row["user_name"])
    for name in ("gone", "zoe"):
        server.user(name)
    server.group("red", ["gone", "zoe"])
    server.group("blue", ["zoe"])
    return server


@pytest.mark.parametrize("at_once", [1, 8])
def test_e2_where_every_write_is_answered_403_one_of_attributes_and_one_other_is_sent(
    at_once: int,
) -> None:
    server = mixed(refuses_all(403))
    found = run(server, policy=GOES_ON, at_once=at_once, **MIXED)
    assert len(writes(server)) == 2 and "title" in paths_of(writes(server)[0])
    assert len(found.failures) == 2 and not found.changed
    assert len(found.not_tried) + len(found.failures) == found.plan.size


@pytest.mark.parametrize("only", ["users", "groups", "teams"])
def test_e2_a_403_to_one_kind_of_write_ends_the_run_as_soon_as_another_one_has_it(
    only: str,
) -> None:
    server = mixed(refuses_all(403))
    run(server, policy=GOES_ON, **{only: MIXED[only]})
    assert len(writes(server)) <= 2


@pytest.mark.parametrize("at_once", [1, 8])
def test_e2_a_401_ends_the_run_at_once(at_once: int) -> None:
    server = mixed(refuses_all(401))
    found = run(server, policy=GOES_ON, at_once=at_once, **MIXED)
    assert len(writes(server)) == 1 and len(found.failures) == 1


@pytest.mark.parametrize("at_once", [1, 8])
def test_e2_after_a_403_of_attributes_everything_else_is_made(at_once: int) -> None:
    def of_attributes(server: Quirky, asked: Any, honest: Any) -> Any:
        plain = {"active", "members"}
        paths = {path.partition("[")[0] for path in paths_of(asked)}
        is_refused = asked.method == "PATCH" and paths - plain
        return Answer(403, {"detail": "no"}) if is_refused else honest(asked)

    server = mixed(of_attributes)
    found = run(server, policy=GOES_ON, at_once=at_once, **MIXED)
    assert [server[f"d{number}"]["active"] for number in range(9)] == [False] * 9
    assert server.members("blue") == {"t1", "zoe"} and server.members("red") == {"zoe"}
    assert not server["gone"]["active"] and len(found.failures) == 1 and found.changed
    refused = [one for one in writes(server) if "title" in paths_of(one)]
    assert len(refused) == 1
    assert [one.verb for one in found.not_tried] == ["update"] * 8
    assert sorted(one.verb for one in found.in_part) == ["deactivate"] * 9 + ["update"]


def test_e2_check_mode_predicts_everything_whatever_is_refused() -> None:
    server = mixed(refuses_all(403))
    found = run(server, policy=GOES_ON, check=True, **MIXED)
    assert not found.failures and not found.not_tried and not writes(server)


def test_e2_on_error_stop_still_stops_at_a_refused_attribute() -> None:
    server = mixed(refuses_titles(403))
    run(server, policy=Policy(stop_on_error=True, leavers="inactive"), **MIXED)
    assert len(writes(server)) == 1 and server["gone"]["active"]


# --- in bulk ------------------------------------------------------------------------------------


def in_bulk(status: int, *, alone: bool) -> Bulky:
    """A service that refuses titles in bulk and singly, or every update."""
    server = Bulky()
    for number in range(40):
        server.user(f"p{number:03}")
    honest = server.really

    def really(method: str, segments: Any, query: Any, body: Any) -> Answer:
        paths = [one["path"] for one in (body or {}).get("Operations", ())]
        if method == "PATCH" and ("title" in paths or not alone):
            return Answer(status, {"detail": "no"})
        return honest(method, segments, query, body)

    def fault(_store: Any, method: str, segments: Any, query: Any, body: Any) -> Any:
        return really(method, segments, query, body) if method == "PATCH" else None

    server.really = really  # type: ignore[method-assign]
    server.faults.append(fault)
    return server


BULK = Policy(stop_on_error=False, bulk="always", stop_after=Limit())
DEACTIVATED = [
    {"user_name": f"p{number:03}", "title": f"{number}", "active": False} for number in range(40)
]


@pytest.mark.parametrize("status", [400, 403, 404, 412, 422, 423, 500, 503])
def test_e2_deactivations_in_bulk_are_made_though_each_attribute_is_refused(status: int) -> None:
    server = in_bulk(status, alone=True)
    found = run(server, policy=BULK, users=DEACTIVATED)
    assert [server[f"p{number:03}"]["active"] for number in range(40)] == [False] * 40
    assert found.changed and (found.failures or status in (400, 404, 422))


@pytest.mark.parametrize("at_once", [1, 8])
def test_e2_where_bulk_answers_403_to_each_the_run_ends_after_one_other_write(at_once: int) -> None:
    server = in_bulk(403, alone=False)
    found = run(server, policy=BULK, at_once=at_once, users=DEACTIVATED)
    assert found.failures and not found.changed
    assert len(server.sizes) <= 1 and server.singly.count(("PATCH", "Users")) <= 2


def test_e2_attributes_in_bulk_that_are_answered_403_leave_deactivations_to_be_made() -> None:
    server = in_bulk(403, alone=True)
    rows = [{"user_name": f"p{number:03}", "title": "x"} for number in range(30)]
    rows += [{"user_name": f"p{number:03}", "active": False} for number in range(30, 40)]
    found = run(server, policy=BULK, users=rows)
    assert [server[f"p{number:03}"]["active"] for number in range(40)] == [True] * 30 + [False] * 10
    assert found.failures and len(found.failures) + len(found.not_tried) == 30


# --- the modules --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 403, 412, 423, 500, 503])
@pytest.mark.parametrize("module", ["scim_user", "scim_resource", "scim_directory"])
def test_e2_each_module_deactivates_and_fails_for_the_attribute(module: str, status: int) -> None:
    server = Quirky(refuses_titles(status))
    ident = server.user("ann")
    row = {"user_name": "ann", "title": "x"}
    options: dict[str, Any] = {
        "scim_user": {**row, "active": False},
        "scim_directory": {"users": [{**row, "state": "inactive"}]},
        "scim_resource": {
            "endpoint": "Users",
            "id": ident,
            "attributes": {"active": False, "title": "x"},
        },
    }[module]
    with hostile(server) as service:
        said = modules(service, module, **options)
    assert server["ann"]["active"] is False and said.changed
    if status != 400:
        assert f"changing user 'ann': the service answered {status}" in said.failure or (
            status == 412 and "changing user 'ann': it kept changing" in said.failure
        )


@pytest.mark.parametrize("status", [403, 422, 500, 503])
def test_e2_a_user_leaves_and_joins_groups_though_an_attribute_is_refused(status: int) -> None:
    server = Quirky(refuses_titles(status))
    server.user("ann")
    server.group("red", ["ann"])
    server.group("blue")
    with hostile(server) as service:
        said = modules(service, "scim_user", user_name="ann", title="x", groups={"set": ["blue"]})
    assert server.members("red") == set() and server.members("blue") == {"ann"}
    assert f"the service answered {status}" in said.failure and said.changed


def test_e2_a_single_user_is_sent_no_more_than_two_writes_where_all_are_answered_403() -> None:
    server = Quirky(refuses_all(403))
    server.user("ann")
    server.group("red", ["ann"])
    with hostile(server) as service:
        said = modules(service, "scim_user", user_name="ann", title="x", groups={"set": []})
    assert len(service.writes) == 2 and not said.changed and "403" in said.failure


@pytest.mark.parametrize("status", [405, 501])
def test_e2_with_update_method_patch_each_attribute_is_tried_alone(status: int) -> None:
    server = Quirky(refuses_titles(status))
    server.user("ann")
    row = {"user_name": "ann", "title": "x", "nick_name": "n", "update_method": "patch"}
    found = run(server, users=[row], policy=GOES_ON)
    assert server["ann"]["nickName"] == "n" and not found.failures
    (done,) = found.done
    assert done.refused == ("title",)
    assert any(f"the service answered {status}: no" in one for one in found.notes)


def test_e2_a_service_without_patch_is_told_so_to_update_method_patch() -> None:
    server = Quirky(refuses_all(405))
    for number in range(9):
        server.user(f"n{number}")
    rows = [
        {"user_name": f"n{number}", "title": f"{number}", "nick_name": "n"} for number in range(9)
    ]
    rows = [{**row, "update_method": "patch"} for row in rows]
    found = run(server, users=rows, policy=GOES_ON)
    assert len(found.failures) == 9 and not found.unsaved
    assert "the service has no PATCH for Users" in str(found.failures[0].error)
    assert len(writes(server)) <= 6


# --- memberships --------------------------------------------------------------------------------


@pytest.mark.parametrize("caps", [{}, {"patch": False}], ids=["patch", "put"])
@pytest.mark.parametrize("status", [400, 403, 409, 412, 422, 500, 503])
def test_e2_movers_leave_though_an_attribute_of_the_new_group_is_refused(
    status: int, caps: dict[str, Any]
) -> None:
    def quirk(server: Quirky, asked: Any, honest: Any) -> Any:
        is_write = asked.kind == "Groups" and asked.method in ("PATCH", "PUT")
        if is_write and "r" in str(asked.body.get("externalId", "")) + _value(asked, "externalId"):
            return Answer(status, {"detail": "externalId is not a valid value"})
        return honest(asked)

    server = Quirky(quirk)
    for name in ("ann", "bob", "cyd"):
        server.user(name)
    server.group("red", ["bob", "cyd"])
    server.group("blue", ["ann"])
    rows = [
        {"display_name": "red", "external_id": "r", "members": {"set": ["ann", "bob"]}},
        {"display_name": "blue", "members": {"set": []}},
    ]
    found = run(server, groups=rows, policy=GOES_ON, caps=caps)
    assert server.members("red") == {"ann", "bob"} and server.members("blue") == set()
    assert len(found.failures) == 1


def _value(asked: Any, path: str) -> str:
    operations = asked.body.get("Operations", ())
    return "".join(str(one["value"]) for one in operations if one.get("path") == path)


# --- any plan -----------------------------------------------------------------------------------

PEOPLE = ("ann", "bob", "cyd", "dan", "eve", "fay")
PATHS = ("title", "nickName", "externalId", "displayName")
ROW = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(("x", "y")),
        "nick_name": st.sampled_from(("x", "y")),
        "state": st.just("inactive"),
        "update_method": st.sampled_from(("put", "auto")),
    },
)


def refuses_each(statuses: Mapping[str, int]) -> Any:
    """Refuse every update that changes one of these attributes, each with a status of its own."""

    def quirk(server: Quirky, asked: Any, honest: Any) -> Any:
        held = server.held.get(asked.kind, {}).get(asked.segments[-1], {})
        if asked.method == "PATCH":
            changed = set(paths_of(asked))
        else:
            body = asked.body if asked.method == "PUT" else {}
            changed = {path for path in statuses if path in body and body[path] != held.get(path)}
        for path in PATHS:
            if path in changed and path in statuses and held:
                return Answer(statuses[path], {"detail": "no"})
        return honest(asked)

    return quirk


@settings(max_examples=60, deadline=None)
@given(
    rows=st.fixed_dictionaries({name: ROW for name in PEOPLE}),
    statuses=st.dictionaries(
        st.sampled_from(PATHS[:3]), st.sampled_from([s for s in STATUSES if s != 428]), min_size=1
    ),
    red=st.sets(st.sampled_from(PEOPLE), min_size=1),
    blue=st.sets(st.sampled_from(PEOPLE)),
    renames=st.booleans(),
    put=st.booleans(),
    at_once=st.sampled_from((1, 4)),
)
def test_e2_whatever_attributes_are_refused_nobody_stays_active_or_in_a_group(
    rows: dict[str, dict[str, str]],
    statuses: dict[str, int],
    red: set[str],
    blue: set[str],
    renames: bool,
    put: bool,
    at_once: int,
) -> None:
    server = Quirky(refuses_each(statuses))
    for name in (*PEOPLE, "zoe"):
        server.user(name)
    server.group("red", [*PEOPLE, "zoe"])
    server.group("blue", list(PEOPLE[:3]))
    groups: list[dict[str, Any]] = []
    for group, members in (("red", red), ("blue", blue)):
        row: dict[str, Any] = {"display_name": group, "members": {"set": sorted(members)}}
        row |= {"external_id": group} if renames else {}
        groups.append(row | ({"update_method": "put"} if put else {}))
    users = [{"user_name": name, **row} for name, row in rows.items()]
    run(server, users=users, groups=groups, policy=GOES_ON, at_once=at_once)
    for name in PEOPLE:
        assert server[name]["active"] is (rows[name].get("state") != "inactive")
    assert server.members("red") == red and server.members("blue") == blue


@settings(max_examples=60, deadline=None)
@given(
    rows=st.fixed_dictionaries({name: ROW for name in (*PEOPLE, "new")}),
    red=st.sets(st.sampled_from(PEOPLE), min_size=1),
    renames=st.booleans(),
    at_once=st.sampled_from((1, 4)),
)
def test_e2_where_every_write_is_answered_403_no_plan_sends_more_than_two(
    rows: dict[str, dict[str, str]], red: set[str], renames: bool, at_once: int
) -> None:
    server = Quirky(refuses_all(403))
    for name in PEOPLE:
        server.user(name)
    server.group("red", list(PEOPLE[:3]))
    group: dict[str, Any] = {"display_name": "red", "members": {"set": sorted(red)}}
    group |= {"external_id": "e"} if renames else {}
    users = [{"user_name": name, **row} for name, row in rows.items()]
    found = run(server, users=users, groups=[group], policy=GOES_ON, at_once=at_once)
    others = [one for one in writes(server) if not only_attributes(one)]
    assert len(others) <= 1 and len(writes(server)) <= 2
    assert bool(found.failures) is bool(found.plan.size) and not found.changed


def only_attributes(asked: Any) -> bool:
    """Whether an update has attributes, whatever else it has."""
    if asked.method == "PUT":
        return True
    paths = {path.partition("[")[0] for path in paths_of(asked)}
    return asked.method == "PATCH" and bool(paths - {"active", "members"})


# --- promises (202) -----------------------------------------------------------------------------


def promises(status: int, *, keeps: bool) -> Any:
    """Refuse titles, and promise every other update of a user, which is made later or never.

    What is kept shows after the second read.
    """
    reads: Counter[str] = Counter()
    later: dict[str, Any] = {}

    def quirk(server: Quirky, asked: Any, honest: Any) -> Any:
        ident = asked.segments[-1]
        if ident in later:
            reads[ident] += 1
            if reads[ident] == 2:
                honest(later.pop(ident))
        if asked.method != "PATCH" or asked.kind != "Users":
            return honest(asked)
        if "title" in paths_of(asked):
            return Answer(status, {"detail": "no"})
        if keeps:
            later[ident] = asked
        return Answer(202)

    return quirk


@pytest.mark.parametrize("status", [400, 403, 500, 503])
@pytest.mark.parametrize("keeps", [True, False])
def test_e2_a_promised_deactivation_beside_a_refused_attribute_is_waited_for(
    status: int, keeps: bool
) -> None:
    server = Quirky(promises(status, keeps=keeps))
    for name in ("gone", "ned", "zoe"):
        server.user(name)
    server.group("red", ["gone", "ned", "zoe"])
    members = [{"user_name": one, "title": "x", "state": "inactive"} for one in ("gone", "ned")]
    found = run(server, teams=[team("red", "zoe", *members)], policy=GOES_ON)
    assert server.members("red") == ({"zoe"} if keeps else {"gone", "ned", "zoe"})
    assert server["gone"]["active"] is server["ned"]["active"] is not keeps
    assert len(found.promised) == (0 if keeps else 2)
    said = [str(one.error) for one in found.failures]
    assert bool(said) is (status != 400)
    if status in (403, 503):
        sent = "made" if keeps else "sent"
        assert said[0].endswith(f"only the deactivation was {sent}, without title")
