# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists, pages, members and names as services really return them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import (
    counts_pages,
    empty_unless_asked_for_a_place,
    first_page_only,
    lacking,
    large_pages_refused,
    member_rows_changed,
    members_by_id_if_asked,
    members_by_id_only,
    members_cut,
    members_hidden,
    refused_past_the_end,
    renamed,
    rows_added,
    starts_over,
    total_changes,
    total_of_page,
    users_by_group,
    users_name_groups,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
    resources,
)

LETTERS = pytest.mark.parametrize(
    "letters", [str.upper, str.lower, str.title, lambda name: name[:1].upper() + name[1:]]
)


@LETTERS
def test_l9_names_in_other_letters_change_nothing(letters: Callable[[str], str]) -> None:
    server = Quirky(renamed(letters))
    directory: dict[str, Any] = {
        "users": [
            {
                "user_name": "ann",
                "active": True,
                "name": {"family_name": "Lee"},
                "emails": [{"value": "ann@example.com", "type": "work"}],
                "enterprise": {"department": "x"},
            },
            {"user_name": "bob"},
        ],
        "groups": [{"display_name": "staff", "members": {"set": ["ann"]}}],
    }
    assert run(server, **directory).changed
    server.forget()
    assert not run(server, **directory).changed
    assert not server.log
    directory["groups"][0]["members"] = {"set": ["bob"]}
    assert run(server, **directory).changed
    assert server.members("staff") == {"bob"}


@LETTERS
def test_l9_an_info_module_returns_names_as_the_schema_spells_them(
    letters: Callable[[str], str],
) -> None:
    server = Quirky(renamed(letters))
    server.group("staff", [server["ann"]["userName"]] if server.user("ann") else [])
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_group_info", display_name="staff")
    assert said.result["groups"][0]["members"] == [{"value": server.id_of("ann")}]


@pytest.mark.parametrize("name", ["id", "members", "userName", "active", "totalResults"])
def test_l9_one_name_in_other_letters_changes_nothing(name: str) -> None:
    server = Quirky(renamed(str.upper, frozenset({name})))
    server.user("ann")
    server.user("bob", active=False)
    server.group("staff", ["ann"])
    assert run(server, groups=[{"display_name": "staff", "members": {"set": ["bob"]}}]).changed
    assert server.members("staff") == {"bob"}
    assert run(server, users=[{"user_name": "bob", "active": True}]).changed
    assert server["bob"]["active"] is True


@pytest.mark.parametrize("letters", [str.lower, str.upper])
def test_l9_an_attribute_without_an_option_is_saved_in_other_letters(
    letters: Callable[[str], str],
) -> None:
    server = Quirky(renamed(letters))
    badge = {"urn:x:Custom:User:badgeColor": "red"}
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_user", user_name="ann", attributes=badge)
        assert said.changed and not said.warnings and not said.result["not_saved"]
        assert not web.run(service, "scim_user", user_name="ann", attributes=badge).changed


@pytest.mark.parametrize("name", ["NICKNAME", "user.nickname", "User.NickName", "emails.TYPE"])
def test_l9_capabilities_name_attributes_in_any_letters(name: str) -> None:
    server = Quirky()
    server.user("ann", emails=[{"value": "a@x.org"}])
    emails = [{"value": "a@x.org", "type": "work"}]
    wanted = {"nick_name": "a"} if "ickname" in name.lower() else {"emails": emails}
    with web.hostile(store=server) as service:
        unsaved = {"capabilities": {"unsaved": [name]}}
        said = web.run(service, "scim_user", user_name="ann", connection=unsaved, **wanted)
    assert not server.log and len(said.result["not_saved"]) == 1


def people(server: Quirky, users: int) -> Quirky:
    for number in range(users):
        server.user(f"n{number}")
    return server


def named(*numbers: int, **more: Any) -> list[dict[str, Any]]:
    return [{"user_name": f"n{one}", **more} for one in numbers]


def purging(kind: str = "User", **more: Any) -> Policy:
    return Policy(purge={kind: "absent"}, **more)


def lists_of(server: Quirky, kind: str = "Users") -> list[tuple[int, int]]:
    """The place and size of each list that was asked for."""
    found = []
    for one in server.asked:
        if one.lists and one.kind == kind:
            found.append((int(one.query["startIndex"]), int(one.query["count"])))
    return found


# L4: lists that end too early


def test_l4_a_place_and_a_size_are_sent_with_every_list() -> None:
    server = people(Quirky(empty_unless_asked_for_a_place), 3)
    assert not run(server, users=named(0, 1, 2)).changed
    assert lists_of(server) == [(1, 10)]
    assert run(server, users=named(0, 1), policy=purging()).changed
    assert server.names("Users") == {"n0", "n1"}


@pytest.mark.parametrize("paging, sent", [("cursor", {"cursor", "count"}), ("none", set())])
def test_l4_no_place_is_sent_with_other_paging(paging: str, sent: set[str]) -> None:
    server = people(Quirky(judged=False), 3)
    run(server, users=named(0, 1, 2), caps={"paging": paging, "filters": False})
    asked = [set(one.query) for one in server.asked if one.kind == "Users"]
    assert asked == [sent]


def test_l4_absent_deletes_users_beyond_a_total_that_is_that_of_a_page() -> None:
    server = people(Quirky(total_of_page(50), page=1000), 200)
    found = run(server, users=named(*range(200), state="absent"), caps={"filters": False})
    assert found.changed and not server.names("Users")


@pytest.mark.parametrize("cap", [20, 50, 70])
def test_l4_no_user_is_created_twice_where_a_total_is_that_of_a_page(cap: int) -> None:
    server = people(Quirky(total_of_page(cap), page=1000), 200)
    asked = named(*range(150, 210))
    assert run(server, users=asked, caps={"filters": False}).changed
    assert len(server.names("Users")) == 210 and len(server.sent("POST")) == 10


