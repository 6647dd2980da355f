# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What refused and ignored writes teach, and of how much of a service they teach it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._report.report import (
    losses,
    unkept,
    unkept_warnings,
)
from ansible_collections.identity.scim.tests.unit.faults.hostile import hostile
from ansible_collections.identity.scim.tests.unit.faults.hostile import run as modules
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import team
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.lessons_quirks import (
    ENTERPRISE,
    drops,
    ignores,
    knows_only,
    paths_of,
    refuses,
    refuses_path,
    refuses_versions,
    silent_writes,
    versions,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky, altered
from ansible_collections.identity.scim.tests.unit.quirks.values_quirks import lists, user_schema

NAMES = ("ann", "bob", "cyd", "dan")


def titles(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"user_name": name, "title": f"title of {name}", **more} for name in names]


def test_e6_one_501_for_one_path_of_one_user_says_nothing_of_others() -> None:
    server = Quirky(refuses_path("title", 501))
    server.user("ann")
    server.user("bob", nickName="old")
    server.group("staff", ["bob"])
    outcome = run(
        server,
        users=[*titles("ann"), {"user_name": "bob", "nick_name": "new"}],
        groups=[{"display_name": "staff", "members": {"add": ["ann"]}}],
    )
    assert not outcome.failures
    assert [(one.method, one.kind) for one in server.asked if one.method != "GET"] == [
        ("PATCH", "Users"),
        ("PUT", "Users"),
        ("PATCH", "Users"),
        ("PATCH", "Groups"),
    ]


def test_e6_two_different_501s_are_about_users_and_not_about_groups() -> None:
    server = Quirky(refuses("PATCH", 501, "Users"))
    for name in NAMES:
        server.user(name)
    server.group("staff")
    run(
        server,
        users=titles(*NAMES),
        groups=[{"display_name": "staff", "members": {"add": list(NAMES)}}],
    )
    methods = [one.method for one in server.asked if one.method in ("PATCH", "PUT")]
    assert methods == ["PATCH", "PUT", "PATCH", "PUT", "PUT", "PUT", "PATCH"]
    assert server.members("staff") == set(NAMES)


def test_e6_a_type_whose_patch_works_is_never_taken_for_one_without() -> None:
    server = Quirky(refuses_path("title", 501))
    for name in NAMES:
        server.user(name)
    nick = {"user_name": "ann", "nick_name": "a"}
    outcome = run(server, users=[nick, *titles("bob", "cyd", "dan")])
    assert not outcome.failures
    assert len(server.sent("PATCH")) == 4 and len(server.sent("PUT")) == 3


@pytest.mark.parametrize("option", [False, {"users": False, "groups": False}])
def test_e6_option_for_all_types_or_for_each(option: Any) -> None:
    server = Quirky()
    server.user("ann")
    server.group("staff", ["ann"])
    run(
        server,
        users=titles("ann"),
        groups=[{"display_name": "staff", "external_id": "s"}],
        caps={"patch": option},
    )
    assert not server.sent("PATCH") and len(server.sent("PUT")) == 2


def test_e6_option_for_groups_leaves_users_to_patch() -> None:
    server = Quirky()
    server.user("ann")
    server.group("staff", ["ann"])
    run(
        server,
        users=titles("ann"),
        groups=[{"display_name": "staff", "external_id": "s"}],
        caps={"patch": {"groups": False}},
    )
    assert [one.kind for one in server.sent("PATCH")] == ["Users"]
    assert [one.kind for one in server.sent("PUT")] == ["Groups"]


def test_e6_a_refused_filter_of_groups_says_nothing_of_users() -> None:
    server = Quirky(refuses("GET", 501, "Groups", lambda asked: "filter" in asked.query))
    server.user("ann")
    server.group("staff")
    outcome = run(
        server,
        groups=[{"display_name": "staff", "members": {"add": ["ann"]}}],
    )
    assert outcome.changed and server.members("staff") == {"ann"}
    assert not [one for one in server.asked if one.is_listing and one.kind == "Users"]


# --- attributes that are accepted and dropped (E1) ----------------------------------------------


def displayed(*names: str) -> list[dict[str, Any]]:
    return [{"user_name": name, "display_name": f"The {name}"} for name in names]


def patched(server: Quirky) -> list[str]:
    """The names of the users that were changed by PATCH, in order."""
    return [server.held["Users"][one.segments[-1]]["userName"] for one in server.sent("PATCH")]


def test_e1_a_dropped_attribute_is_known_after_the_first_user() -> None:
    server = Quirky(drops("displayName"))
    first = run(server, users=displayed(*NAMES))
    sent = ["displayName" in one.body for one in server.sent("POST")]
    assert sent == [True, False, False, False] and not first.failures
    for _time in range(2):
        server.forget()
        again = run(server, users=displayed(*NAMES))
        assert not again.changed and not again.failures
        assert set(patched(server)) == {"ann"} and len(server.sent("PATCH")) <= 2
        assert again.unsaved == ("User.displayName",)
        assert [one.unsent for one in again.done] == [(), *[("displayName",)] * 3]


def test_e1_the_option_that_the_warning_gives_ends_it() -> None:
    server = Quirky(drops("displayName"))
    found = run(server, users=displayed(*NAMES))
    server.forget()
    again = run(server, users=displayed(*NAMES), caps={"unsaved": list(found.unsaved)})
    assert not again.changed and not [one for one in server.asked if one.method != "GET"]


def test_e1_what_another_user_holds_is_not_given_up_for_one_value() -> None:
    """Only the value of ann is dropped, so the others get theirs."""

    def picky(server: Quirky, asked: Any, honest: Any) -> Any:
        if "The ann" in str(asked.body):
            return drops("displayName")(server, asked, honest)
        return honest(asked)

    server = Quirky(picky)
    server.user("zoe", displayName="Zoe")
    for name in NAMES:
        server.user(name)
    outcome = run(server, users=displayed(*NAMES, "zoe"))
    assert not outcome.unsaved
    assert [server[name].get("displayName") for name in NAMES] == [
        None,
        *(f"The {name}" for name in NAMES[1:]),
    ]


def test_e1_attributes_of_groups_are_learnt_for_groups() -> None:
    server = Quirky(drops("externalId", kind="Groups"))
    groups = [{"display_name": name, "external_id": name} for name in ("red", "blue")]
    outcome = run(server, groups=groups, users=[{"user_name": "ann", "external_id": "a"}])
    assert outcome.unsaved == ("Group.externalId",) and server["ann"]["externalId"] == "a"


