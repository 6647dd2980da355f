# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What breaks tools that keep users in sync: what a safe client does, sentence by sentence.

``tests/unit/rehearsal/test_sentences.py`` binds each sentence to a test here or beside it.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import (
    removals_are_ignored,
    silent,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
)
from ansible_collections.identity.scim.tests.unit.quirks.services_quirks import by_cursor_only

PEOPLE = [f"user{number:02}" for number in range(40)]


def staffed(*quirks: Quirk, staff: int = 0, users: int = 40, **more: Any) -> Quirky:
    """A service with users, the first of them in the group ``staff``."""
    server = Quirky(*quirks, **more)
    for name in PEOPLE[:users]:
        server.user(name)
    server.group("staff", PEOPLE[:staff])
    return server


def staff_of(*names: str) -> dict[str, Any]:
    """The group with exactly these members."""
    return {"groups": [{"display_name": "staff", "members": {"set": list(names)}}]}


def operations(server: Quirky) -> list[dict[str, Any]]:
    """All operations of all PATCHes of groups."""
    found = []
    for one in server.sent("PATCH", "Groups"):
        found += one.body["Operations"]
    return found


# --- B1: pages -------------------------------------------------------------------------------


def test_b1_every_list_of_all_names_its_place_and_size() -> None:
    server = staffed(page=10)
    policy = Policy(purge={"User": "absent"})
    run(server, policy=policy, users=[{"user_name": name} for name in PEOPLE])
    lists = [one.query for one in server.sent("GET", "Users") if one.is_listing]
    assert lists and all({"count", "startIndex"} <= set(one) for one in lists)