def test_l4_a_purge_is_by_the_whole_list_where_a_total_is_that_of_a_page() -> None:
    server = people(Quirky(total_of_page(50), page=1000), 130)
    assert run(server, users=named(*range(100)), policy=purging()).changed
    assert server.names("Users") == {f"n{one}" for one in range(100)}


def test_l4_a_leaver_in_a_group_beyond_the_first_page_stays_active() -> None:
    server = people(Quirky(total_of_page(50, "Groups"), page=1000), 2)
    server.group("team", ["n0", "n1"])
    for number in range(60):
        server.group(f"g{number}", ["n0"] if number == 55 else [])
    teams = [{"name": "team", "members": [{"user_name": "n1"}]}]
    found = run(server, teams=teams, policy=Policy(leavers="inactive"))
    assert server.members("team") == {"n1"} and server["n0"]["active"] is True
    assert found.plan.still_member == {"n0": ("g55",)}


def test_l4_an_info_module_returns_the_whole_list() -> None:
    server = people(Quirky(total_of_page(50), page=1000), 120)
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_user_info")
    assert len(said.result["users"]) == 120
    assert lists_of(server)[-2:] == [(121, 1000), (2, 1)]


def test_l4_the_names_that_a_filter_lacks_are_sought_beyond_its_page() -> None:
    server = people(Quirky(total_of_page(10), page=1000), 20)
    asked = [*named(*range(10)), {"user_name": "new"}, *named(*range(10, 15))]
    assert run(server, users=asked).changed
    assert len(server.sent("POST")) == 1 and len(server.names("Users")) == 21


@pytest.mark.parametrize("users, more", [(30, 2), (31, 0), (29, 0)])
def test_l4_one_more_page_is_asked_for_where_something_rests_on_it(users: int, more: int) -> None:
    server = people(Quirky(page=1000), users)
    assert not run(server, users=named(*range(users)), caps={"filters": False}).changed
    assert lists_of(server) == [(1, 1000)], "nothing rests on it"
    server.forget()
    run(server, users=named(*range(users - 1)), policy=purging())
    assert len(lists_of(server)) == 1 + more
    if more:
        assert lists_of(server)[1:] == [(users + 1, 1000), (2, 1)]


def test_l4_a_full_page_may_be_cut() -> None:
    server = people(Quirky(total_of_page(7), page=1000), 14)
    policy = purging()
    assert run(server, users=named(*range(14)), policy=policy, caps={"page_size": 7}).plan.unchanged
    assert run(server, users=named(*range(13)), policy=policy, caps={"page_size": 7}).changed
    assert server.names("Users") == {f"n{one}" for one in range(13)}


def test_l4_the_proof_is_asked_for_once_a_run_and_type() -> None:
    server = people(Quirky(page=1000), 30)
    for number in range(20):
        server.group(f"g{number}")
    policy = Policy(purge={"User": "absent", "Group": "absent"})
    groups = [{"display_name": f"g{one}"} for one in range(19)]
    run(server, users=named(*range(29)), groups=groups, policy=policy)
    assert len(lists_of(server)) == len(lists_of(server, "Groups")) == 3


def test_l4_a_proof_that_the_profile_gives_is_not_asked_for() -> None:
    server = people(Quirky(page=1000), 30)
    run(server, users=named(*range(29)), policy=purging(), caps={"totals": True})
    assert lists_of(server) == [(1, 1000)]


@pytest.mark.parametrize(
    "quirk",
    [starts_over, first_page_only(1000), refused_past_the_end(400), refused_past_the_end(404)],
)
def test_l4_a_list_that_only_repeats_itself_is_whole(quirk: Any) -> None:
    server = people(Quirky(quirk, page=1000), 30)
    assert run(server, users=named(*range(20)), policy=purging()).changed
    assert server.names("Users") == {f"n{one}" for one in range(20)}


def test_l4_a_place_that_counts_pages_removes_nothing_and_names_both_numbers() -> None:
    server = people(Quirky(counts_pages(20), page=1000), 50)
    with pytest.raises(ScimError, match="40 came, although the service says that there are 20"):
        run(server, users=named(*range(15)), policy=purging())
    assert not server.log and len(server.names("Users")) == 50


@pytest.mark.parametrize("state", ["absent", "inactive", "present"])
def test_l4_not_found_rests_on_no_list_that_is_not_whole(state: str) -> None:
    server = people(Quirky(counts_pages(20), page=1000), 50)
    rows = [{**row, "state": state} for row in named(*range(45))]
    with pytest.raises(ScimError) as refused:
        run(server, users=rows, caps={"filters": False})
    assert "40 came, although the service says that there are 20" in str(refused.value)
    assert "n40, n41, n42, n43, n44" in str(refused.value) and not server.log
    # Whoever a list shows is found.
    assert run(server, users=[{"user_name": "n3", "title": "x"}], caps={"filters": False}).changed


def test_l4_no_group_is_made_where_the_list_of_groups_is_not_whole() -> None:
    server = Quirky(counts_pages(20), page=1000)
    for number in range(50):
        server.group(f"g{number}")
    rows = [{"display_name": f"g{number}"} for number in range(45)]
    with pytest.raises(ScimError, match="40 came, although the service says that there are 20"):
        run(server, groups=rows, caps={"filters": False})
    assert len(server.held["Groups"]) == 50


@pytest.mark.parametrize("times, works", [(1, True), (2, False)])
def test_l4_a_total_that_changes_is_read_again_then_refused(times: int, works: bool) -> None:
    server = people(Quirky(total_changes(times), page=10), 25)
    if works:
        assert run(server, users=named(*range(20)), policy=purging()).changed
        assert len(server.names("Users")) == 20
        return
    with pytest.raises(ScimError, match="the total changed from 25 to 24"):
        run(server, users=named(*range(20)), policy=purging())
    assert not server.log