def test_e1_a_deactivation_is_sent_whatever_was_learnt() -> None:
    server = Quirky(drops("active"))
    for name in ("ann", "bob"):
        server.user(name)
    rows = [{"user_name": name, "state": "inactive"} for name in ("ann", "bob")]
    outcome = run(server, users=rows, policy=Policy(stop_on_error=False))
    assert set(patched(server)) == {"ann", "bob"} and not outcome.changed


def test_e1_the_warning_of_a_module_has_the_line_to_paste() -> None:
    line = "capabilities: {unsaved: [User.displayName]}"
    with hostile(store=Quirky(drops("displayName"))) as service:
        service.store.user("ann")
        said = modules(service, "scim_user", user_name="ann", display_name="Ann")
        assert not said.failure and not said.changed
        assert said.result["not_saved"] == ["displayName"]
        (warning,) = said.warnings
        assert line in warning and "update_method: put" in warning
        users = [{"user_name": name, "display_name": name} for name in NAMES]
        said = modules(service, "scim_directory", users=users)
        assert not said.failure and any(line in one for one in said.warnings)
        known = {"capabilities": {"unsaved": ["User.displayName"]}}
        said = modules(service, "scim_directory", users=users, connection=known)
        assert not said.changed and not any(line in one for one in said.warnings)


SCHEMAS = lists(user_schema(userName="string", title="string"))


def test_e1_schemas_are_read_once_before_a_later_write_and_explain() -> None:
    with hostile(store=Quirky(SCHEMAS, drops("nickName"))) as service:
        store: Any = service.store
        users = [{"user_name": name, "nick_name": name} for name in NAMES]
        said = modules(service, "scim_directory", users=users)
        assert not said.failure and said.changed
        kinds = [(one.method, one.kind) for one in store.asked]
        assert kinds.count(("GET", "Schemas")) == 1
        posts = [at for at, one in enumerate(kinds) if one[0] == "POST"]
        assert posts[0] < kinds.index(("GET", "Schemas")) < posts[1]
        explained = "its Schemas do not list nickName"
        [line] = said.warnings
        assert explained in line and f"{len(NAMES)} users (" in line
        assert all(name in line for name in sorted(NAMES)[:5])
        assert line.endswith(
            "capabilities: {unsaved: [User.nickName]} so that it is not sent again"
        )
        assert "notes" not in said.result


@pytest.mark.parametrize(
    "known", [{"capabilities": {"unsaved": ["User.title"]}}, {"service_provider": "django-scim2"}]
)
def test_what_an_option_or_a_profile_says_is_not_kept_is_a_note(known: dict[str, Any]) -> None:
    with hostile(store=Quirky(drops("title"))) as service:
        users = titles(*(f"u{one:02}" for one in range(20)))
        said = modules(service, "scim_directory", users=users)
        assert not said.failure and said.warnings == [
            "the service accepted title but did not keep the value, which is set for 20 users "
            "(u00, u01, u02, u03, u04 and 15 more); set capabilities: {unsaved: [User.title]} so "
            "that it is not sent again"
        ]
        assert len(said.result["not_saved"]) == 20 and "notes" not in said.result
        for check in (True, False):
            said = modules(service, "scim_directory", users=users, connection=known, check=check)
            assert not said.failure and not said.warnings and len(said.result["not_saved"]) == 20
            [note] = said.result["notes"]
            assert note.startswith("title of 20 users (u00, u01, u02, u03, u04 and 15 more) was ")
        said = modules(service, "scim_user", connection=known, **users[0])
        assert not said.warnings and not said.changed
        assert [one.partition(" was ")[0] for one in said.result["notes"]] == [
            "title of user 'u00'"
        ]


@pytest.mark.parametrize("schemas", [lists(user_schema(nickName="string")), lists(status=500)])
def test_e1_schemas_change_nothing_of_what_is_learnt(schemas: Any) -> None:
    server = Quirky(schemas, drops("nickName"))
    users = [{"user_name": name, "nick_name": name} for name in NAMES]
    outcome = run(server, users=users)
    assert outcome.unsaved == ("User.nickName",) and not outcome.failures
    assert not any("Schemas" in one for one in unkept_warnings(losses(unkept(outcome)), outcome))
    assert len(server.sent("GET", "Schemas")) == 1


def test_e1_no_schemas_are_read_where_no_write_follows() -> None:
    server = Quirky(SCHEMAS, drops("nickName"))
    for name in NAMES:
        server.user(name)
    users = [{"user_name": name, "nick_name": name} for name in NAMES]
    run(server, users=users)
    run(server, users=users[:1])
    run(server, check=True, users=users)
    assert not server.sent("GET", "Schemas")


# --- attributes that are refused (E2) -----------------------------------------------------------


def leaving(**row: Any) -> dict[str, Any]:
    return {
        "teams": [team("red", "zoe")],
        "policy": Policy(leavers="inactive", stop_on_error=False),
        **row,
    }


def test_e2_a_refused_path_leaves_the_other_attributes_to_be_written() -> None:
    server = Quirky(refuses_path("nickName"))
    server.user("ann")
    row = {"user_name": "ann", "title": "Dr", "nick_name": "a", "locale": "de"}
    outcome = run(server, users=[row])
    assert not outcome.failures and outcome.changed
    assert (server["ann"]["title"], server["ann"]["locale"]) == ("Dr", "de")
    (done,) = outcome.done
    assert done.refused == ("nickName",) and not done.not_saved
    (note,) = outcome.notes
    assert note.startswith("nickName of user 'ann' is not saved") and "no nickName" in note
    assert len(server.sent("PATCH")) == 2 + 3  # the first also without attributes=


