# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that lie about resources: filters, ids, members, and what a write did.

No second user, no removal, one sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults.hostile import (
    Asked,
    Reply,
    Spell,
    hostile,
    people,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

Honest = Callable[[], Reply]
SAFE = {"max_removals": "none", "members_removed_per_group": "none"}
PAM = {"user_name": "pam", "external_id": "1"}


def lists(change: Callable[[Asked, Honest], Reply]) -> Spell:
    """A spell over every list."""
    return lambda asked, honest: (
        change(asked, honest) if asked.lists and asked.kind in ("Users", "Groups") else honest()
    )


def to(method: str, change: Callable[[Asked, Honest], Reply]) -> Spell:
    """A spell over every request of a method."""
    return lambda asked, honest: change(asked, honest) if asked.method == method else honest()


# Filters


def everything(asked: Asked, honest: Honest) -> Reply:
    asked.query.pop("filter", None)
    return honest()


def nothing(asked: Asked, honest: Honest) -> Reply:
    return Reply(200, {"totalResults": 0, "Resources": []}) if "filter" in asked.query else honest()


def somebody_else(asked: Asked, honest: Honest) -> Reply:
    return (
        Reply(
            200,
            {"totalResults": 1, "Resources": [{"id": "u1", "userName": "toby", "externalId": "9"}]},
        )
        if "filter" in asked.query
        else honest()
    )


@pytest.mark.parametrize("lie", [everything, nothing, somebody_else])
@pytest.mark.parametrize("others", [0, 1, 30])
def test_m9_no_user_is_created_twice_and_no_other_user_is_taken(
    lie: Callable[[Asked, Honest], Reply], others: int
) -> None:
    store = people("toby", *(f"user{number}" for number in range(others)), page=10)
    with hostile(store, lists(lie)) as service:
        said = run(service, "scim_user", **PAM, title="Painter")
        assert (
            not said.failure
            and said.changed
            and store["pam"]["title"] == "Painter"
            and "title" not in store["toby"]
        )
        again = run(service, "scim_user", **PAM, title="Painter")
        assert (
            not again.failure
            and not again.changed
            and store.names("Users")
            == {"toby", "pam", *(f"user{number}" for number in range(others))}
        )
        assert service.reads < 20
        if lie is not nothing and lie is not somebody_else:
            assert not service.writes
        said = run(service, "scim_user", **PAM, state="absent")
        assert "toby" in store.names("Users") and len(service.writes) <= 1


def test_m9_two_ids_for_one_name_are_no_guess() -> None:
    def twins(asked: Asked, honest: Honest) -> Reply:
        return Reply(
            200,
            {
                "totalResults": 2,
                "Resources": [{"id": one, "userName": "pam"} for one in ("u1", "u2")],
            },
        )

    with hostile(people("pam"), lists(twins)) as service:
        said = run(service, "scim_user", user_name="pam", state="absent")
        assert (
            said.failure
            == "user 'pam': userName 'pam' matches 2 users: 'pam' (id u1), 'pam' (id u2)"
            and not service.writes
        )


@pytest.mark.parametrize(
    "ident",
    ["a?b=c", "a#b", "a b", "ü", "x" * 2000, "%2e%2e", "{{ 7*7 }}", 42],
)
def test_m8_an_odd_id_is_one_segment(ident: Any) -> None:
    store = Store()
    store.held["Users"][str(ident)] = {"id": str(ident), "userName": "pam"}

    def shown(asked: Asked, honest: Honest) -> Reply:
        reply = honest()
        for row in reply.body["Resources"]:
            row["id"] = ident
        return reply

    with hostile(store, lists(shown)) as service:
        said = run(service, "scim_user", user_name="pam", title="Painter")
        assert (
            not said.failure
            and said.changed
            and store.held["Users"][str(ident)]["title"] == "Painter"
        )
        assert [one.segments for one in service.seen if one.method == "PATCH"] == [
            ("Users", str(ident))
        ]


def shows_pam_as(ident: Any) -> Spell:
    """A spell by which every list has one user, with this id."""
    found = {"totalResults": 1, "Resources": [{"id": ident, "userName": "pam"}]}
    return lists(lambda asked, honest: Reply(200, found))


@pytest.mark.parametrize(
    "ident", ["..", ".", "a/b", "../Groups/g1", ".search", "Me", "a\nb", "a\x00b"]
)
def test_m8_an_id_that_is_no_segment_is_refused(ident: str) -> None:
    with hostile(spell=shows_pam_as(ident)) as service:
        said = run(service, "scim_user", user_name="pam", state="absent")
        assert said.failure and not service.writes


@pytest.mark.parametrize("ident", [None, "", [], {}, True, 1.5, ["u1"], {"value": "u1"}])
def test_m8_an_id_of_another_type_is_one_sentence(ident: Any) -> None:
    with hostile(spell=shows_pam_as(ident)) as service:
        said = run(service, "scim_user", user_name="pam", state="absent")
        assert (
            said.failure.startswith(
                "looking up user by userName 'pam': the answer is not a SCIM resource: it has no id"
            )
            and not service.writes
        )


@pytest.mark.parametrize("value", [None, 7, True, ["pam"], {"value": "pam"}, ""])
@pytest.mark.parametrize(
    "attribute",
    [
        "userName",
        "externalId",
        "displayName",
        "active",
        "name",
        "emails",
        "meta",
        "schemas",
        "groups",
    ],
)
def test_attributes_of_another_type_are_no_traceback(attribute: str, value: Any) -> None:
    store = people("toby")
    store.user("pam", externalId="1")
    store["pam"][attribute] = value

    def shown(asked: Asked, honest: Honest) -> Reply:
        rows = [{**one, "userName": one["userName"]} for one in store.held["Users"].values()]
        return Reply(200, {"totalResults": len(rows), "Resources": rows})

    with hostile(store, lists(shown)) as service:
        store.held["Users"]["u2"].update({attribute: value})
        for state in (
            {},
            {
                "title": "Painter",
                "emails": [{"value": "pam@example.com", "type": "work"}],
                "name": {"given_name": "Pam"},
                "active": True,
            },
        ):
            run(service, "scim_user", check=True, external_id="1", **state)
            assert not service.writes
        run(service, "scim_user_info")
        run(
            service,
            "scim_directory",
            check=True,
            users=[PAM],
            purge={"users": "inactive"},
            thresholds=SAFE,
        )


# Members


def office() -> Store:
    store = people("pam", "jim", "toby", "kelly")
    store.group("Sales", ["pam", "jim"])
    store.group("Party", ["jim"])
    return store


@pytest.mark.parametrize(
    "members",
    [
        "pam",
        7,
        True,
        [None],
        [[]],
        [{"value": None}],
        [{"value": ""}],
        [{"value": True}],
        [{"value": ["u1"]}],
        [{"display": "pam"}],
        [{"value": {"id": "u1"}}],
        [1.5],
    ],
)
@pytest.mark.parametrize("by_id", [True, False])
def test_members_of_another_type_end_it_before_any_write(members: Any, by_id: bool) -> None:
    def shown(asked: Asked, honest: Honest) -> Reply:
        reply = honest()
        for row in reply.body.get("Resources", [reply.body]):
            if asked.kind == "Groups":
                row["members"] = members
        return reply

    store = office()
    with hostile(store, to("GET", shown)) as service:
        key = {"group_id": store.id_of("Sales")} if by_id else {"group": "Sales"}
        said = run(service, "scim_group_membership", **key, members=["pam"], state="exact")
        assert said.failure.endswith(
            "its members cannot be read, so an exact list cannot be applied; "
            "add or remove members instead"
        ), said.failure
        assert not service.writes
        said = run(
            service,
            "scim_directory",
            teams=[{"name": "Sales", "members": [{"user_name": "pam"}]}],
            thresholds=SAFE,
        )
        assert said.failure and not service.writes


def test_members_as_plain_ids_and_twice_are_understood() -> None:
    def shown(asked: Asked, honest: Honest) -> Reply:
        reply = honest()
        for row in reply.body.get("Resources", [reply.body]):
            if asked.kind == "Groups":
                row["members"] = [one["value"] for one in row.get("members", ()) for _twice in "ab"]
        return reply

    store = office()
    with hostile(store, to("GET", shown)) as service:
        said = run(service, "scim_group_membership", group="Sales", members=["pam"], state="exact")
        assert said.changed and store.members("Sales") == {"pam"}


def without_members(row: dict[str, Any], most: int = 0) -> dict[str, Any]:
    return {
        key: value[:most] if key == "members" else value
        for key, value in row.items()
        if key != "members" or most
    }


@pytest.mark.parametrize("most", [0, 1], ids=["not there", "cut after one"])
def test_member_of_a_group_with_hidden_members_is_not_a_leaver(most: int) -> None:
    """Only the group itself, or the entry of jim, shows that jim is also in Party."""
    store = people("pam", "jim", "toby", "kelly")
    sales = store.group("Sales", ["pam", "jim"])
    party = store.group("Party", ["toby", "jim"])
    store["jim"]["groups"] = [
        {"value": sales, "display": "Sales"},
        {"value": party, "display": "Party"},
    ]

    def hides(asked: Asked, honest: Honest) -> Reply:
        reply = honest()
        if asked.is_listing and asked.kind == "Groups":
            reply.body["Resources"] = [
                without_members(row, most) if row["id"] == party else row
                for row in reply.body["Resources"]
            ]
        return reply

    with hostile(store, hides) as service:
        said = run(
            service,
            "scim_directory",
            teams=[{"name": "Sales", "members": [{"user_name": "pam"}]}],
            thresholds=SAFE,
        )
        assert not said.failure and store.members("Sales") == {"pam"}
        assert store["jim"]["active"] is True and any(
            "jim left, still in Party" in one for one in said.warnings
        )


def test_two_groups_of_one_name_are_two() -> None:
    store = people("pam", "jim", "toby")
    store.group("Sales", ["pam", "jim"])
    for number, members in enumerate((["toby"], ["jim"], ["toby"])):
        store.held["Groups"][f"g9{number}"] = {
            "id": f"g9{number}",
            "displayName": "Party",
            "members": [{"value": store.id_of(one)} for one in members],
        }
    with hostile(store) as service:
        said = run(
            service,
            "scim_directory",
            teams=[{"name": "Sales", "members": [{"user_name": "pam"}]}],
            thresholds=SAFE,
        )
        assert (
            not said.failure
            and store["jim"]["active"] is True
            and any("jim left, still in Party" in one for one in said.warnings)
        )


def test_a_list_that_shows_no_members_at_all_is_not_believed() -> None:
    """Sales is known by its id.

    A listing without members says nothing about the members of Party.
    """
    store = people("pam", "jim", "toby", "kelly")
    store.group("Sales", ["pam", "jim"])
    store.group("Party", ["toby", "jim"])

    def hides(asked: Asked, honest: Honest) -> Reply:
        reply = honest()
        if asked.is_listing and asked.kind == "Groups":
            reply.body["Resources"] = [without_members(row) for row in reply.body["Resources"]]
        return reply

    with hostile(store, hides) as service:
        said = run(
            service,
            "scim_directory",
            teams=[{"name": "Sales", "members": [{"user_name": "pam"}]}],
            thresholds=SAFE,
        )
        assert not said.failure and store["jim"]["active"] is True


@pytest.mark.parametrize("back", [True, False])
def test_members_removed_by_mistake_are_added_back_and_the_run_ends(
    back: bool,
) -> None:
    store = office()
    store.group("Art", ["pam", "jim", "toby", "kelly"])

    def more(asked: Asked, honest: Honest) -> Reply:
        removes = any(one["op"] == "remove" for one in asked.body["Operations"])
        reply = honest() if removes or back else Reply(400, {"detail": "no"})
        if removes:
            store["Art"]["members"] = store["Art"]["members"][:1]
        return reply

    with hostile(store, to("PATCH", more)) as service:
        said = run(service, "scim_group", display_name="Art", members={"remove": ["pam"]})
        assert "more members left the group than this run removed: " in said.failure
        assert (
            ("they were added back" in said.failure)
            is (store.members("Art") == {"jim", "toby", "kelly"})
            is back
        )


# Writes


def test_f13_user_created_by_another_client_is_updated() -> None:
    store = Store()

    def meanwhile(asked: Asked, honest: Honest) -> Reply:
        store.user("pam", externalId="1", title="Clerk")
        return honest()

    with hostile(store, to("POST", meanwhile)) as service:
        said = run(service, "scim_user", **PAM, title="Painter")
        assert (
            not said.failure
            and said.changed
            and store["pam"]["title"] == "Painter"
            and len(store.names("Users")) == 1
        )
        assert not run(service, "scim_user", **PAM, title="Painter").changed and not service.writes


def test_f13_user_created_as_desired_is_unchanged() -> None:
    store = Store()

    def meanwhile(asked: Asked, honest: Honest) -> Reply:
        store.user("pam", externalId="1")
        return honest()

    with hostile(store, to("POST", meanwhile)) as service:
        said = run(service, "scim_user", **PAM)
        assert not said.failure and not said.changed


CREATED: dict[str, Callable[[Store, Reply], Reply]] = {
    "M17 204": lambda store, reply: Reply(204),
    "M17 200 and no body": lambda store, reply: Reply(200),
    "M17 201 and no id": lambda store, reply: Reply(
        201, {key: value for key, value in reply.body.items() if key != "id"}
    ),
    "the id is null": lambda store, reply: Reply(201, {**reply.body, "id": None}),
    "the id is a list": lambda store, reply: Reply(201, {**reply.body, "id": ["u1"]}),
    "the id is an object": lambda store, reply: Reply(201, {**reply.body, "id": {"value": "u1"}}),
    "a user that existed before": lambda store, reply: Reply(201, store["toby"]),
    "a list": lambda store, reply: Reply(201, {"totalResults": 1, "Resources": [reply.body]}),
    "an error as a success": lambda store, reply: Reply(
        200, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400"}
    ),
}


@pytest.mark.parametrize("lie", CREATED.values(), ids=CREATED.keys())
def test_odd_answer_to_a_creation_is_looked_up(lie: Callable[[Store, Reply], Reply]) -> None:
    store = people("toby")
    store.group("Sales")
    with hostile(
        store, lambda asked, honest: lie(store, honest()) if asked.method == "POST" else honest()
    ) as service:
        said = run(service, "scim_user", **PAM, groups={"add": ["Sales"]})
        assert not said.failure and said.changed, said.failure
        assert store.names("Users") == {"toby", "pam"} and store.members("Sales") == {"pam"}
        assert said.result["user"]["id"] == store.id_of("pam")


@pytest.mark.parametrize(
    "reply",
    [Reply(204), Reply(201), Reply(200, {"schemas": []}), Reply(201, {"id": "u77"})],
    ids=["204", "201", "no id", "a made-up id"],
)
def test_m18_a_creation_that_was_accepted_and_not_done(reply: Reply) -> None:
    with hostile(Store(), to("POST", lambda asked, honest: reply)) as service:
        said = run(service, "scim_user", **PAM)
        assert said.failure and not said.changed or said.result["not_saved"], said
        assert len(service.writes) == 1


@pytest.mark.parametrize(
    "reply",
    [
        {"id": "u2"},
        {"id": "u2", "userName": "pam"},
        {"id": "u2", "userName": "PAM", "title": None, "emails": []},
    ],
)
def test_an_answer_to_a_creation_that_says_little_is_completed_by_a_read(
    reply: dict[str, Any],
) -> None:
    store = people("toby")

    def brief(asked: Asked, honest: Honest) -> Reply:
        honest()
        return Reply(201, reply)

    with hostile(store, to("POST", brief)) as service:
        said = run(
            service,
            "scim_user",
            **PAM,
            title="Painter",
            emails=[{"value": "pam@example.com", "type": "work"}],
        )
        assert (
            not said.failure
            and said.changed
            and said.result["not_saved"] == []
            and said.result["user"]["title"] == "Painter"
        )
        assert len(service.writes) == 1


@pytest.mark.parametrize("fault", ["lost", "500", "ignored", "too many"])
def test_members_that_join_after_the_creation_join_whatever_happens(fault: str) -> None:
    store = people(*(f"user{number}" for number in range(8)))
    left = [1]

    def spoilt(asked: Asked, honest: Honest) -> Reply:
        if asked.method == "POST" and asked.body.get("members"):
            return (
                Reply(201, honest().body)
                if fault == "too many" and len(asked.body["members"]) < 5
                else Reply(400, {"detail": "no members here"})
            )
        if asked.method == "PATCH" and left[0]:
            left[0] -= 1
            if fault == "too many":
                return Reply(400, {"scimType": "tooMany", "detail": "no"})
            if fault == "lost":
                honest()
                return Reply(200, raw=b'{"id": "g')
            return Reply(500) if fault == "500" else Reply(204)
        return honest()

    with hostile(store, spoilt) as service:
        said = run(
            service,
            "scim_group",
            display_name="Sales",
            members={"set": sorted(store.names("Users"))},
            connection={"capabilities": {"create_members": False}},
        )
        assert said.changed and (
            said.result["not_saved"] == ["members"]
            if fault == "ignored"
            else store.members("Sales") == store.names("Users")
        ), said
        assert not said.failure


UPDATED: dict[str, Callable[[Store, Reply], Reply]] = {
    "M17 200 and no body": lambda store, reply: Reply(200),
    "204": lambda store, reply: Reply(204),
    "another user": lambda store, reply: Reply(200, {**store["toby"], "title": "Painter"}),
    "an empty object": lambda store, reply: Reply(200, {}),
    "a list": lambda store, reply: Reply(200, {"totalResults": 1, "Resources": [reply.body]}),
    "an error as a success": lambda store, reply: Reply(
        200, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400"}
    ),
    "without what was asked for": lambda store, reply: Reply(200, {"id": "u2", "schemas": []}),
}


@pytest.mark.parametrize("lie", UPDATED.values(), ids=UPDATED.keys())
@pytest.mark.parametrize("method", ["patch", "put"])
@pytest.mark.parametrize("does", [True, False])
def test_odd_answer_to_an_update_is_verified(
    lie: Callable[[Store, Reply], Reply], method: str, does: bool
) -> None:
    store = people("toby", "pam", nickName="P")

    def written(asked: Asked, honest: Honest) -> Reply:
        return (
            lie(store, honest() if does else Reply(200, store["pam"]))
            if asked.method in ("PATCH", "PUT")
            else honest()
        )

    with hostile(store, written) as service:
        said = run(service, "scim_user", user_name="pam", title="Painter", update_method=method)
        assert (
            not said.failure
            and said.changed is does
            and said.result["not_saved"] == ([] if does else ["title"])
        ), said
        assert store["toby"] == {
            "schemas": store["toby"]["schemas"],
            "userName": "toby",
            "active": True,
            "nickName": "P",
            "id": "u1",
        }
        assert store["pam"]["nickName"] == "P" and ("title" in store["pam"]) is does


def test_m18_ignored_write_is_named_each_time() -> None:
    store = office()
    with hostile(
        store, lambda asked, honest: Reply(204) if asked.method in ("PATCH", "PUT") else honest()
    ) as service:
        for _time in range(2):
            said = run(
                service,
                "scim_user",
                user_name="pam",
                emails=[{"value": "p@example.com", "type": "work"}],
                title="x",
            )
            assert (
                not said.failure
                and not said.changed
                and said.result["not_saved"] == ["emails", "title"]
                and len(said.warnings) == 1
            )
            said = run(service, "scim_group", display_name="Sales", members={"set": ["toby"]})
            assert not said.failure and not said.changed and said.result["not_saved"] == ["members"]
            said = run(
                service,
                "scim_directory",
                teams=[{"name": "Sales", "members": [{"user_name": "pam"}]}],
                thresholds=SAFE,
            )
            assert not said.failure and not said.changed, said
            assert len(service.writes) < 6


def test_ignored_and_failing_patches_end_the_run() -> None:
    """The first PATCH is accepted and does nothing, the second is never accepted.

    Each round would begin anew.
    """

    def written(asked: Asked, honest: Honest) -> Reply:
        return Reply(204) if asked.body["Operations"][0]["path"] == "externalId" else Reply(500)

    with hostile(office(), to("PATCH", written)) as service:
        said = run(
            service,
            "scim_group",
            display_name="Sales",
            external_id="s",
            match_by=["display_name"],
            members={"add": ["toby"]},
            connection={"capabilities": {"patch_mix": "members_apart"}},
        )
        assert (
            said.failure.startswith("changing group 'Sales': the service answered 500")
            and len(service.writes) < 10
        )


@pytest.mark.parametrize(
    "members", [None, "x", 7, [None], [{"value": ["u1"]}], [{"value": {}}], [7], {"value": "u1"}]
)
def test_members_of_another_type_in_the_answer_to_a_write(members: Any) -> None:
    def written(asked: Asked, honest: Honest) -> Reply:
        reply = honest()
        return Reply(200, {**reply.body, "members": members})

    store = office()
    with hostile(store, to("PATCH", written)) as service:
        said = run(service, "scim_group", display_name="Sales", members={"add": ["toby"]})
        assert store.members("Sales") == {"pam", "jim", "toby"} and (said.failure or said.changed)


def test_m15_everything_is_read_only() -> None:
    store = office()
    refusal = Reply(
        400, {"scimType": "mutability", "detail": "Attribute 'title' is readOnly", "status": "400"}
    )
    with hostile(
        store, lambda asked, honest: refusal if asked.method != "GET" else honest()
    ) as service:
        said = run(service, "scim_user", user_name="pam", title="x")
        assert said.failure.startswith(
            "changing user 'pam': the service answered 400: Attribute 'title' is readOnly (mutability)"
        )
        assert not said.changed and len(service.writes) <= 2
        said = run(
            service,
            "scim_directory",
            users=[{"user_name": name, "title": "x"} for name in ("pam", "jim", "toby")],
        )
        assert "3 of 3 changes failed" in said.failure and len(service.writes) <= 6


def test_m15_attribute_that_is_never_returned_is_no_endless_change() -> None:
    store = people("pam", title="x")

    def never(asked: Asked, honest: Honest) -> Reply:
        reply = honest()
        rows = reply.body.get("Resources", [reply.body]) if isinstance(reply.body, dict) else []
        for row in rows:
            row.pop("title", None)
        return reply

    with hostile(store, never) as service:
        for _time in range(2):
            said = run(service, "scim_user", user_name="pam", title="x")
            assert (
                not said.failure
                and not said.changed
                and said.result["not_saved"] == ["title"]
                and len(service.writes) == 2  # as an addition and, once, as a replacement
            )


@pytest.mark.parametrize("always", [True, False])
def test_f25_resource_changed_between_read_and_write_is_read_again(always: bool) -> None:
    store = people("pam")
    left = [1]

    def changed(asked: Asked, honest: Honest) -> Reply:
        if always or left[0]:
            left[0] = 0
            store["pam"]["nickName"] = "P"
            return Reply(412, {"detail": "version"})
        return honest()

    with hostile(
        store,
        lambda asked, honest: (
            changed(asked, honest) if asked.method in ("PATCH", "PUT") else honest()
        ),
    ) as service:
        said = run(service, "scim_user", user_name="pam", title="x", update_method="put")
        if always:
            assert "kept changing" in said.failure and len(service.writes) == 3 and not said.changed
        else:
            assert (
                not said.failure
                and said.changed
                and store["pam"]["nickName"] == "P"
                and store["pam"]["title"] == "x"
            )


@pytest.mark.parametrize(
    "status, tried", [(400, range(20, 45)), (401, range(1, 2)), (403, range(1, 2))]
)
def test_f21_where_every_write_fails_the_run_ends(status: int, tried: range) -> None:
    with hostile(
        Store(), to("POST", lambda asked, honest: Reply(status, {"detail": "no"}))
    ) as service:
        said = run(
            service,
            "scim_directory",
            users=[{"user_name": f"user{number}"} for number in range(300)],
        )
        assert len(service.writes) in tried and said.failure and not said.changed
        assert len(said.result["not_tried"]) + len(said.result["failures"]) >= 200
        assert "were not tried" in said.failure


def test_f20_one_of_a_hundred_fails() -> None:
    store = Store()
    refusal = Reply(400, {"detail": "userName must not be odd", "scimType": "invalidValue"})
    with hostile(
        store,
        lambda asked, honest: (
            refusal if asked.method == "POST" and asked.body["userName"] == "user50" else honest()
        ),
    ) as service:
        said = run(
            service,
            "scim_directory",
            users=[{"user_name": f"user{number}"} for number in range(100)],
        )
        assert said.failure.startswith(
            "1 of 100 changes failed, 99 were done: creating user 'user50': the service answered 400: userName must not be odd"
        )
        assert (
            said.changed
            and said.result["summary"]["created"] == 99
            and len(store.names("Users")) == 99
        )
        assert [(one["name"], one["status"]) for one in said.result["failures"]] == [
            ("user50", 400)
        ]
        assert service.reads <= 5  # the ServiceProviderConfig among them, for Bulk