@pytest.mark.parametrize("times, works", [(1, True), (100, False)])
def test_l4_a_list_that_lacks_what_another_answer_showed(times: int, works: bool) -> None:
    server = people(Quirky(lacking("boss", "Users", times), page=1000), 12)
    boss = server.user("boss")
    server.group("staff", ["boss"])
    users = [*named(*range(11)), {"id": boss, "user_name": "boss"}]
    if works:
        assert run(server, users=users, policy=purging()).changed
        assert server.names("Users") == {"boss", *(f"n{one}" for one in range(11))}
        return
    with pytest.raises(ScimError, match="it lacks 'boss', which another answer shows"):
        run(server, users=users, policy=purging())
    assert not server.log


# E8: large pages


@pytest.mark.parametrize("status", [400, 413, 422])
@pytest.mark.parametrize("most", [50, 200, 30, 25])
def test_e8_a_page_that_is_refused_is_halved_and_that_is_learnt(most: int, status: int) -> None:
    server = people(Quirky(large_pages_refused(most, status), page=1000), 60)
    assert run(server, users=named(*range(59)), policy=purging(), caps={"filters": False}).changed
    sizes = [size for _place, size in lists_of(server)]
    expected = [1000, 500, 250, 125, 62, 31, 25]
    right = next(one for one in expected if one <= most)
    assert sizes[: expected.index(right) + 1] == expected[: expected.index(right) + 1]
    assert set(sizes[expected.index(right) :]) <= {right, 1}


@pytest.mark.parametrize("status", [400, 413, 422])
@pytest.mark.parametrize("users", [1, 5, 12, 60])
def test_e8_look_ups_ask_for_twice_the_number_of_keys(users: int, status: int) -> None:
    server = people(Quirky(large_pages_refused(50, status), page=1000), users)
    assert not run(server, users=named(*range(users))).changed
    if users <= 25:
        assert lists_of(server) == [(1, max(10, 2 * users))]
    assert len(server.asked) < 12


def test_e8_a_single_user_is_found_by_name() -> None:
    server = people(Quirky(large_pages_refused(50)), 3)
    with web.hostile(store=server) as service:
        assert web.run(service, "scim_user_info", user_name="n1").result["users"]
        assert web.run(service, "scim_user", user_name="n1", title="x").changed
        assert len(web.run(service, "scim_user_info").result["users"]) == 3


@pytest.mark.parametrize("status", [401, 404, 429])
def test_e8_a_refusal_of_something_else_is_not_about_the_size(status: int) -> None:
    server = people(Quirky(large_pages_refused(0, status)), 3)
    with pytest.raises(ScimError, match=str(status)):
        run(server, users=named(0), policy=purging())
    assert len(lists_of(server)) == 1


# L5: members by id only


def staffed(server: Quirky, *groups: str, users: int = 6) -> Quirky:
    people(server, users)
    for name in groups:
        server.group(name, [f"n{one}" for one in range(users)])
    return server


def members_by_filter_only(_server: Quirky, asked: Asked, honest: Any) -> Answer:
    """The list of all groups shows no members, the answers to filters do."""
    answer = honest(asked)
    if not asked.is_listing or asked.kind != "Groups":
        return answer
    rows = [{**one, "members": []} for one in answer.body["Resources"]]
    return replace(answer, body={**answer.body, "Resources": rows})


@pytest.mark.parametrize("leavers", ["inactive", "absent"])
@pytest.mark.parametrize("stays", [True, False])
def test_l5_members_that_only_filters_show_are_not_lost_in_a_list(
    stays: bool, leavers: str
) -> None:
    server = Quirky(members_by_filter_only)
    for name in ("ann", "bob", "cid"):
        server.user(name)
    server.group("team", ["ann", "bob", "cid"])
    server.group("other", ["cid"] if stays else ["ann"])
    rows = {
        "groups": [{"display_name": "extra", "external_id": "e1"}],
        "teams": [{"name": "team", "members": [{"user_name": "ann"}, {"user_name": "bob"}]}],
    }
    policy = Policy(leavers=leavers)
    run(server, policy=policy, **rows)
    assert server.members("team") == {"ann", "bob"}
    active = [one["userName"] for one in server.held["Users"].values() if one["active"]]
    assert ("cid" in active) is stays
    server.forget()
    assert not run(server, policy=policy, **rows).changed and not server.log


@pytest.mark.parametrize("quirk", [members_by_id_only, members_by_id_if_asked])
def test_l5_a_group_without_members_does_not_say_that_lists_show_them(quirk: Any) -> None:
    server = Quirky(quirk)
    for name in ("ann", "bob", "cid"):
        server.user(name)
    server.group("extra", [])
    server.group("team", ["ann", "bob", "cid"])
    rows = {
        "groups": [{"display_name": "extra", "external_id": "e1"}],
        "teams": [{"name": "team", "members": [{"user_name": "ann"}, {"user_name": "bob"}]}],
    }
    run(server, policy=Policy(leavers="inactive"), **rows)
    assert server.members("team") == {"ann", "bob"} and not server["cid"]["active"]
    server.forget()
    assert not run(server, policy=Policy(leavers="inactive"), **rows).changed
    assert not server.log


@pytest.mark.parametrize("others", [0, 1, 5])
def test_l5_members_that_lists_hide_are_read_by_id(others: int) -> None:
    server = staffed(Quirky(members_by_id_only), "staff", *(f"g{one}" for one in range(others)))
    everybody = [f"n{one}" for one in range(6)]
    same = [{"display_name": "staff", "members": {"set": everybody}}]
    assert not run(server, groups=same).changed and not server.log
    five = [{"display_name": "staff", "members": {"set": everybody[:5]}}]
    assert run(server, groups=five).changed
    assert server.members("staff") == set(everybody[:5])