@pytest.mark.parametrize("paging", ["index", "cursor"])
def test_b1_a_list_that_repeats_a_page_ends_there_and_removes_nobody(paging: str) -> None:
    def repeating(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not asked.lists or asked.kind != "Users":
            return honest(asked)
        answer = honest(asked.without("cursor").asking(startIndex="1", count="10"))
        more = {"nextCursor": "again"} if paging == "cursor" else {}
        return altered(answer, lambda body: {**body, "totalResults": 40, **more})

    server = staffed(repeating)
    policy = Policy(purge={"User": "absent"})
    with pytest.raises(ScimError, match="not complete"):
        users = [{"user_name": name} for name in PEOPLE[:9]]
        run(server, caps={"paging": paging, "filters": False}, policy=policy, users=users)
    assert len(server.sent("GET", "Users")) <= 6 and not server.log


# --- B2: pages that lose rows ----------------------------------------------------------------


def test_b2_a_user_that_a_list_lacks_is_looked_up_before_it_is_created() -> None:
    def losing(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        """Leave one user out of every page of all users, and count it."""
        if not asked.is_listing or asked.kind != "Users":
            return honest(asked)
        hidden = server.id_of("user07")

        def shown(body: Any) -> Any:
            rows = [one for one in body["Resources"] if one["id"] != hidden]
            return {**body, "Resources": rows, "totalResults": body["totalResults"] - 1}

        return altered(honest(asked), shown)

    server = staffed(losing, page=100)
    found = run(server, users=[{"user_name": name} for name in (*PEOPLE, "new")])
    assert found.changed and server.names("Users") == {*PEOPLE, "new"}
    assert [one.body["userName"] for one in server.sent("POST")] == ["new"]
    asked = [one.query["filter"] for one in server.sent("GET", "Users") if "filter" in one.query]
    assert any("user07" in one for one in asked)


PAGINATIONS = (
    {"defaultPaginationMethod": "cursor", "index": True},
    {"defaultPaginationMethod": "index", "index": True},
    {"index": False},
    {"index": True},
    {},
)


def announcing(pagination: Any) -> Quirk:
    """A ServiceProviderConfig that announces cursors (RFC 9865)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "ServiceProviderConfig":
            return Answer(200, {"pagination": {"cursor": True, **pagination}})
        return honest(asked)

    return quirk


def by_both(cap: int) -> Quirk:
    """Pages are asked for by index or by cursor."""
    by_cursor = by_cursor_only(cap)

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return by_cursor(server, asked, honest) if "cursor" in asked.query else honest(asked)

    return quirk


def purged_down_to(server: Quirky, names: list[str]) -> Any:
    policy = Policy(purge={"User": "absent"})
    return run(server, policy=policy, users=[{"user_name": name} for name in names])


def whole_lists(server: Quirky) -> list[Any]:
    return [one.query for one in server.sent("GET", "Users") if one.is_listing]


@pytest.mark.parametrize("pagination", PAGINATIONS)
@pytest.mark.parametrize("paged", [by_cursor_only, by_both])
def test_b2_cursors_are_preferred_wherever_they_are_announced(
    pagination: Any, paged: Callable[[int], Quirk]
) -> None:
    """A row that is deleted meanwhile moves no page that a cursor begins (RFC 9865)."""
    server = staffed(announcing(pagination), paged(10), page=10)
    assert not purged_down_to(server, PEOPLE).changed
    pages = whole_lists(server)
    assert len(pages) == 4 and all("cursor" in one for one in pages)
    assert not any("startIndex" in one for one in pages)


def test_b2_rows_lost_by_index_are_not_lost_by_cursor() -> None:
    """Somebody deletes a user of the first page while the list is read."""

    def stable(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        """Go on by cursor behind the last row that was shown, and by index at a place."""
        if not asked.is_listing or asked.kind != "Users":
            return honest(asked)
        rows = list(server.held["Users"].values())
        if "cursor" in asked.query:
            after = asked.query["cursor"]
            left = [one for one in rows if not after or one["userName"] > after]
            page = left[:10]
            more = {"nextCursor": page[-1]["userName"]} if len(left) > 10 else {}
            body = {"Resources": page, "itemsPerPage": len(page), **more}
        else:
            start = int(asked.query["startIndex"]) - 1
            body = {"Resources": rows[start : start + 10], "totalResults": len(rows)}
        if "user00" in server.names("Users"):
            del server.held["Users"][server.id_of("user00")]
        return Answer(200, copy.deepcopy(body))

    server = Quirky(announcing({"index": True}), stable, page=10)
    for name in PEOPLE[:30]:
        server.user(name)
    assert purged_down_to(server, PEOPLE[1:25]).changed
    assert server.names("Users") == set(PEOPLE[1:25])
    assert len(whole_lists(server)) == 3 and not server.sent("POST")


@pytest.mark.parametrize("refuses", [True, False])
def test_b2_announced_cursors_that_do_not_work_lose_no_rows(refuses: bool) -> None:
    """The service refuses ``cursor``, or takes no notice of it and gives the first page."""

    def without_cursors(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if refuses and "cursor" in asked.query:
            return Answer(501, {"detail": "not implemented"})
        return honest(asked.without("cursor"))

    server = staffed(announcing({}), without_cursors, page=10)
    assert purged_down_to(server, PEOPLE[:30]).changed
    assert server.names("Users") == set(PEOPLE[:30])
    pages = whole_lists(server)
    assert "cursor" in pages[0] and all("startIndex" in one for one in pages[1:])
    assert not server.sent("POST")


# --- B4: portions ----------------------------------------------------------------------------


@pytest.mark.parametrize("caps", [{"members_per_patch": 7}, {"removals_per_patch": 1}])
def test_b4_check_mode_counts_the_portions(caps: dict[str, Any]) -> None:
    server = staffed(staff=9)
    wanted = staff_of(*PEOPLE[5:40])
    predicted = run(server, caps=caps, check=True, **wanted)
    assert not server.log
    done = run(server, caps=caps, **wanted)
    assert predicted.operations == done.operations
    assert len(done.operations) == len(server.sent("PATCH", "Groups")) > 1


@pytest.mark.parametrize("partly", [False, True])
def test_b4_the_members_are_read_again_before_a_smaller_portion(partly: bool) -> None:
    """A refused PATCH may have been done in part (Metatavu #107)."""

    def taking(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        rows = asked.body["Operations"][0].get("value", ()) if asked.method == "PATCH" else ()
        if asked.kind != "Groups" or len(rows) <= 10:
            return honest(asked)
        if partly:
            first = {**asked.body["Operations"][0], "value": rows[:3]}
            honest(replace(asked, body={**asked.body, "Operations": [first]}))
        return Answer(413, {"detail": "too large"})

    server = staffed(taking)
    assert run(server, **staff_of(*PEOPLE)).changed
    assert server.members("staff") == set(PEOPLE)
    kinds = [one.method for one in server.asked if one.segments[1:] == (server.id_of("staff"),)]
    first = kinds.index("PATCH")
    assert kinds[first + 1] == "GET"
    sent: list[str] = []
    for one in operations(server)[1:]:
        sent += [row["value"] for row in one["value"] if len(one["value"]) <= 10]
    refused = [one for one in operations(server) if len(one["value"]) > 10]
    assert len(sent) == len(set(sent)) == 40 - (3 * len(refused) if partly else 0)


# --- B5, B6: which requests change members ---------------------------------------------------


@pytest.mark.parametrize("method", ["auto", "patch"])
def test_b5_members_are_changed_by_patch_where_there_is_patch(method: str) -> None:
    server = staffed(staff=4)
    row = {**staff_of(*PEOPLE[3:6])["groups"][0], "external_id": "x", "update_method": method}
    assert run(server, groups=[row]).changed
    assert not server.sent("PUT") and server.sent("PATCH")


@pytest.mark.parametrize(("before", "after"), [(4, 0), (4, 2), (0, 3), (9, 9)])
def test_b6_no_operation_replaces_or_clears_all_members(before: int, after: int) -> None:
    server = staffed(staff=before)
    run(server, **staff_of(*PEOPLE[20 : 20 + after]))
    for one in operations(server):
        assert one["op"] in ("add", "remove")
        assert one["op"] == "add" or one["path"].startswith("members[") or one.get("value")
    assert server.members("staff") == set(PEOPLE[20 : 20 + after])


# --- B7: in which form members are removed ---------------------------------------------------


def refusing_filters(status: int, scim_type: str) -> Quirk:
    """A path with a condition is refused."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        paths = [one["path"] for one in asked.body["Operations"]] if asked.method == "PATCH" else []
        if any("[" in one for one in paths):
            return Answer(status, {"detail": "no", "scimType": scim_type})
        return honest(asked)

    return quirk


def forms(server: Quirky) -> list[str]:
    """In which forms members were removed, in turn."""
    removed = [one for one in operations(server) if one["op"] == "remove"]
    return ["filter" if "[" in one["path"] else "list" for one in removed]


def test_b7_members_are_removed_by_conditions_first() -> None:
    server = staffed(staff=5)
    run(server, **staff_of(*PEOPLE[:2]))
    assert set(forms(server)) == {"filter"} and server.members("staff") == set(PEOPLE[:2])


@pytest.mark.parametrize(
    ("status", "scim_type"),
    [(400, "invalidPath"), (400, "invalidFilter"), (501, ""), (400, "invalidSyntax")],
)
def test_b7_a_refused_condition_becomes_a_list_after_another_read(
    status: int, scim_type: str
) -> None:
    server = staffed(refusing_filters(status, scim_type), staff=5, limits={"member_remove": "both"})
    found = run(server, **staff_of(*PEOPLE[:2]))
    assert not found.failures and server.members("staff") == set(PEOPLE[:2])
    assert forms(server)[-1] == "list" and forms(server)[0] == "filter"
    kinds = [one.method for one in server.asked if one.segments[1:] == (server.id_of("staff"),)]
    assert "GET" in kinds[kinds.index("PATCH") + 1 : len(kinds) - kinds[::-1].index("PATCH")]


@pytest.mark.parametrize("quirks", [(), (silent,)])
def test_b7_a_removal_that_does_nothing_is_seen_and_is_no_change(quirks: tuple[Quirk, ...]) -> None:
    server = staffed(*quirks, removals_are_ignored, staff=5)
    found = run(server, policy=Policy(stop_on_error=False), **staff_of(*PEOPLE[:4]))
    assert not found.changed and server.members("staff") == set(PEOPLE[:5])
    assert any("user04 did not leave" in one for one in found.notes)


# --- B8: updates that do not take ------------------------------------------------------------


@pytest.mark.parametrize("how", ["answered", "silent"])
def test_b8_what_stays_different_is_not_saved_and_sent_no_third_time(how: str) -> None:
    def stubborn(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method not in ("PATCH", "PUT") or asked.kind != "Users":
            return honest(asked)
        held = dict(server.held["Users"][asked.segments[1]])
        return Answer(204) if how == "silent" else Answer(200, held)

    server = Quirky(stubborn)
    server.user("jim", title="Sales")
    found = run(server, users=[{"user_name": "jim", "title": "Boss"}])
    (done,) = found.done
    assert not found.changed and done.not_saved == ("title",)
    assert len([one for one in server.asked if one.method != "GET"]) <= 2


def test_b8_what_is_known_not_to_be_kept_is_never_sent() -> None:
    server = Quirky()
    server.user("jim", title="Sales")
    caps = {"capabilities": {"fixed": ["User.title"]}}
    with web.hostile(store=server) as service:
        for check in (True, False):
            row = {"user_name": "jim", "title": "Boss"}
            said = web.run(service, "scim_user", check=check, connection=caps, **row)
            assert not said.failure and not said.changed and not service.writes
            assert said.result["not_saved"] == ["title"]


# --- B9: lost answers ------------------------------------------------------------------------


@pytest.mark.parametrize("is_done", [True, False])
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_b9_a_creation_without_an_answer_is_looked_up_before_it_is_sent_again(
    status: int, is_done: bool
) -> None:
    lost: list[Asked] = []

    def losing(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "POST" or lost:
            return honest(asked)
        lost.append(asked)
        if is_done:
            honest(asked)
        return Answer(status, {"detail": "try later"})

    server = Quirky(losing)
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_user", user_name="jim", external_id="1")
        assert not said.failure and (said.changed or status == 429)
        sent = [one.method for one in service.seen]
    assert server.names("Users") == {"jim"} and len(server.held["Users"]) == 1
    posts = [number for number, method in enumerate(sent) if method == "POST"]
    if status != 429:  # a request that is refused for its pace was not done
        assert "GET" in sent[posts[0] + 1 :]
        assert len(posts) == (1 if is_done else 2)


def conflicting(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """A filter finds nothing at first; a creation with a value that is taken is 409."""
    if asked.lists and not server.sent("POST"):
        return altered(honest(asked), lambda body: {**body, "Resources": [], "totalResults": 0})
    if asked.method == "POST":
        for one in server.held["Users"].values():
            for name in ("userName", "externalId"):
                if asked.body.get(name) and one.get(name) == asked.body[name]:
                    return Answer(409, {"detail": "exists", "scimType": "uniqueness"})
    return honest(asked)


def test_b9_a_conflict_is_solved_by_a_key_of_the_task() -> None:
    """The same external id under another name (idp-scim-sync #57): the user is renamed."""
    server = Quirky(conflicting)
    server.user("old.name", externalId="7")
    users = [{"user_name": "new.name", "external_id": "7"}]
    found = run(server, users=users)
    assert found.changed and server.names("Users") == {"new.name"}


def test_b9_a_conflict_without_a_key_of_the_task_adopts_nobody() -> None:
    server = Quirky(conflicting)
    server.user("jim", externalId="8")
    with pytest.raises(ScimError, match="jim"):
        outcome = run(server, users=[{"user_name": "jim", "external_id": "7"}])
        raise outcome.error or AssertionError("no error")
    assert server["jim"]["externalId"] == "8" and len(server.held["Users"]) == 1


# --- B10: values that are written otherwise --------------------------------------------------


@pytest.mark.parametrize(
    ("path", "form", "wanted", "held"),
    [
        ("phoneNumbers", "e164", [{"value": "+1 (555) 010-99", "type": "work"}], "+155501099"),
        ("userName", "lower", "Jim.Halpert", "jim.halpert"),
    ],
)
def test_b10_a_value_that_is_rewritten_is_compared_as_the_service_writes_it(
    path: str, form: str, wanted: Any, held: str
) -> None:
    def rewriting(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        for one in server.held["Users"].values():
            if path == "userName":
                one["userName"] = one["userName"].lower()
            for phone in one.get("phoneNumbers", ()):
                phone["value"] = held
        if asked.kind == "Users" and answer.status < 300 and asked.method != "GET":
            return Answer(answer.status, dict(server.held["Users"][answer.body["id"]]))
        return answer

    server = Quirky(rewriting)
    name = "rewrite"
    target = f"User.{path}.value" if path == "phoneNumbers" else f"User.{path}"
    option = {"phoneNumbers": "phone_numbers", "userName": "user_name"}[path]
    row = {"user_name": "jim", option: wanted}
    assert run(server, caps={name: {target: form}}, users=[row]).changed
    server.forget()
    assert not run(server, caps={name: {target: form}}, users=[row]).changed
    assert not server.log


def test_b10_without_the_capability_an_unknown_form_is_not_written_in_each_run() -> None:
    def rewriting(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.method in ("PATCH", "PUT", "POST") and asked.kind == "Users":
            held = server.held["Users"][answer.body["id"]]
            held["nickName"] = "rewritten"
            return Answer(answer.status, dict(held))
        return answer

    server = Quirky(rewriting)
    row = {"user_name": "jim", "nick_name": "Jim"}
    run(server, users=[row])
    for _again in range(2):
        found = run(server, users=[row])
        assert not found.changed and found.done[0].not_saved == ("nickName",)


# --- B11: inactive users ---------------------------------------------------------------------


def test_b11_an_address_that_an_inactive_user_keeps_is_a_clear_conflict() -> None:
    """Slack: the e-mail of a deactivated user stays taken."""

    def taken(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST" and asked.kind == "Users":
            wanted = {one["value"] for one in asked.body.get("emails", ())}
            for one in server.held["Users"].values():
                if wanted & {mail["value"] for mail in one.get("emails", ())}:
                    return Answer(409, {"detail": "email taken", "scimType": "uniqueness"})
        return honest(asked)

    server = Quirky(taken)
    mails = [{"value": "ann@example.com", "type": "work", "primary": True}]
    server.user("ann", active=False, emails=mails)
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_user", user_name="ann.new", emails=mails)
    assert "email taken" in said.failure and server.names("Users") == {"ann"}
    assert server["ann"]["active"] is False


# --- B12: PUT --------------------------------------------------------------------------------


@pytest.mark.parametrize("active", [True, False])
def test_b12_a_put_sends_back_everything_that_the_service_holds(active: bool) -> None:
    server = Quirky()
    mails = [{"value": "jim@example.com", "type": "work", "primary": True}]
    server.user("jim", active=active, title="Sales", nickName="Big Tuna", emails=mails)
    server["jim"]["meta"] = {"resourceType": "User", "created": "2020-01-01T00:00:00Z"}
    server["jim"]["groups"] = [{"value": "g1"}]
    run(server, users=[{"user_name": "jim", "title": "Boss", "update_method": "put"}])
    (put,) = server.sent("PUT")
    assert put.body["active"] is active and put.body["nickName"] == "Big Tuna"
    assert put.body["emails"] == mails and put.body["title"] == "Boss"
    assert not {"meta", "groups"} & set(put.body)
    whole = [one for one in server.sent("GET", "Users") if not one.query.get("attributes")]
    assert whole and server.asked.index(whole[-1]) < server.asked.index(put)


# --- B13: one writer -------------------------------------------------------------------------


def test_b13_no_two_writes_of_a_group_are_under_way() -> None:
    under_way: list[str] = []
    twice: list[str] = []

    def slow(asked: web.Asked, honest: Callable[[], web.Reply]) -> web.Reply:
        target = asked.target.partition("?")[0]
        if asked.method != "PATCH":
            return honest()
        if target in under_way:
            twice.append(target)
        under_way.append(target)
        service.lock.release()
        time.sleep(0.005)
        service.lock.acquire()
        under_way.remove(target)
        return honest()

    server = staffed()
    server.judged = False
    names = [f"g{number}" for number in range(6)]
    for name in names:
        server.group(name)
    groups = [{"display_name": name, "members": {"set": PEOPLE[:20]}} for name in names]
    with web.hostile(store=server, spell=slow) as service:
        caps = {"capabilities": {"members_per_patch": 5}, "concurrency": 8}
        said = web.run(service, "scim_directory", connection=caps, groups=groups)
    assert not said.failure and not twice
    assert all(server.members(name) == set(PEOPLE[:20]) for name in names)


# --- B14: errors for wrong data --------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 503])
def test_b14_a_service_that_always_fails_is_not_asked_for_ever(status: int) -> None:
    def failing(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH":
            return Answer(status, {"detail": "boom"})
        return honest(asked)

    server = staffed(failing, staff=1)
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_group", display_name="staff", members={"add": PEOPLE})
    assert f"answered {status}" in said.failure and "staff" in said.failure
    assert len(server.sent("PATCH")) <= len(PEOPLE) + 10 and server.members("staff") == {PEOPLE[0]}


# --- B15: pace -------------------------------------------------------------------------------


def test_b15_all_requests_wait_as_long_as_the_service_asks() -> None:
    """One pace for all threads."""
    refused: list[float] = []
    later: list[float] = []

    def spell(asked: web.Asked, honest: Callable[[], web.Reply]) -> web.Reply:
        now = time.monotonic()
        if asked.method == "POST" and len(server.names("Users")) >= 10 and not refused:
            refused.append(now)
            return web.Reply(429, {"detail": "slowly"}, {"Retry-After": "1"})
        if refused and now - refused[0] > 0.1:  # others were under way when it was refused
            later.append(now - refused[0])
        return honest()

    server = Quirky(judged=False)
    patient = {"retries": 5, "retry_max_wait": 5.0, "concurrency": 4}
    with web.hostile(store=server, spell=spell) as service:
        users = [{"user_name": name} for name in PEOPLE]
        said = web.run(service, "scim_directory", connection=patient, users=users)
    assert not said.failure and server.names("Users") == set(PEOPLE)
    assert refused and later and min(later) >= 0.9