def said(detail: str, scim_type: str = "", status: int = 400) -> Any:
    """Refuse a PATCH that names a title, in these words."""

    def quirk(_server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.method == "PATCH" and "title" in paths_of(asked):
            return Answer(status, {"detail": detail, "scimType": scim_type})
        return honest(asked)

    return quirk


UNCLEAR = [
    said("no"),
    said("Bad Request"),
    said("", "invalidSyntax"),
    said("title is read-only", "mutability"),
    said("no", status=409),
    said("no", status=422),
]
UNKNOWN = [
    said("no", "invalidPath"),
    said("no", "noTarget"),
    said("Unknown attribute 'title'"),
    said("Attribute title is not supported"),
    said('The property "title" does not exist on this resource'),
    said("Invalid field: title", status=422),
]
WRONG = [
    said("no", "invalidValue"),
    said("no", "uniqueness"),
    said("title: is too long"),
    said("Invalid attribute value for title", status=422),
    said("title must match ^[a-z]+$", "invalidSyntax"),
    said("title is already taken", status=409),
    said("title is not a valid job title"),
]
SEVERAL = {"user_name": "ann", "title": "Dr", "nick_name": "a", "locale": "de"}


def codes(quirk: Any, row: dict[str, Any], runs: int = 3, **held: Any) -> list[bool]:
    """Whether each of several runs failed. What is not refused is as set after each."""
    server = Quirky(quirk)
    server.user("ann", **held)
    found = []
    for number in range(runs):
        outcome = run(server, users=[row])
        found.append(bool(outcome.failures))
        assert server["ann"].get("locale") == row.get("locale")
        if not outcome.failures:
            assert outcome.changed is (number == 0 and "locale" in row)
            assert outcome.done[-1].refused == ("title",)
            assert any(one.startswith("title of user 'ann'") for one in outcome.notes)
    return found


@pytest.mark.parametrize("held", [{}, {"title": "old"}])
@pytest.mark.parametrize("quirk", [*UNCLEAR, *UNKNOWN])
def test_e2_all_runs_of_one_task_say_the_same_of_what_the_service_does_not_take(
    quirk: Any, held: dict[str, Any]
) -> None:
    assert codes(quirk, SEVERAL, **held) == [False] * 3


@pytest.mark.parametrize("held", [{}, {"title": "old"}])
@pytest.mark.parametrize("quirk", WRONG)
def test_e2_a_wrong_value_is_an_error_in_all_runs(quirk: Any, held: dict[str, Any]) -> None:
    assert codes(quirk, SEVERAL, **held) == [True] * 3


@pytest.mark.parametrize("quirk", [*UNCLEAR, *WRONG])
def test_e2_the_only_attribute_that_a_task_sets_is_an_error_if_it_is_refused(quirk: Any) -> None:
    assert codes(quirk, {"user_name": "ann", "title": "Dr"}) == [True] * 3


@pytest.mark.parametrize("quirk", UNKNOWN)
def test_e2_an_unknown_attribute_is_not_saved_even_if_it_is_the_only_one(quirk: Any) -> None:
    assert codes(quirk, {"user_name": "ann", "title": "Dr"}) == [False] * 3


def test_e2_two_refused_attributes_are_judged_in_each_run_as_one_is() -> None:
    server = Quirky(refuses_path("title"), refuses_path("nickName"))
    server.user("ann")
    for number in range(3):
        outcome = run(server, users=[SEVERAL])
        assert not outcome.failures and outcome.changed is (number == 0)
        assert set(outcome.done[0].refused) == {"title", "nickName"}
    assert run(server, users=[{"user_name": "ann", "title": "a", "nick_name": "b"}]).failures


@pytest.mark.parametrize("more", [{"external_id": "e1"}, {"enterprise": {"department": "x"}}])
def test_e2_a_key_or_an_extension_that_is_as_set_counts_as_the_rest(more: dict[str, Any]) -> None:
    server = Quirky(refuses_path("title"))
    server.user("ann")
    row = {"user_name": "ann", "title": "Dr", **more}
    assert [bool(run(server, users=[row]).failures) for _run in range(3)] == [False] * 3


def test_e2_a_group_whose_members_are_as_set_counts_as_the_rest() -> None:
    server = Quirky(refuses_path("externalId"))
    server.user("ann")
    server.group("red")
    row = {"display_name": "red", "external_id": "r", "members": {"set": ["ann"]}}
    for number in range(3):
        outcome = run(server, groups=[row])
        assert not outcome.failures and outcome.changed is (number == 0)


def test_e2_values_that_are_refused_in_words_teach_nothing() -> None:
    server = Quirky(said("title: is too long"))
    for name in NAMES:
        server.user(name)
    rows = [{"user_name": name, "title": name, "nick_name": name} for name in NAMES]
    outcome = run(server, users=rows, policy=Policy(stop_on_error=False))
    assert len(outcome.failures) == 4 and not outcome.unsaved
    assert all(server[name]["nickName"] == name for name in NAMES)


def test_e2_two_refused_values_excuse_an_invalid_value_that_says_nothing_of_it() -> None:
    server = Quirky(said("no", "invalidValue"))
    for name in NAMES:
        server.user(name)
    rows = [{"user_name": name, "title": name, "nick_name": name} for name in NAMES]
    outcome = run(server, users=rows, policy=Policy(stop_on_error=False))
    assert not outcome.failures and outcome.unsaved == ("User.title",)
    assert [one.refused or one.unsent for one in outcome.done] == [("title",)] * 4


def test_e2_a_deactivation_gets_through_alone_and_first() -> None:
    server = Quirky(refuses_path("title"))
    server.user("ann", title="old")
    run(server, users=[{"user_name": "ann", "title": "new", "active": False}])
    assert server["ann"]["active"] is False and server["ann"]["title"] == "old"
    assert [one["path"] for one in server.sent("PATCH")[2].body["Operations"]] == ["active"]


def test_e2_a_refused_deactivation_is_a_failure_and_the_rest_is_written() -> None:
    server = Quirky(refuses_path("active"))
    server.user("ann")
    outcome = run(server, users=[{"user_name": "ann", "title": "new", "active": False}])
    assert "no active" in str(outcome.failures[0].error)
    assert server["ann"]["title"] == "new" and outcome.changed


def test_e2_invalid_path_is_known_for_the_type_at_once() -> None:
    server = Quirky(refuses_path("nickName", scim_type="invalidPath"))
    for name in NAMES:
        server.user(name)
    outcome = run(server, users=[{"user_name": name, "nick_name": "same"} for name in NAMES])
    assert not outcome.failures and not outcome.changed
    assert len(server.sent("PATCH")) == 2 and outcome.unsaved == ("User.nickName",)


def test_e2_two_values_of_two_users_are_known_for_the_type() -> None:
    server = Quirky(refuses_path("nickName"))
    for name in NAMES:
        server.user(name)
    rows = [{"user_name": name, "nick_name": name, "title": "x"} for name in NAMES]
    outcome = run(server, users=rows)
    assert not outcome.failures and [server[name]["title"] for name in NAMES] == ["x"] * 4
    assert [len(one.operations) for one in outcome.done] == [1, 1, 1, 1]
    assert len(server.sent("PATCH")) == 4 + 4 + 1 + 1


@pytest.mark.parametrize("put", [400, 405, 422, 501])
def test_e6_a_501_for_a_path_is_known_for_the_type_where_patch_works(put: int) -> None:
    """A PUT is tried after a 501, and refused too. The other attributes show that PATCH works."""
    server = Quirky(refuses_path("nickName", 501), refuses("PUT", put))
    for name in NAMES:
        server.user(name)
    rows = [{"user_name": name, "nick_name": name, "title": "x"} for name in NAMES]
    outcome = run(server, users=rows)
    assert not outcome.failures and [server[name]["title"] for name in NAMES] == ["x"] * 4
    assert outcome.unsaved == ("User.nickName",)
    assert len(server.sent("PATCH")) == 3 + 3 and len(server.sent("PUT")) == 2
    server.group("red")
    server.forget()
    assert run(server, groups=[{"display_name": "red", "external_id": "r"}]).changed
    assert not server.sent("PUT")


@pytest.mark.parametrize("put", [400, 405, 501])
def test_e6_a_501_for_every_patch_is_about_no_attribute(put: int) -> None:
    server = Quirky(refuses("PATCH", 501, "Users"), refuses("PUT", put))
    for name in NAMES:
        server.user(name)
    rows = [{"user_name": name, "nick_name": name, "title": name} for name in NAMES]
    outcome = run(server, users=rows, policy=Policy(stop_on_error=False))
    assert len(outcome.failures) == 4 and not outcome.unsaved


def test_e2_the_same_value_of_two_users_is_not_known_for_the_type() -> None:
    server = Quirky(refuses_path("nickName"))
    for name in NAMES:
        server.user(name)
    rows = [{"user_name": name, "nick_name": "same", "title": "x"} for name in NAMES]
    assert not run(server, users=rows).unsaved
    assert len(server.sent("PATCH")) == 4 * 4


def test_e2_a_dropped_attribute_that_is_refused_later_is_no_failure_in_any_run() -> None:
    server = Quirky(drops("title", methods=("POST",)), refuses_path("title"))
    keep_on = Policy(stop_on_error=False)
    for number in range(3):
        outcome = run(server, users=titles(*NAMES), policy=keep_on)
        assert not outcome.failures and outcome.unsaved == ("User.title",)
        assert outcome.changed is (number == 0)
        refused = [one for one in outcome.notes if "is not saved, since the service refu" in one]
        assert len(refused) == (2 if number else 0)
    one = run(server, users=titles("ann"), policy=keep_on)
    assert "no title" in str(one.error)  # a single value may be wrong


def wrong_titles(server: Quirky, asked: Any, honest: Any) -> Any:
    """Refuse titles that are too long, without saying why."""
    if asked.method == "PATCH" and any(len(one["value"]) > 9 for one in asked.body["Operations"]):
        return Answer(400, {"detail": "no"})
    return honest(asked)


def test_e2_wrong_values_are_failures_where_the_service_stores_the_attribute() -> None:
    server = Quirky(wrong_titles)
    for name in NAMES:
        server.user(name, title="old" if name == "dan" else "")
    rows = [{"user_name": name, "title": name * 4} for name in NAMES[:2]]
    outcome = run(server, users=[*rows, {"user_name": "dan"}], policy=Policy(stop_on_error=False))
    assert len(outcome.failures) == 2


@pytest.mark.parametrize("name, refusal", [("ann", 400), ("zoe", 409)])
def test_e2_what_the_service_stores_for_others_is_sent_whatever_was_refused(
    name: str, refusal: int
) -> None:
    def quirk(server: Quirky, asked: Any, honest: Any) -> Any:
        answer = wrong_titles(server, asked, honest)
        return replace(answer, status=refusal) if answer.status == 400 else answer

    server = Quirky(quirk)
    for one in (*NAMES, "zoe"):
        server.user(one)
    rows = [{"user_name": one, "title": one * 4, "nick_name": one} for one in NAMES[1:3]]
    rows = [{"user_name": name, "title": "short"}, *rows, {"user_name": "dan", "title": "fine"}]
    outcome = run(server, users=rows[refusal == 409 :], policy=Policy(stop_on_error=False))
    assert server["dan"]["title"] == "fine" and not outcome.failures and not outcome.unsaved


@pytest.mark.parametrize("drop", [True, False])
def test_e2_leavers_become_inactive_though_thirty_updates_are_refused(drop: bool) -> None:
    quirks = [drops("title", methods=("POST",))] if drop else []
    server = Quirky(*quirks, refuses_path("title"))
    rows = [{"user_name": f"n{number}", "title": "same"} for number in range(30)]
    if drop:
        run(server, users=rows)
    for row in [] if drop else rows:
        server.user(row["user_name"])
    for name in ("gone", "zoe"):
        server.user(name)
    server.group("red", ["gone", "zoe"])
    server.forget()
    outcome = run(server, **leaving(users=rows))
    assert server["gone"]["active"] is False and server.members("red") == {"zoe"}
    assert 0 < len(outcome.failures) <= 20 and len(outcome.not_tried) >= 10


def test_e2_a_refused_name_of_a_group_does_not_stop_its_leaves() -> None:
    server = Quirky(refuses_path("externalId"))
    for name in ("ann", "bob"):
        server.user(name)
    server.group("red", ["ann", "bob"])
    outcome = run(
        server, groups=[{"display_name": "red", "external_id": "r", "members": {"set": ["ann"]}}]
    )
    assert server.members("red") == {"ann"} and outcome.done[0].refused == ("externalId",)


@pytest.mark.parametrize("row", [{"title": "x"}, {"nick_name": "n"}])
def test_e2_a_deactivation_gets_through_where_an_attribute_is_answered_500(row: Any) -> None:
    path = "title" if "title" in row else "nickName"
    server = Quirky(refuses_path(path, 500))
    for name in ("ann", "bob"):
        server.user(name)
    found = run(server, users=[{"user_name": "ann", "active": False, **row}])
    assert server["ann"]["active"] is False and found.changed
    (failure,) = found.failures
    assert f"500: no {path}" in str(failure.error)


def test_e2_a_busy_service_is_not_asked_for_each_attribute() -> None:
    """After the tries of the whole update, a deactivation is sent alone once."""
    for status, active, sent in ((503, False, 4), (500, True, 3)):
        server = Quirky(refuses_path("title", status))
        server.user("ann")
        run(server, users=[{"user_name": "ann", "active": active, "nick_name": "n", "title": "t"}])
        assert len(server.sent("PATCH")) == sent


def test_e2_members_that_joined_in_another_part_are_no_surprise() -> None:
    """After the members came, the refused attribute is tried alone, and the group is read."""
    server = Quirky(refuses_path("externalId", 409, "uniqueness"))
    for name in ("ann", "bob", "cyd"):
        server.user(name)
    server.group("red", ["bob", "cyd"])
    rows = [{"display_name": "red", "external_id": "r", "members": {"set": ["ann"]}}]
    found = run(server, groups=rows)
    assert server.members("red") == {"ann"} and len(found.failures) == 1
    assert not [one for one in found.notes if "did not show before" in one]


# --- a service without PATCH, or without PUT, in other words (E6) -------------------------------

NO_PATCH = [
    (404, "Cannot PATCH /Users/u1"),
    (404, "Not Found"),
    (400, "PATCH is not supported"),
    (400, "Unsupported HTTP method"),
    (422, "the PATCH method is not implemented"),
    (400, "this endpoint does not support PATCH"),
]


@pytest.mark.parametrize("status, text", NO_PATCH)
def test_e6_a_service_without_patch_may_say_so_in_words(status: int, text: str) -> None:
    def quirk(_server: Quirky, asked: Any, honest: Any) -> Answer:
        if asked.method == "PATCH":
            return Answer(status, {"detail": text})
        return honest(asked)

    server = Quirky(quirk)
    for name in NAMES:
        server.user(name, nickName="kept")
    found = run(server, users=titles(*NAMES))
    assert not found.failures and len(server.sent("PATCH")) == 2
    assert server["dan"]["title"] == "title of dan" and server["dan"]["nickName"] == "kept"
    server.forget()
    assert not run(server, users=titles(*NAMES)).changed and not server.writes()


def test_e6_a_404_for_a_user_that_is_gone_sends_no_put() -> None:
    def quirk(server: Quirky, asked: Any, honest: Any) -> Answer:
        if asked.method == "PATCH":
            server.held["Users"].clear()
        return honest(asked)

    server = Quirky(quirk)
    server.user("ann")
    found = run(server, users=titles("ann"))
    assert "answered 404" in str(found.failures[0].error) and not server.sent("PUT")


@pytest.mark.parametrize("status", [405, 501])
def test_e6_a_service_without_put_says_nothing_of_attributes(status: int) -> None:
    server = Quirky(refuses("PUT", status))
    server.user("ann")
    with hostile(server) as service:
        said = modules(service, "scim_user", user_name="ann", title="t", update_method="put")
    assert f"changing user 'ann': the service answered {status}" in said.failure
    assert not said.changed and not said.result.get("not_saved")


# --- forms that are accepted and ignored (E7) ---------------------------------------------------


def adds(one: Any) -> bool:
    return one["op"] == "add" and one.get("path") != "members"


def below_extension(one: Any) -> bool:
    return one.get("path", "").startswith("urn:")


def sub_attribute(one: Any) -> bool:
    return "." in one.get("path", "") and not below_extension(one)


def held(one: Any) -> bool:
    return one["op"] == "replace" and one.get("path") == "title"


@pytest.mark.parametrize("answer", [200, 204])
@pytest.mark.parametrize(
    "when, row",
    [
        (adds, {"title": "new"}),
        (below_extension, {"enterprise": {"department": "new"}}),
        (sub_attribute, {"name": {"given_name": "new"}}),
        (held, {"title": "new"}),
    ],
)
def test_e7_another_form_is_tried_once_and_kept(
    when: Any, row: dict[str, Any], answer: int
) -> None:
    server = Quirky(ignores(when, answer))
    for name in NAMES:
        held_before = {"title": "old"} if when is held else {}
        ident = server.user(name, **held_before)
        server.held["Users"][ident]["name"] = {"familyName": "F"}
    users = [{"user_name": name, **row} for name in NAMES]
    outcome = run(server, users=users)
    assert outcome.changed and not outcome.failures
    assert not [one.not_saved for one in outcome.done if one.not_saved]
    assert len(server.sent("PATCH")) == len(NAMES) + 1
    assert all(server[name]["name"]["familyName"] == "F" for name in NAMES)
    if when is below_extension:
        assert server["dan"][ENTERPRISE]["department"] == "new"
    server.forget()
    assert not run(server, users=users).changed and not server.sent("PATCH")


def test_e7_put_is_advised_if_no_form_works() -> None:
    server = Quirky(ignores(lambda one: True))
    for name in NAMES:
        server.user(name, title="old")
    outcome = run(server, users=titles(*NAMES))
    assert not outcome.changed and outcome.done[0].ignored == ("title",)
    assert len(server.sent("PATCH")) == len(NAMES) + 1


def test_e7_a_returning_user_is_activated_in_another_form() -> None:
    """Services built for one identity provider take ``active`` without a path only."""
    server = Quirky(ignores(lambda one: one.get("path") == "active"))
    for name in ("ann", "bob"):
        server.user(name, active=False)
    users = [{"user_name": name, "active": True} for name in ("ann", "bob")]
    outcome = run(server, users=users)
    assert outcome.changed and server["ann"]["active"] and server["bob"]["active"]
    assert len(server.sent("PATCH")) == 3 and not outcome.done[0].not_saved
    server.forget()
    assert not run(server, users=users).changed and not server.sent("PATCH")


@pytest.mark.parametrize(
    "row", [{"emails": [{"value": "new@x.org", "type": "work"}]}, {"clear": ["title"]}]
)
def test_e7_put_is_advised_where_there_is_no_other_form(row: dict[str, Any]) -> None:
    server = Quirky(ignores(lambda one: True))
    server.user("ann", title="old", emails=[{"value": "old@x.org", "type": "work"}])
    with hostile(server) as service:
        said = modules(service, "scim_user", user_name="ann", **row)
    assert not said.failure and said.result["not_saved"]
    assert said.warnings[0].endswith("; try update_method: put") and len(server.sent("PATCH")) == 1


def test_e7_a_form_that_is_refused_is_no_failure() -> None:
    server = Quirky(
        refuses("PATCH", 400, when=lambda asked: "path" not in asked.body["Operations"][0]),
        ignores(held),
    )
    server.user("ann", title="old")
    outcome = run(server, users=titles("ann"))
    assert not outcome.failures and outcome.done[0].not_saved == ("title",)


def test_e7_an_operation_that_works_for_another_attribute_is_not_the_reason() -> None:
    server = Quirky(drops("nickName"))
    server.user("ann")
    run(server, users=titles("ann", nick_name="a"))
    assert len(server.sent("PATCH")) == 1


# --- versions (L12) -----------------------------------------------------------------------------


def writes(server: Quirky) -> list[tuple[str, bool]]:
    """The method of each write, and whether it was meant for a version."""
    return [(one.method, one.if_match is not None) for one in server.asked if one.method != "GET"]


def staff(*quirks: Any) -> Quirky:
    server = Quirky(*quirks)
    for name in NAMES:
        server.user(name)
    server.group("staff", ["ann", "bob"])
    return server


MOVES = {"groups": [{"display_name": "staff", "members": {"set": ["bob", "cyd"]}}]}


@pytest.mark.parametrize("caps", [{}, {"patch": False}])
@pytest.mark.parametrize("told", [{"header": True}, {"header": False, "meta": True}])
def test_l12_a_version_that_is_demanded_is_sent_with_every_write(
    told: dict[str, bool], caps: dict[str, Any]
) -> None:
    server = staff(versions(demanded=True, **told))
    outcome = run(server, users=titles("ann", "bob"), caps=caps, **MOVES)
    assert not outcome.failures and server.members("staff") == {"bob", "cyd"}
    assert [server[name]["title"] for name in ("ann", "bob")] == ["title of ann", "title of bob"]
    users = [one for one in server.asked if one.method != "GET" and one.kind == "Users"]
    assert not any(one.if_match is None for one in users[1:])
    server.forget()
    assert not run(server, users=titles("ann", "bob"), caps=caps, **MOVES).changed


@pytest.mark.parametrize("demanded", [True, False])
def test_l12_a_version_without_quotes_is_sent_only_if_one_is_demanded(demanded: bool) -> None:
    def bare(server: Quirky, asked: Any, honest: Any) -> Any:
        is_write = asked.method in ("PUT", "PATCH", "DELETE")
        if demanded and is_write and asked.if_match is None:
            return Answer(428, None)
        if is_write and asked.if_match not in (None, "v1"):
            return Answer(412, None)
        return altered(honest(asked), lambda body: {**body, "meta": {"version": "v1"}})

    server = staff(bare)
    gone = {"user_name": "dan", "state": "absent"}
    caps = {} if demanded else {"etag": True}
    outcome = run(server, users=[*titles("ann", "bob"), gone], caps=caps, **MOVES)
    assert not outcome.failures and server.members("staff") == {"bob", "cyd"}
    assert server["ann"]["title"] == "title of ann" and "dan" not in server.names("Users")
    assert any(sent for _method, sent in writes(server)) is demanded


def test_l12_deletions_of_users_and_groups_are_meant_for_a_version() -> None:
    server = staff(versions(demanded=True))
    outcome = run(
        server,
        users=[{"user_name": name, "state": "absent"} for name in ("ann", "dan")],
        groups=[{"display_name": "staff", "state": "absent"}],
    )
    assert not outcome.failures and server.names("Users") == {"bob", "cyd"}
    assert not server.names("Groups")


def test_l12_no_version_is_sent_unless_the_service_says_so() -> None:
    server = staff(versions(meta=True))
    run(server, users=titles("ann"), **MOVES)
    assert not any(sent for _method, sent in writes(server))


@pytest.mark.parametrize("announced", [True, False, None])
def test_l12_a_replacement_is_meant_for_a_version_unless_the_service_denies_it(
    announced: bool | None,
) -> None:
    """A PUT would overwrite what another client wrote."""
    server = staff(versions(announced=bool(announced), meta=True))
    caps = {"patch": False, **({} if announced is None else {"filters": False})}
    run(server, users=titles("ann"), caps=caps)
    assert writes(server) == [("PUT", announced is not False)]


@pytest.mark.parametrize("announced", [True, False])
def test_l12_announced_versions_are_sent_if_they_are_known(announced: bool) -> None:
    server = staff(versions(announced=announced, meta=True))
    for number in range(200):
        server.user(f"n{number:03}")
    rows = [{"user_name": f"n{number:03}", "title": "x"} for number in range(200)]
    outcome = run(server, users=rows, caps={"filters": False})
    assert server.sent("GET", "ServiceProviderConfig")
    assert not outcome.failures and {sent for _method, sent in writes(server)} == {announced}


def test_l12_an_unknown_version_is_read_only_if_it_is_demanded() -> None:
    server = staff(versions(), silent_writes)
    run(server, users=titles("ann"), caps={"etag": True})
    assert writes(server) == [("PATCH", False)]
    server = staff(versions(demanded=True))
    run(server, caps={"etag": True}, **MOVES)
    assert [method for method, _sent in writes(server)].count("PATCH") >= 2


def test_l12_a_conflict_is_planned_anew_with_the_version_of_now() -> None:
    left = [1]

    def meanwhile(server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.method == "PATCH" and asked.if_match and left:
            left.pop()
            server["ann"]["nickName"] = "by another client"
        return honest(asked)

    server = staff(meanwhile, versions(meta=True))
    outcome = run(server, users=titles("ann"), caps={"etag": True})
    assert not outcome.failures and server["ann"]["nickName"] == "by another client"
    assert writes(server) == [("PATCH", True), ("PATCH", True)]


@pytest.mark.parametrize("caps", [{}, {"patch": False}])
def test_l12_a_fresh_version_that_is_refused_turns_versions_off_for_the_type(
    caps: dict[str, Any],
) -> None:
    server = staff(refuses_versions("Users"), versions(announced=True, meta=True))
    for number in range(200):
        server.user(f"n{number:03}")
    rows = [{"user_name": f"n{number:03}", "title": "x"} for number in range(200)]
    outcome = run(server, users=rows, caps={"filters": False, **caps})
    assert not outcome.failures
    assert [sent for _method, sent in writes(server)] == [True, True, *[False] * 200]


def test_l12_a_deletion_whose_version_is_refused_is_sent_without_one() -> None:
    server = staff(refuses_versions(), versions(meta=True))
    outcome = run(server, users=[{"user_name": "dan", "state": "absent"}], caps={"etag": True})
    assert not outcome.failures and "dan" not in server.names("Users")
    assert writes(server) == [("DELETE", True), ("DELETE", True), ("DELETE", False)]


IN_WORDS = [
    (412, "no version"),
    (400, "The If-Match header is required"),
    (403, {"error": {"message": "missing If-Match"}}),
    (409, "Precondition required"),
]


@pytest.mark.parametrize("told", [{"header": True}, {"header": False, "meta": True}])
@pytest.mark.parametrize("caps", [{}, {"patch": False}])
@pytest.mark.parametrize("status, detail", IN_WORDS)
def test_l12_a_demand_is_understood_in_other_words(
    status: int, detail: Any, caps: dict[str, Any], told: dict[str, bool]
) -> None:
    def otherwise(_server: Quirky, asked: Any, honest: Any) -> Any:
        answer = honest(asked)
        return Answer(status, {"detail": detail}) if answer.status == 428 else answer

    server = staff(otherwise, versions(demanded=True, **told))
    gone = {"user_name": "dan", "state": "absent"}
    outcome = run(server, users=[*titles("ann", "bob"), gone], caps=caps, **MOVES)
    assert not outcome.failures and server.members("staff") == {"bob", "cyd"}
    assert server["ann"]["title"] == "title of ann" and "dan" not in server.names("Users")
    assert [sent for _method, sent in writes(server)].count(False) <= 3


def test_l12_a_service_that_always_answers_412_ends_in_one_sentence() -> None:
    def never(_server: Quirky, asked: Any, honest: Any) -> Any:
        return Answer(412, {"detail": "no"}) if asked.method == "PATCH" else honest(asked)

    server = staff(never, versions(meta=True))
    outcome = run(server, users=titles("ann"))
    assert "it kept changing" in str(outcome.failures[0].error) and len(writes(server)) <= 4


@pytest.mark.parametrize("times, is_done", [(1, True), (2, True), (9, False)])
def test_l6_a_conflict_after_forms_were_learnt_is_planned_anew(times: int, is_done: bool) -> None:
    """No PATCH in either form of a removal, then a PUT that another client comes before."""
    left = [times]

    def meanwhile(server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.method == "PATCH":
            return Answer(501, {"detail": "no PATCH"})
        if asked.method == "PUT" and left[0]:
            left[0] -= 1
            if "dan" not in server.members("staff"):
                server["staff"]["members"].append({"value": server.id_of("dan")})
            return Answer(412, {"detail": "another version"})
        return honest(asked)

    server = staff(meanwhile, versions(announced=True))
    outcome = run(server, **MOVES)
    if is_done:
        assert not outcome.failures and server.members("staff") == {"bob", "cyd", "dan"}
    else:
        assert "it kept changing" in str(outcome.failures[0].error)
        assert server.members("staff") == {"ann", "bob", "dan"}
    assert len(server.sent("PUT")) <= 3


def test_l12_option_without_versions_is_kept() -> None:
    server = staff(versions(demanded=True))
    outcome = run(server, users=titles("ann"), caps={"etag": False})
    assert "428" in str(outcome.failures[0].error) and len(writes(server)) == 1


# --- media types (E12) --------------------------------------------------------------------------

JSON = "application/json"


@pytest.mark.parametrize(
    "quirk, refused",
    [
        (knows_only(JSON), 1),
        (knows_only(JSON, status=406, reads=True), 1),
        (knows_only(JSON, status=406, reads=True, writes=False), 1),
    ],
)
def test_e12_application_json_is_tried_and_learnt(quirk: Any, refused: int) -> None:
    server = Quirky(quirk)
    outcome = run(server, users=titles(*NAMES))
    assert not outcome.failures and server["dan"]["title"] == "title of dan"
    assert [one.media_type for one in server.asked].count(JSON) >= len(NAMES)
    kept = [one.media_type for one in server.asked if one.media_type == JSON]
    assert server.asked[-len(kept) :] == [one for one in server.asked if one.media_type == JSON]
    assert len(server.sent("POST")) <= len(NAMES) + refused


def test_e12_the_option_stays() -> None:
    server = Quirky(knows_only(JSON))
    outcome = run(server, users=titles("ann"), caps={"media_type": "application/scim+json"})
    assert "415" in str(outcome.failures[0].error)
    assert {one.media_type for one in server.asked} == {"application/scim+json"}


def test_e12_a_media_type_that_does_not_help_is_tried_once() -> None:
    server = Quirky(knows_only("text/json"))
    policy = Policy(stop_on_error=False)
    outcome = run(server, users=titles(*NAMES), policy=policy)
    assert len(outcome.failures) == len(NAMES) and "415" in str(outcome.failures[0].error)
    assert [one.media_type for one in server.asked].count(JSON) == 1


def test_e12_a_membership_is_written_too() -> None:
    server = staff(knows_only(JSON))
    assert not run(server, **MOVES).failures and server.members("staff") == {"bob", "cyd"}


TEXTS = ["Unsupported Media Type", "Content-Type must be application/json", "Not Acceptable"]


@pytest.mark.parametrize("reads", [True, False])
@pytest.mark.parametrize("text", TEXTS)
def test_e12_a_400_that_names_the_media_type_is_one_too(text: str, reads: bool) -> None:
    def otherwise(_server: Quirky, asked: Any, honest: Any) -> Any:
        answer = honest(asked)
        return Answer(400, {"detail": text}) if answer.status == 415 else answer

    server = staff(otherwise, knows_only(JSON, reads=reads))
    outcome = run(server, users=titles("ann", "bob", "new"), **MOVES)
    assert not outcome.failures and server.members("staff") == {"bob", "cyd"}
    assert server["new"]["title"] == "title of new" and not outcome.done[0].not_saved
    refused = [one for one in server.asked if one.media_type != JSON and one.method != "GET"]
    assert len(refused) <= 1


def test_e12_a_400_for_another_reason_teaches_nothing() -> None:
    def picky(_server: Quirky, asked: Any, honest: Any) -> Any:
        is_creation = asked.method == "POST"
        return Answer(400, {"detail": "title names no MIME type"}) if is_creation else honest(asked)

    server = Quirky(picky)
    outcome = run(server, users=titles(*NAMES), policy=Policy(stop_on_error=False))
    assert len(outcome.failures) == len(NAMES)
    assert [one.media_type for one in server.asked].count(JSON) == 1
    assert server.asked[-1].media_type != JSON


def by_path(one: Any) -> bool:
    return "path" in one and one["path"] != "members"


IGNORED_BY_PATH: list[tuple[dict[str, Any], bool]] = [
    ({"title": "new", "nick_name": "n"}, True),
    *(
        (row, held_before)
        for held_before in (True, False)
        for row in (
            {"name": {"given_name": "new"}},
            {"name": {"given_name": "new"}, "title": "new"},
            {"enterprise": {"department": "new"}, "title": "new"},
            {"title": "new", "active": False},
            {"title": "new", "state": "inactive", "nick_name": "n"},
        )
    ),
]


@pytest.mark.parametrize("answer", [200, 204])
@pytest.mark.parametrize("row, held_before", IGNORED_BY_PATH)
def test_e7_a_service_that_ignores_every_path_gets_an_object_without_one(
    row: dict[str, Any], held_before: bool, answer: int
) -> None:
    """New attributes alone are ignored as additions and replacements: they seem not stored."""
    server = Quirky(ignores(by_path, answer))
    for name in NAMES:
        ident = server.user(name, **({"title": "old", "nickName": "o"} if held_before else {}))
        server.held["Users"][ident]["name"] = {"familyName": "F"}
    users = [{"user_name": name, **row} for name in NAMES]
    outcome = run(server, users=users, policy=Policy(stop_on_error=False))
    assert not outcome.failures and outcome.changed
    assert not [one.not_saved for one in outcome.done if one.not_saved]
    assert len(server.sent("PATCH")) <= len(NAMES) + 3
    assert all(server[name]["name"]["familyName"] == "F" for name in NAMES)
    if "active" in row or "state" in row:
        assert not any(server[name]["active"] for name in NAMES)
    server.forget()
    assert not run(server, users=users).changed and not server.sent("PATCH")


def test_e7_a_deactivation_that_is_ignored_in_every_form_is_a_failure() -> None:
    """The service takes the title without a path, and keeps the user active on purpose."""

    def keeps_active(one: Any) -> bool:
        return by_path(one) or one.get("value") == {"active": False}

    server = Quirky(ignores(keeps_active, 204))
    server.user("ann", title="old")
    outcome = run(server, users=[{"user_name": "ann", "title": "new", "active": False}])
    assert "the user is still active" in str(outcome.failures[0].error)
    assert server["ann"]["active"] and server["ann"]["title"] == "new" and outcome.changed


# --- paths that are refused, whatever they name (E2, E7) ----------------------------------------


def refuses_paths(status: int, detail: str = "no", scim_type: str = "") -> Any:
    """Refuse every PATCH of users with a path (services for providers that send none)."""

    def quirk(server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.method != "PATCH" or asked.kind != "Users":
            return honest(asked)
        if any("path" in one for one in asked.body["Operations"]):
            return Answer(status, {"detail": detail, "scimType": scim_type})
        return ignores(lambda one: False)(server, asked, honest)

    return quirk


IN_WORDS = [
    (400, "path is not supported", ""),
    (400, "Paths are not yet supported", "invalidPath"),
    (422, "unexpected property path", ""),
    (400, "send a value without a path", "invalidSyntax"),
]


@pytest.mark.parametrize("status, detail, scim_type", IN_WORDS)
@pytest.mark.parametrize(
    "row", [{"title": "new"}, {"active": False}, {"title": "new", "active": False}]
)
def test_e7_a_service_that_refuses_paths_in_words_gets_an_object_without_one(
    row: dict[str, Any], status: int, detail: str, scim_type: str
) -> None:
    server = Quirky(refuses_paths(status, detail, scim_type))
    for name in NAMES:
        server.user(name)
    users = [{"user_name": name, **row} for name in NAMES]
    outcome = run(server, users=users, policy=Policy(stop_on_error=False))
    assert not outcome.failures and outcome.changed and not outcome.unsaved
    assert len(server.sent("PATCH")) <= len(NAMES) + 4 and not server.sent("PUT")
    server.forget()
    assert not run(server, users=users).changed and not server.sent("PATCH")


@pytest.mark.parametrize(
    "status, put", [(400, 200), (422, 200), (409, 200), (405, 405), (501, 405)]
)
def test_e7_a_deactivation_gets_through_where_every_path_is_refused(status: int, put: int) -> None:
    server = Quirky(refuses_paths(status), *([refuses("PUT", put)] if put == 405 else []))
    for name in NAMES:
        server.user(name)
    users = [
        {"user_name": name, "title": "new", "nick_name": "n", "active": False} for name in NAMES
    ]
    outcome = run(server, users=users, policy=Policy(stop_on_error=False))
    assert not outcome.failures and not any(server[name]["active"] for name in NAMES)
    assert not [one for one in outcome.done if one.not_saved or one.refused]
    server.forget()
    assert not run(server, users=users).changed


def test_e7_lists_need_a_path_so_they_are_not_saved_where_every_path_is_refused() -> None:
    server = Quirky(refuses_paths(400, "path is not supported"))
    server.user("ann")
    mails = [{"value": "n@x.org", "type": "work"}]
    row = {"user_name": "ann", "title": "new", "emails": mails, "active": False}
    for number in range(2):
        outcome = run(server, users=[row], policy=Policy(stop_on_error=False))
        assert not outcome.failures and outcome.changed is (number == 0)
        assert outcome.done[0].refused == ("emails",)
    assert server["ann"]["title"] == "new" and server["ann"]["active"] is False


@pytest.mark.parametrize("then", ["refuses", "ignores"])
def test_e7_an_object_that_is_no_better_is_tried_once(then: str) -> None:
    def quirk(server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.method != "PATCH":
            return honest(asked)
        has_path = any("path" in one for one in asked.body["Operations"])
        return Answer(400, {"detail": "no"}) if has_path or then == "refuses" else Answer(204)

    server = Quirky(quirk)
    for name in NAMES:
        server.user(name)
    users = [{"user_name": name, "title": "new", "active": False} for name in NAMES]
    outcome = run(server, users=users, policy=Policy(stop_on_error=False))
    assert len(outcome.failures) == len(NAMES) and not outcome.changed
    objects = [one for one in server.sent("PATCH") if "path" not in one.body["Operations"][0]]
    assert 1 <= len(objects) <= 2 and all(server[name]["active"] for name in NAMES)


def test_e7_values_that_are_wrong_are_not_sent_in_another_form() -> None:
    server = Quirky(refuses_paths(400, "the value is not valid"))
    server.user("ann")
    row = {"user_name": "ann", "title": "new", "active": False}
    assert run(server, users=[row], policy=Policy(stop_on_error=False)).failures
    assert all("path" in one for sent in server.sent("PATCH") for one in sent.body["Operations"])