def test_l5_a_capability_says_that_members_come_by_id_if_they_are_asked_for() -> None:
    server = people(Quirky(members_by_id_if_asked), 6)
    server.group("team", [f"n{number}" for number in range(6)])
    caps = {"members_read": "get"}
    row = {"display_name": "team", "members": {"add": [f"n{number}" for number in range(6)]}}
    assert not run(server, groups=[row], caps=caps).changed
    row = {"display_name": "team", "members": {"set": [f"n{number}" for number in range(5)]}}
    assert run(server, groups=[row], caps=caps).changed
    assert server.members("team") == {f"n{number}" for number in range(5)}


@pytest.mark.parametrize("others", [0, 2])
@pytest.mark.parametrize("more", [(), (users_name_groups,)])
def test_l5_members_that_come_by_id_only_if_they_are_asked_for_are_found(
    others: int, more: tuple[Any, ...]
) -> None:
    server = people(Quirky(members_by_id_if_asked, *more), 6)
    everybody = [f"n{one}" for one in range(6)]
    server.group("team", everybody)
    for number in range(others):
        server.group(f"g{number}")
    for members in ({"add": everybody}, {"set": everybody}):
        assert not run(server, groups=[{"display_name": "team", "members": members}]).changed
    assert not server.log
    server.forget()
    row = {"display_name": "team", "members": {"set": everybody[:5]}}
    assert run(server, groups=[row]).changed
    assert server.members("team") == set(everybody[:5])
    row = {"display_name": "team", "members": {"remove": ["n0"]}}
    assert run(server, groups=[row]).changed and "n0" not in server.members("team")


@pytest.mark.parametrize("more", [(), (users_name_groups,)])
def test_l5_a_leaver_in_a_group_that_shows_members_if_asked_stays_active(
    more: tuple[Any, ...],
) -> None:
    server = staffed(Quirky(members_by_id_if_asked, *more), "team", "other", users=2)
    teams = [{"name": "team", "members": [{"user_name": "n0"}]}]
    run(server, teams=teams, policy=Policy(leavers="inactive"))
    assert server.members("team") == {"n0"} and server["n1"]["active"] is True


@pytest.mark.parametrize("members", [{"add": ["n0"]}, {"remove": ["n0"]}, {"set": ["n0"]}])
def test_l5_a_group_without_members_is_asked_for_them_by_its_id_before_a_write(
    members: dict[str, Any],
) -> None:
    server = people(Quirky(), 3)
    server.group("empty")
    run(server, groups=[{"display_name": "empty", "members": members}])
    by_id = [one.query.get("attributes") for one in server.asked if len(one.segments) == 2]
    assert by_id[:2] == [None, "displayName,externalId,members"]


@pytest.mark.parametrize("module", ["group", "membership", "team", "user"])
def test_l5_a_member_of_a_group_that_shows_members_if_asked_does_not_join_again(
    module: str,
) -> None:
    server = people(Quirky(members_by_id_if_asked), 2)
    server.group("team", ["n0", "n1"])
    row: dict[str, Any] = {"groups": [{"display_name": "team", "members": {"add": ["n0"]}}]}
    if module == "membership":
        row = {"groups": [{"display_name": "team", "members": {"set": ["n0", "n1"]}}]}
    if module == "team":
        members = [{"user_name": one} for one in ("n0", "n1")]
        row = {"teams": [{"name": "team", "members": members}]}
    if module == "user":
        row = {"users": [{"user_name": "n0", "groups": {"add": ["team"]}}]}
    assert not run(server, **row).changed and not server.log


def test_l5_a_leaver_in_a_group_that_lists_hide_stays_active() -> None:
    server = staffed(Quirky(members_by_id_only), "team", "other", users=2)
    server.group("empty")
    teams = [{"name": "team", "members": [{"user_name": "n0"}]}]
    found = run(server, teams=teams, policy=Policy(leavers="inactive"))
    assert server.members("team") == {"n0"} and server["n1"]["active"] is True
    assert found.plan.still_member == {"n1": ("other",)}


def test_l5_a_group_by_its_id_decides_once_and_only_if_no_list_shows_members() -> None:
    server = staffed(Quirky(), "staff")
    for number in range(5):
        server.group(f"empty{number}")
    run(server, groups=[{"display_name": "staff", "members": {"add": ["n0"]}}])
    assert not [one for one in server.asked if one.method == "GET" and len(one.segments) == 2]
    server.forget()
    asked = [{"display_name": f"empty{one}", "members": {"set": []}} for one in range(5)]
    run(server, groups=asked)
    assert len([one for one in server.asked if len(one.segments) == 2]) == 2  # in each form
    server.forget()
    run(server, groups=asked, caps={"members_read": "ask"})
    assert not [one for one in server.asked if len(one.segments) == 2]


# N1: odd rows and members


def with_null(rows: list[Any]) -> Any:
    return [*rows, None]


def only_addresses(rows: list[Any]) -> Any:
    return [{"$ref": f"https://x.example/v2/Users/{one['value']}"} for one in rows]


@pytest.mark.parametrize(
    "change", [with_null, lambda rows: "x", lambda rows: [{}, *rows], only_addresses]
)
def test_n1_odd_members_of_another_group_stop_nothing(change: Any) -> None:
    server = staffed(Quirky(member_rows_changed(change, "odd")), "odd", "staff")
    groups = [{"display_name": "staff", "members": {"set": ["n0"]}}]
    assert run(server, groups=groups).changed and server.members("staff") == {"n0"}
    teams = [{"name": "staff", "members": [{"user_name": "n1"}]}]
    found = run(server, teams=teams, policy=Policy(leavers="inactive"))
    assert server.members("staff") == {"n1"} and server["n0"]["active"] is True
    assert any("'odd'" in note for note in found.notes), found.notes


def test_n1_a_null_member_refuses_only_an_exact_list() -> None:
    server = staffed(Quirky(member_rows_changed(with_null, "odd")), "odd", users=3)
    server.user("new")
    add = [{"display_name": "odd", "members": {"add": ["new", "n0"]}}]
    found = run(server, groups=add)
    assert found.changed and server.members("odd") == {"new", "n0", "n1", "n2"}
    assert any("'odd'" in note for note in found.notes), found.notes
    server.forget()
    assert not run(server, groups=add).changed and not server.log
    assert run(server, groups=[{"display_name": "odd", "members": {"remove": ["n1"]}}]).changed
    assert server.members("odd") == {"new", "n0", "n2"}
    with pytest.raises(ScimError, match="odd.* cannot be read, so an exact list"):
        run(server, groups=[{"display_name": "odd", "members": {"set": ["n0"]}}])
    assert server.members("odd") == {"new", "n0", "n2"}


NO_ID = "group 'odd' (a member has no id): its members cannot be read, so an exact list"


@pytest.mark.parametrize("row", [None, {}, {"value": None}, {"value": ""}, {"display": "Ann"}])
def test_n1_a_refusal_says_that_a_member_has_no_id(row: Any) -> None:
    server = Quirky(member_rows_changed(lambda rows: [*rows, row], "odd"))
    staffed(server, "odd", "other", users=3)
    exact = {"display_name": "odd", "members": {"set": ["n0"]}}
    teams = [{"name": "odd", "members": [{"user_name": "n0"}]}]
    for directory in ({"groups": [exact]}, {"teams": teams}):
        with pytest.raises(ScimError) as caught:
            run(server, **directory)
        assert NO_ID in str(caught.value)
    with web.hostile(store=server) as service:
        assert NO_ID in web.run(service, "scim_group", **exact).failure
        said = web.run(service, "scim_user", user_name="n0", groups={"set": ["other"]})
        assert "of odd (a member has no id) cannot be read, so groups cannot" in said.failure
    assert server.members("odd") == {"n0", "n1", "n2"} and not server.log


def test_n1_the_note_about_leavers_says_that_a_member_has_no_id() -> None:
    server = staffed(Quirky(member_rows_changed(with_null, "odd")), "odd", "staff")
    teams = [{"name": "staff", "members": [{"user_name": "n1"}]}]
    found = run(server, teams=teams, policy=Policy(leavers="inactive", thresholds={}))
    note = "the members of odd cannot be read (a member has no id), so no leaver is deactivated: n0"
    assert any(one.startswith(note) for one in found.notes)


def test_l16_a_refusal_says_that_a_group_does_not_show_all_users_that_name_it() -> None:
    server = staffed(Quirky(members_cut(10), users_name_groups), "staff", users=20)
    exact = [{"display_name": "staff", "members": {"set": ["n15"]}}]
    with pytest.raises(ScimError, match=r"'staff' \(it does not show all users that name it\)"):
        run(server, groups=exact)


def test_n1_members_with_only_an_address_are_known_by_it() -> None:
    server = staffed(Quirky(member_rows_changed(only_addresses, "odd")), "odd", users=3)
    exact = [{"display_name": "odd", "members": {"set": ["n0", "n1", "n2"]}}]
    found = run(server, groups=exact)
    assert not found.changed and not server.log
    assert any("$ref" in note and "'odd'" in note for note in found.notes)


@pytest.mark.parametrize("row", [None, "x", {}, {"userName": "broken"}, {"id": None}])
def test_n1_a_broken_row_stops_only_what_rests_on_it(row: Any) -> None:
    server = people(Quirky(rows_added([row], "Users"), page=1000), 12)
    found = run(server, users=named(0, title="x"), caps={"filters": False})
    assert found.changed and any("without a usable id" in note for note in found.notes)
    with pytest.raises(ScimError, match="is not complete"):
        run(server, users=named(*range(11)), policy=purging())
    assert len(server.names("Users")) == 12
    new = [{"user_name": "new"}]
    if isinstance(row, dict) and row.get("userName"):
        assert run(server, users=new, caps={"filters": False}).changed
        with pytest.raises(ScimError, match="'broken': the answer is not a SCIM resource"):
            run(server, users=[{"user_name": "broken"}], caps={"filters": False})
        return
    with pytest.raises(ScimError, match="'new': the answer is not a SCIM resource"):
        run(server, users=new, caps={"filters": False})


def test_n1_an_info_module_names_the_rows_that_it_leaves_out() -> None:
    server = people(Quirky(rows_added([{"userName": "broken"}], "Users"), page=1000), 3)
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_user_info")
    assert len(said.result["users"]) == 3 and said.result["total_results"] == 4
    assert said.warnings == ["the service returned users without a usable id, left out: 'broken'"]


# N4: ids that would be another endpoint

ENDPOINTS = ["..", ".", ".search", ".SEARCH", "Me", "me", "", " ", "a/b", "../Groups/g1", "a\\b"]


@pytest.mark.parametrize("ident", ENDPOINTS)
def test_n4_a_resource_with_the_id_of_an_endpoint_is_left_alone(ident: str) -> None:
    server = people(Quirky(rows_added([{"id": ident, "userName": "odd"}], "Users"), page=1000), 12)
    found = run(server, users=named(0, title="x"), caps={"filters": False})
    assert found.changed and any("'odd'" in note for note in found.notes)
    for more in ({"state": "absent"}, {"title": "x"}):
        with pytest.raises(ScimError, match="'odd': the answer is not a SCIM resource"):
            run(server, users=[{"user_name": "odd", **more}], caps={"filters": False})
    with pytest.raises(ScimError, match="is not complete"):
        run(server, users=named(*range(11)), policy=purging())
    assert len(server.names("Users")) == 12 and len(server.sent("DELETE")) == 0


@pytest.mark.parametrize("ident", [one for one in ENDPOINTS if one.strip()])
def test_n4_an_id_of_the_task_that_would_be_an_endpoint_is_not_sent(ident: str) -> None:
    server = people(Quirky(), 2)
    with web.hostile(store=server) as service:
        for module in ("scim_user", "scim_group"):
            said = web.run(service, module, id=ident, state="absent")
            assert said.failure and not service.writes and not said.changed
        said = web.run(service, "scim_user_info", id=ident)
        assert said.failure
        assert not [one for one in service.seen if len(one.segments) > 1]


# L16: members that cannot be seen whole


def info(server: Quirky, **options: Any) -> web.Said:
    with web.hostile(store=server) as service:
        return web.run(service, "scim_group_info", **options)


@pytest.mark.parametrize("options", [{}, {"display_name": "staff"}, {"id": "g21"}])
@pytest.mark.parametrize("empty", [True, False])
def test_l16_members_that_are_never_returned_are_null(options: dict[str, Any], empty: bool) -> None:
    server = staffed(Quirky(members_hidden(empty), users_by_group), "staff", users=20)
    said = info(server, **options)
    assert [one["members"] for one in said.result["groups"]] == [None]
    assert said.warnings == ["not all members can be seen, so members is null: 'staff'"]


@pytest.mark.parametrize("says", [users_by_group, users_name_groups])
@pytest.mark.parametrize("empty", [True, False])
def test_l16_hidden_members_are_null_though_the_first_group_is_empty(
    says: Any, empty: bool
) -> None:
    server = Quirky(members_hidden(empty), says)
    server.group("empty")
    staffed(server, "staff", users=20)
    said = info(server)
    assert [one["members"] for one in said.result["groups"]] == [None, None]
    assert said.warnings == ["not all members can be seen, so members is null: 'empty', 'staff'"]


def test_l16_members_by_id_are_read_though_the_first_group_is_empty() -> None:
    server = Quirky(members_by_id_only)
    server.group("empty")
    staffed(server, "staff", users=3)
    empty, staff = info(server).result["groups"]
    assert not empty.get("members") and len(staff["members"]) == 3


def test_l16_a_list_that_is_cut_is_null() -> None:
    server = staffed(Quirky(members_cut(10), users_by_group), "staff", users=20)
    server.group("few", ["n0"])
    said = info(server)
    assert [one["members"] for one in said.result["groups"]] == [
        None,
        [{"value": server.id_of("n0")}],
    ]
    assert len(said.warnings) == 1


def test_l16_members_that_lists_hide_are_read_by_id() -> None:
    server = staffed(Quirky(members_by_id_only), "staff", "other", users=3)
    said = info(server)
    assert [len(one["members"]) for one in said.result["groups"]] == [3, 3]
    assert not said.warnings


def test_l16_groups_that_show_their_members_need_no_further_request() -> None:
    server = staffed(Quirky(users_by_group), "staff", users=3)
    server.group("empty")
    assert not info(server).warnings and len(server.asked) == 1
    server.forget()
    assert not info(server, attributes=["displayName"]).warnings and len(server.asked) == 1


def test_l16_an_empty_group_is_empty() -> None:
    server = Quirky(users_by_group)
    server.group("empty")
    said = info(server, display_name="empty")
    assert not said.warnings and not said.result["groups"][0].get("members")


ROUND_SIZE = 10
ROUND_LIST = "a round number of members is shown, and it is not proven that these are all: "
UNPROVEN = "it is not proven that all members can be seen, so members is null: 'staff'; "


@pytest.mark.parametrize("options", [{}, {"display_name": "staff"}, {"id": "g21"}])
@pytest.mark.parametrize("empty", [True, False])
def test_l16_hidden_members_are_null_though_nothing_else_shows_them(
    options: dict[str, Any], empty: bool
) -> None:
    server = staffed(Quirky(members_hidden(empty)), "staff", users=20)
    said = info(server, **options)
    assert [one["members"] for one in said.result["groups"]] == [None]
    assert said.warnings == [
        f"{UNPROVEN}if the service shows the members of groups, set capabilities: "
        "{members_read: ask}"
    ]


@pytest.mark.parametrize("options", [{}, {"display_name": "staff"}, {"id": "g21"}])
@pytest.mark.parametrize("size, told", [(ROUND_SIZE, True), (30, False)])
def test_l16_a_round_list_that_nothing_proves_is_told(
    size: int, told: bool, options: dict[str, Any]
) -> None:
    server = staffed(Quirky(), users=60)
    for name in ("other", "staff"):
        server.group(name, [f"n{number}" for number in range(size)])
    named = {**options, **({"id": "g62"} if "id" in options else {})}
    said = info(server, **named)
    assert {len(one["members"]) for one in said.result["groups"]} == {size}
    (warning,) = said.warnings if told else ("",)
    assert warning.startswith(ROUND_LIST if told else "")


SHOWS_ALL = "; if the service shows all members, set capabilities: {members_limit: 0}"
WRITES: list[tuple[str, dict[str, Any]]] = [
    ("scim_group", {"display_name": "staff", "members": {"add": ["n1"]}}),
    ("scim_group", {"display_name": "staff", "members": {"add": ["n55"]}}),
    ("scim_group_membership", {"group": "staff", "members": ["n55"]}),
    ("scim_group_membership", {"group": "staff", "members": ["n1"], "state": "absent"}),
]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("module, options", WRITES)
def test_l16_a_write_tells_of_a_round_list_that_nothing_known_proves(
    module: str, options: dict[str, Any], check: bool
) -> None:
    """It asks nothing for that."""
    server = staffed(Quirky(), users=60)
    server.group("staff", [f"n{number}" for number in range(ROUND_SIZE)])
    with web.hostile(store=server) as service:
        said = web.run(service, module, check=check, **options)
    assert said.result["notes"] == [f"{ROUND_LIST}'staff'{SHOWS_ALL}"]
    assert not said.warnings and said.result["group"]["members"]
    asked = len(server.asked)
    for proven in ({"members_limit": 0}, {"members_limit": 30}):
        other = staffed(Quirky(), users=60)
        other.group("staff", [f"n{number}" for number in range(ROUND_SIZE)])
        with web.hostile(store=other) as service:
            said = web.run(
                service, module, check=check, connection={"capabilities": proven}, **options
            )
        assert "notes" not in said.result and len(other.asked) == asked


@pytest.mark.parametrize("size", [0, 9, 11, 30, 42])
def test_l16_a_write_tells_nothing_of_other_lists(size: int) -> None:
    server = staffed(Quirky(), users=60)
    server.group("staff", [f"n{number}" for number in range(size)])
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_group", display_name="staff", members={"add": ["n55"]})
    assert "notes" not in said.result and not said.warnings


@pytest.mark.parametrize("quirks, most", [([], 10), ([members_hidden(True)], 5)])
def test_l16_empty_groups_are_asked_for_once(quirks: list[Any], most: int) -> None:
    """Up to five groups decide: by id, by a filter each, by the users and by other groups."""
    server = staffed(Quirky(*quirks), users=6)
    for number in range(12):
        server.group(f"empty{number}")
    said = info(server)
    assert {one["members"] for one in said.result["groups"]} == {None} and len(said.warnings) == 1
    asked = [(one.segments, tuple(one.query.items())) for one in server.asked]
    assert len(asked) == len(set(asked)) <= 1 + most + 5 + 2


@pytest.mark.parametrize("users, proof", [(ROUND_SIZE, None), (15, users_by_group)])
@pytest.mark.parametrize("size", [ROUND_SIZE, 0])
def test_l16_a_round_list_is_whole_if_users_prove_it(users: int, proof: Any, size: int) -> None:
    """Ten members of ten users are all of them, and so are ten that a filter counts."""
    quirks = [proof] if proof else []
    server = staffed(Quirky(*quirks), users=users)
    server.group("staff", [f"n{number}" for number in range(size)])
    server.group("other", ["n1"] if not size else [])
    said = info(server, display_name="staff")
    assert not said.warnings and len(said.result["groups"][0].get("members") or []) == size


@pytest.mark.parametrize("size", [ROUND_SIZE, 0])
def test_l16_a_round_list_is_whole_if_users_name_their_groups(size: int) -> None:
    server = staffed(Quirky(users_name_groups), users=15)
    server.group("staff", [f"n{number}" for number in range(size)])
    server.group("other", ["n1"])
    said = info(server, display_name="staff")
    assert not said.warnings and len(said.result["groups"][0].get("members") or []) == size


@pytest.mark.parametrize("quirks", [[], [members_by_id_only]], ids=["lists", "by id"])
@pytest.mark.parametrize("options", [{}, {"display_name": "staff"}])
@pytest.mark.parametrize("size", [ROUND_SIZE, 0])
def test_l16_a_round_list_is_whole_if_another_group_shows_more(
    size: int, options: dict[str, Any], quirks: list[Any]
) -> None:
    server = staffed(Quirky(*quirks), "all", users=15)
    server.group("staff", [f"n{number}" for number in range(size)])
    said = info(server, **options)
    (staff,) = [one for one in said.result["groups"] if one["displayName"] == "staff"]
    assert not said.warnings and len(staff.get("members") or []) == size


@pytest.mark.parametrize("size", [ROUND_SIZE, 0])
def test_l16_a_capability_proves_a_round_list(size: int) -> None:
    server = staffed(Quirky(), users=15)
    server.group("staff", [f"n{number}" for number in range(size)])
    caps = {"members_limit": 0} if size else {"members_read": "ask"}
    said = info(server, connection={"capabilities": caps})
    assert not said.warnings and len(said.result["groups"][0].get("members") or []) == size


def test_l16_a_profile_without_a_limit_proves_a_round_list() -> None:
    server = staffed(Quirky(), "staff", users=20)
    said = info(server, connection={"service_provider": "snowflake"})
    assert not said.warnings and len(said.result["groups"][0]["members"]) == 20


def test_l16_a_group_at_the_limit_of_the_service_is_null() -> None:
    server = staffed(Quirky(members_cut(7)), "staff", users=20)
    server.group("few", ["n1"])
    said = info(server, connection={"capabilities": {"members_limit": 7}})
    assert [one["members"] and len(one["members"]) for one in said.result["groups"]] == [None, 1]
    assert said.warnings == ["not all members can be seen, so members is null: 'staff'"]


def test_l16_a_task_returns_null_where_members_are_cut() -> None:
    server = staffed(Quirky(members_cut(10), users_name_groups), "staff", users=20)
    with web.hostile(store=server) as service:
        add = {"display_name": "staff", "members": {"add": ["n15"]}}
        said = web.run(service, "scim_group", **add)
        assert not said.changed and said.result["group"]["members"] is None
        assert any("members is null" in one for one in said.warnings)
        assert any("show fewer members" in one for one in said.warnings)
        exact = {"display_name": "staff", "members": {"set": ["n15"]}}
        assert "cannot be read" in web.run(service, "scim_group", **exact).failure
    assert len(server.members("staff")) == 20


def test_l16_a_task_returns_null_where_members_are_hidden() -> None:
    server = staffed(Quirky(members_hidden(True)), "staff", users=2)
    server.user("new")
    with web.hostile(store=server) as service:
        said = web.run(
            service,
            "scim_group",
            display_name="staff",
            members={"add": ["new"]},
            connection={"capabilities": {"members_read": "none"}},
        )
    assert said.changed and said.result["group"]["members"] is None


# Property: a listing that lies never leads to a removal

CAPS = st.sampled_from([25, 30, 50])
LIES = st.one_of(
    st.just(starts_over),
    st.just(empty_unless_asked_for_a_place),
    st.sampled_from([10, 20, 50]).map(counts_pages),
    st.sampled_from([10, 20, 50]).map(total_of_page),
    st.sampled_from([10, 20, 50]).map(lambda cap: total_of_page(cap, "Groups")),
    st.integers(0, 3).map(total_changes),
    st.sampled_from([400, 404]).map(refused_past_the_end),
    CAPS.map(large_pages_refused),
    st.integers(0, 3).map(lambda times: lacking("g0", "Groups", times)),
    st.just(members_by_id_only),
)


@given(st.lists(LIES, max_size=1), st.integers(1, 45), st.integers(0, 45), st.booleans())
@settings(max_examples=60, deadline=None)
def test_l4_a_listing_that_lies_never_leads_to_a_removal(
    lies: list[Any], groups: int, hidden: int, listed: bool
) -> None:
    server = people(Quirky(*lies, judged=False, page=1000), 30)
    server.group("team", ["n0", "n1"])
    for number in range(groups):
        server.group(f"g{number}", ["n0"] if number == hidden % groups else [])
    before = server.names("Users")
    teams = [{"name": "team", "members": [{"user_name": "n1"}]}]
    caps = {"filters": False} if listed else {}
    try:
        run(server, teams=teams, policy=Policy(leavers="inactive"), caps=caps)
    except ScimError:
        assert not server.log
    assert server["n0"]["active"] is True, "another group keeps the user"
    assert server.names("Users") == before and len(server.held["Users"]) == len(before)
    assert not server.sent("POST") and not server.sent("DELETE")


def odd_row(name: str, **odd: Any) -> Quirk:
    """Show a user with odd attributes, in every answer that has it."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        def other(body: Any) -> Any:
            for one in resources(body):
                if one.get("userName") == name:
                    one.update(odd)
            return body

        return altered(honest(asked), other) if asked.kind == "Users" else honest(asked)

    return quirk


@pytest.mark.parametrize("odd", [{"id": None}, {"id": "a/b"}, {"id": ["x"]}, {"id": "a\ud800"}])
def test_n1_one_odd_user_does_not_hide_the_names_of_other_members(odd: dict[str, Any]) -> None:
    server = people(Quirky(odd_row("n1", **odd)), 8)
    server.group("staff", [f"n{number}" for number in range(8)])
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_group_info", members="names")
    shown = {one["value"]: one.get("userName") for one in said.result["groups"][0]["members"]}
    assert [ident for ident, name in shown.items() if name is None] == [server.id_of("n1")]
    assert said.warnings == ["these members could not be read, so only their ids are returned: u2"]


@pytest.mark.parametrize("ident", [" ", "..", "a/b", ".search", "a\nb"])
def test_n1_a_member_with_an_id_of_no_resource_does_not_hide_the_others(ident: str) -> None:
    server = people(Quirky(), 4)
    server.group("staff", ["n0", "n1", "n2"])
    server["staff"]["members"][1]["value"] = ident
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_group_info", members="names")
    shown = [one.get("userName") for one in said.result["groups"][0]["members"]]
    assert shown == ["n0", None, "n2"] and len(said.warnings) == 1


@pytest.mark.parametrize("name", [None, "", [], {}, ["n1"]])
def test_n1_a_user_without_a_name_is_never_removed(name: Any) -> None:
    server = people(Quirky(odd_row("n1", userName=name)), 8)
    server.group("staff", [f"n{number}" for number in range(8)])
    policy = purging(thresholds={})
    outcome = run(server, users=named(0, *range(2, 7)), policy=policy)
    assert server.names("Users") == {f"n{number}" for number in range(7)}
    assert "purge: users that were read without a name stay: u2" in outcome.notes
    server.user("n7")
    members = [{"user_name": f"n{number}"} for number in (0, *range(2, 7))]
    outcome = run(
        server,
        teams=[{"name": "staff", "members": members}],
        policy=Policy(leavers="inactive", thresholds={}),
    )
    assert server["n1"]["active"]
    assert any(one.startswith("these users were read without a user name") for one in outcome.notes)


LIMITED = {
    "total of a page": (total_of_page(10), True),
    "no pages": (first_page_only(10), False),
    "pages with numbers": (counts_pages(10), False),
    "starts over": (starts_over, True),
    "refused past the end": (refused_past_the_end(404), True),
    "none unless asked for a place": (empty_unless_asked_for_a_place, True),
}


@pytest.mark.parametrize("module", ["scim_user_info", "scim_resource_info"])
@pytest.mark.parametrize("limit", [1, 5, 10, 11, 15, 24, 50])
@pytest.mark.parametrize("quirk", LIMITED)
def test_l4_a_limit_returns_as_many_as_there_are_or_fails(
    quirk: str, limit: int, module: str
) -> None:
    """A list that ends before the limit is read on, since its total may be that of a page."""
    change, has_pages = LIMITED[quirk]
    server = Quirky(change)
    for number in range(24):
        server.user(f"p{number:02}")
    options = {"endpoint": "Users"} if module == "scim_resource_info" else {}
    with web.hostile(server) as service:
        said = web.run(service, module, limit=limit, **options)
    if said.failure:
        assert limit > 10 and not has_pages and "not complete" in said.failure
        return
    found = said.result["users" if module == "scim_user_info" else "resources"]
    assert len(found) == min(limit, 24)


@pytest.mark.parametrize(("people", "limit", "requests"), [(30, 10, 1), (7, 15, 1), (10, 15, 3)])
def test_a_limit_costs_further_pages_only_where_the_list_may_go_on(
    people: int, limit: int, requests: int
) -> None:
    server = Quirky()
    for number in range(people):
        server.user(f"p{number:02}")
    with web.hostile(server) as service:
        said = web.run(service, "scim_user_info", limit=limit)
    assert said.result["requests"] == requests and len(said.result["users"]) == min(people, limit)
