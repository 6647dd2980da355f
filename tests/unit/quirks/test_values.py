# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values as services keep them: nothing unmanaged is lost, and lists come to rest."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._converge.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import TransportError
from ansible_collections.identity.scim.tests.unit.faults.hostile import hostile
from ansible_collections.identity.scim.tests.unit.faults.hostile import run as modules
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky
from ansible_collections.identity.scim.tests.unit.quirks.values_quirks import (
    copied,
    drop_types,
    e164,
    entries,
    keeps,
    lists,
    lower_mails,
    one_label,
    opaque,
    plain_mails,
    shows,
    user_schema,
)

FOREIGN = "urn:example:2.0:User"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PUT = {"patch": False}
ODD = {
    FOREIGN: {
        "dotted.name": "v",
        "dotted": {"name": "w", "": 0, "x.y": [1]},
        "lists": [[1, [2, None]], {}, []],
        "nothing": None,
        "number": 1.5,
        "a b": {"c:d": {}},
    },
    "urn:example:2.0:Empty": {},
    "top.level": {"a": 1},
    "top": {"level": None},
    "name": {"familyName": "Lee", "odd.part": 1, "": 2},
    "phoneNumbers": [None, "1", {"value": 2, "extra": [None]}],
    "x:y": [],
    "active": "True",
}


def holding(user: str, /, **attributes: Any) -> tuple[Quirky, dict[str, Any]]:
    """A service with one user who holds this, and the user."""
    server = Quirky(judged=False)
    ident = server.user(user)
    server.held["Users"][ident].update(copy.deepcopy(attributes))
    return server, copy.deepcopy(server[user])


def not_saved(outcome: Outcome) -> list[str]:
    """What a run names as not saved, of all resources."""
    found = {path for paths in outcome.plan.not_saved.values() for path in paths}
    for done in outcome.done:
        found.update(done.not_saved)
    return sorted(found)


def put_body(server: Quirky) -> dict[str, Any]:
    (asked,) = server.sent("PUT")
    body: dict[str, Any] = asked.body
    return body


# L7: a PUT starts from the resource as it was received


def test_l7_what_a_put_does_not_change_goes_back_as_it_came() -> None:
    server, held = holding("ann", **{"title": "old", **ODD})
    outcome = run(server, caps=PUT, users=[{"user_name": "ann", "title": "new"}])
    assert outcome.changed
    assert put_body(server) == {**held, "title": "new"}
    server.forget()
    assert not run(server, caps=PUT, users=[{"user_name": "ann", "title": "new"}]).changed


def test_l7_meta_and_read_only_attributes_are_not_sent() -> None:
    server = Quirky(judged=False)
    server.user("ann", meta={"version": 'W/"1"'}, groups=[{"value": "g"}])
    run(server, caps=PUT, users=[{"user_name": "ann", "title": "new"}])
    assert not put_body(server).keys() & {"meta", "groups"}


def test_l7_a_list_that_changes_keeps_its_other_entries_as_they_came() -> None:
    home = {"value": "h@x.org", "type": "home", "display": None, "odd": {"a": [[1]]}}
    server = Quirky(judged=False)
    server.user("ann", emails=[home, {"value": "w@x.org", "type": "work"}])
    mails = [{"value": "new@x.org", "type": "work"}]
    run(server, caps=PUT, users=[{"user_name": "ann", "emails": mails}])
    assert home in put_body(server)["emails"]


def test_l7_member_rows_that_stay_go_back_as_they_came() -> None:
    server = Quirky(judged=False)
    ann, bob = server.user("ann"), server.user("bob")
    server.user("eve")
    group = server.group("staff", ["ann", "eve"])
    rows = [
        {"value": ann, "display": "Ann", "type": "User", "odd": [[]]},
        {"value": server.id_of("eve")},
    ]
    server.held["Groups"][group].update(members=rows, **{"dotted.name": 1})
    members = {"add": ["bob"], "remove": ["eve"]}
    run(server, caps=PUT, groups=[{"display_name": "staff", "members": members}])
    body = put_body(server)
    assert body["members"] == [rows[0], {"value": bob}]
    assert body["dotted.name"] == 1


def test_l7_check_mode_and_patch_tear_nothing() -> None:
    server, held = holding("ann", **{"title": "old", **ODD})
    wanted = [{"user_name": "ann", "title": "new"}]
    outcome = run(server, check=True, users=wanted)
    (subject,) = outcome.plan.subjects
    assert outcome.resource(subject.key) == {**held, "title": "new"}
    run(server, users=wanted)
    assert server["ann"][FOREIGN] == held[FOREIGN]
    (patch,) = server.sent("PATCH")
    assert [one["path"] for one in patch.body["Operations"]] == ["title"]


def test_l7_clear_of_an_attribute_leaves_one_with_a_dotted_name() -> None:
    server = Quirky(judged=False)
    server.user("ann", **copy.deepcopy({FOREIGN: ODD[FOREIGN]}))
    run(server, caps=PUT, users=[{"user_name": "ann", "clear": [f"{FOREIGN}:dotted"]}])
    left = dict(ODD[FOREIGN])
    del left["dotted"]
    assert put_body(server)[FOREIGN] == left


# E3 to E11: lists come to rest


def twice(server: Quirky, user: dict[str, Any], runs: int = 4) -> list[dict[str, Any]]:
    """What is held of a user after each of several runs, the writes of the last one none."""
    held = []
    for _run in range(runs):
        server.forget()
        outcome = run(server, users=[user])
        held.append(copy.deepcopy(server[user["user_name"]]))
    assert not outcome.changed
    return held


MAILS = [
    {"value": "Ann@X.org", "type": "work", "primary": True},
    {"value": "ann@home.org", "type": "home"},
]
PHONES = [
    {"value": "(201) 555-0123", "type": "work"},
    {"value": "+49 30 901820", "type": "mobile"},
]


YES = lists(user_schema("type", displayName="string"))
NO = lists(user_schema(title="string"))
REFUSED = lists(status=403)


def odd_schemas(server: Quirky, asked: Any, honest: Any) -> Any:
    """Answer ``/Schemas`` with another document."""
    return (
        replace(honest(asked), status=200, body=[7]) if asked.kind == "Schemas" else honest(asked)
    )


SAID = pytest.mark.parametrize("schemas", [YES, NO, REFUSED, odd_schemas])


@SAID
@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        (drop_types,),
        (e164,),
        (lower_mails,),
        (drop_types, e164, lower_mails),
        (plain_mails,),
        (copied,),
    ],
)
def test_e3_lists_are_the_same_after_n_runs_and_the_second_writes_nothing(
    change: tuple[Any, ...], exists: bool, schemas: Any
) -> None:
    server = Quirky(schemas, *map(keeps, change))
    if exists:
        server.user("ann", emails=[{"value": "old@x.org", "type": "work"}])
    user = {"user_name": "ann", "emails": MAILS, "phone_numbers": PHONES}
    held = twice(server, user, 3)
    assert held[0] == held[1] == held[2]
    assert len(server.sent("GET", "Schemas")) <= 1
    if schemas is not YES or drop_types not in change:
        assert not [one for one in server.asked if one.method != "GET"]


@SAID
@pytest.mark.parametrize(
    "change",
    [(opaque,), (drop_types, opaque), (drop_types, e164), (one_label,), (one_label, e164)],
)
def test_e3_lists_do_not_grow_however_values_are_rewritten(
    change: tuple[Any, ...], schemas: Any
) -> None:
    server = Quirky(schemas, *map(keeps, change))
    user = {"user_name": "ann", "emails": MAILS, "phone_numbers": PHONES}
    lengths = []
    for _run in range(6):
        run(server, users=[user])
        lengths.append((len(server["ann"]["emails"]), len(server["ann"]["phoneNumbers"])))
    assert lengths == [(2, 2)] * 6


def numbered(user: dict[str, Any]) -> None:
    """Each entry gets a type by its place."""
    for name in ("emails", "phoneNumbers", "addresses"):
        for number, one in enumerate(user.get(name, []), 1):
            one["type"] = f"type{number}"


@SAID
@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize(
    "change",
    [(one_label,), (one_label, e164), (one_label, lower_mails), (numbered,), (e164, numbered)],
)
def test_e3_a_service_with_types_of_its_own_holds_what_was_set_after_any_number_of_runs(
    change: tuple[Any, ...], exists: bool, schemas: Any
) -> None:
    server = Quirky(schemas, *map(keeps, change))
    if exists:
        server.user("ann", title="x")
    addresses = [{"type": "work", "street_address": "Main St 1", "locality": "Bonn"}]
    user = {"user_name": "ann", "emails": MAILS, "phone_numbers": PHONES, "addresses": addresses}
    for number in range(5):
        server.forget()
        outcome = run(server, users=[user])
        held = server["ann"]
        assert [len(held[one]) for one in ("emails", "phoneNumbers", "addresses")] == [2, 2, 1]
        assert outcome.changed is (number == 0) and not outcome.failures
        assert len([one for one in server.asked if one.method != "GET"]) <= 4
        assert set(not_saved(outcome)) == {"emails.type", "phoneNumbers.type", "addresses.type"}
        assert "User.emails.type" in outcome.unsaved


def test_e3_a_service_with_types_of_its_own_is_learnt_from_the_first_user_of_a_run() -> None:
    server = Quirky(keeps(one_label))
    users = [{"user_name": name, "emails": MAILS} for name in ("ann", "bob", "cyd")]
    run(server, users=users)
    server.forget()
    outcome = run(server, users=users)
    assert len(server.sent("PATCH")) == 2 and not outcome.changed
    assert outcome.unsaved == ("User.emails.type",)
    assert all(len(server[one["user_name"]]["emails"]) == 2 for one in users)


def test_e3_a_new_address_is_added_where_a_service_has_types_of_its_own() -> None:
    server = Quirky(keeps(one_label))
    run(server, users=[{"user_name": "ann", "emails": MAILS}])
    more = [*MAILS, {"value": "new@x.org", "type": "other2"}]
    for number in range(3):
        outcome = run(server, users=[{"user_name": "ann", "emails": more}])
        assert outcome.changed is (number == 0)
        found = sorted(one["value"] for one in server["ann"]["emails"])
        assert found == sorted(one["value"] for one in more)


def test_e3_an_entry_that_a_service_keeps_beside_the_rewritten_one_is_taken_back() -> None:
    def beside(user: dict[str, Any]) -> None:
        rows = user.get("emails", [])
        if not any(one["value"].startswith("kept-") for one in rows):
            user["emails"] = [{**one, "value": "kept-" + one["value"]} for one in rows]
        elif any(not one["value"].startswith("kept-") for one in rows):
            user["emails"] = [
                {**one, "value": "kept-" + one["value"].removeprefix("kept-")}
                for one in [*server.old, *rows]
            ]
        server.old = copy.deepcopy(user["emails"])

    server: Any = Quirky(keeps(beside))
    server.old = []
    mail = {"value": "ann@x.org", "type": "work"}
    for _run in range(4):
        run(server, users=[{"user_name": "ann", "emails": [mail]}])
        assert [one["value"] for one in server["ann"]["emails"]] == ["kept-ann@x.org"]


@pytest.mark.parametrize("change", [lower_mails, e164])
def test_e3_an_entry_that_a_service_adds_in_its_own_form_is_no_change(change: Any) -> None:
    def both(user: dict[str, Any]) -> None:
        for name in ("emails", "phoneNumbers"):
            sent = copy.deepcopy(user.get(name, []))
            change(user)
            rows = [*sent, *(one for one in user.get(name, []) if one not in sent)]
            user[name] = [one for at, one in enumerate(rows) if one not in rows[:at]]

    server = Quirky(keeps(both))
    user = {"user_name": "ann", "emails": MAILS, "phone_numbers": PHONES}
    held = twice(server, user, 3)
    assert held[0] == held[1] == held[2]
    assert not [one for one in server.asked if one.method != "GET"]


def test_e3_a_doubled_list_that_the_service_does_not_take_back_is_named() -> None:
    def doubles(user: dict[str, Any]) -> None:
        rows = [one for one in user.get("emails", []) if one.get("type") == "work"]
        user["emails"] = [*rows[:1], *rows[:1]] if rows else []

    server = Quirky(keeps(doubles))
    mail = {"value": "ann@x.org", "type": "work"}
    outcome = run(server, users=[{"user_name": "ann", "emails": [mail]}])
    assert not outcome.failures and outcome.changed
    (note,) = outcome.notes
    assert note.startswith("emails of user 'ann' has entries twice")
    server.forget()
    assert not run(server, users=[{"user_name": "ann", "emails": [mail]}]).changed
    assert not server.sent("PATCH")


def test_e3_a_service_with_one_type_for_all_entries_is_learnt_and_named() -> None:
    server = Quirky(keeps(one_label))
    outcome = run(server, users=[{"user_name": name, "emails": MAILS} for name in ("ann", "bob")])
    assert not_saved(outcome) == ["emails.type"] and outcome.unsaved == ("User.emails.type",)
    assert all("type" not in one for one in server.sent("POST")[1].body["emails"])
    for _run in range(3):
        outcome = run(
            server,
            users=[{"user_name": "ann", "emails": MAILS}],
            caps={"unsaved": ["User.emails.type"]},
        )
        assert not outcome.changed and len(server["ann"]["emails"]) == 2


def test_e3_a_type_that_another_user_has_is_not_given_up_for_one_that_is_relabelled() -> None:
    server = Quirky(keeps(lambda user: one_label(user) if user["userName"] == "ann" else None))
    server.user("bob", emails=[{"value": "b@x.org", "type": "work"}])
    outcome = run(server, users=[{"user_name": name, "emails": MAILS} for name in ("ann", "bob")])
    assert not_saved(outcome) == ["emails.type"] and not outcome.unsaved
    assert {one["type"] for one in server["bob"]["emails"]} == {"work", "home"}


def test_e3_a_type_that_is_not_kept_is_named_and_not_sent_again() -> None:
    server = Quirky(keeps(drop_types))
    user = {"user_name": "ann", "phone_numbers": [PHONES[0]]}
    outcome = run(server, users=[user])
    assert outcome.changed and not_saved(outcome) == ["phoneNumbers.type"]
    assert server.sent("POST")[0].body["phoneNumbers"] == [PHONES[0]]
    outcome = run(server, users=[{**user, "phone_numbers": [{"value": "1", "type": "work"}]}])
    assert not_saved(outcome) == ["phoneNumbers.type"]
    (patch,) = server.sent("PATCH")
    assert patch.body["Operations"][0]["value"] == [{"value": "1"}]


def test_e3_a_type_is_sent_if_another_user_has_one() -> None:
    server = Quirky()
    server.user("ann", emails=[{"value": "ann@x.org"}])
    server.user("bob", emails=[{"value": "bob@x.org", "type": "work"}])
    mail = {"value": "ann@x.org", "type": "work"}
    users = [{"user_name": "ann", "emails": [mail]}, {"user_name": "bob"}]
    assert not_saved(run(server, users=users)) == []
    assert server["ann"]["emails"] == [mail]
    assert not run(server, users=users).changed


def test_e3_a_type_that_the_option_names_is_not_sent() -> None:
    server = Quirky()
    caps = {"unsaved": ["User.emails.type"]}
    outcome = run(server, caps=caps, users=[{"user_name": "ann", "emails": MAILS}])
    assert not_saved(outcome) == ["emails.type"]
    assert not any("type" in one for one in server["ann"]["emails"])
    assert not run(server, caps=caps, users=[{"user_name": "ann", "emails": MAILS}]).changed


BARE = {"value": "ann@x.org"}
WORK = {**BARE, "type": "work"}


def untyped(*quirks: Any, names: tuple[str, ...] = ("ann",)) -> Quirky:
    """A service whose users have one address each, without a type."""
    server = Quirky(*quirks)
    for name in names:
        server.user(name, emails=[{"value": f"{name}@x.org"}])
    return server


def typed(*names: str) -> list[dict[str, Any]]:
    return [
        {"user_name": name, "emails": [{"value": f"{name}@x.org", "type": "work"}]}
        for name in names
    ]


def places(server: Quirky) -> list[tuple[str, str]]:
    return [(one.method, one.kind) for one in server.asked]


WAYS: tuple[dict[str, str], ...] = (
    {},
    {"multi_valued": "exact"},
    {"update_method": "put"},
    {"multi_valued": "exact", "update_method": "put"},
)


def method_of(way: dict[str, str]) -> str:
    return way.get("update_method", "patch").upper()


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_e3_a_type_is_written_if_schemas_list_it(way: dict[str, str]) -> None:
    server = untyped(YES)
    users = [{**typed("ann")[0], **way}]
    predicted = run(server, check=True, users=users)
    assert predicted.changed and places(server) == [("GET", "Users"), ("GET", "Schemas")]
    server.forget()
    outcome = run(server, users=users)
    assert server["ann"]["emails"] == [WORK] and not_saved(outcome) == [] and not outcome.notes
    write = (method_of(way), "Users")
    assert places(server) == [("GET", "Users"), ("GET", "Schemas"), write]
    server.forget()
    assert not run(server, users=users).changed
    assert places(server) == [("GET", "Users")]


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("schemas", [NO, REFUSED, odd_schemas])
@pytest.mark.parametrize("check", [True, False])
def test_e3_a_type_that_no_schema_lists_is_not_sent(
    schemas: Any, check: bool, way: dict[str, str]
) -> None:
    server = untyped(schemas)
    users = [{**typed("ann")[0], "title": "new", **way}]
    outcome = run(server, check=check, users=users)
    assert not_saved(outcome) == ["emails.type"] and outcome.changed and not outcome.failures
    writes = [] if check else [(method_of(way), "Users")]
    assert places(server) == [("GET", "Users"), ("GET", "Schemas"), *writes]
    assert server["ann"]["emails"] == [BARE]


@pytest.mark.parametrize("reason", ["reset", "timeout"])
def test_e3_schemas_that_cannot_be_read_are_no_failure(reason: str) -> None:
    def broken(_server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.kind == "Schemas":
            raise TransportError(kind=reason, reason="no answer", sent=True)
        return honest(asked)

    server = untyped(broken, names=("ann", "bob"))
    outcome = run(server, users=typed("ann", "bob"))
    assert not outcome.failures and not outcome.notes and not_saved(outcome) == ["emails.type"]
    assert len(server.sent("GET", "Schemas")) == 1


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_e3_a_type_that_schemas_list_and_the_service_drops_is_sent_once_a_run(
    way: dict[str, str],
) -> None:
    names = ("ann", "bob", "cyd")
    server = untyped(YES, keeps(drop_types), names=names)
    for _run in range(3):
        server.forget()
        outcome = run(server, users=[{**one, **way} for one in typed(*names, "new")])
        assert not outcome.failures and not_saved(outcome) == ["emails.type"]
        assert outcome.unsaved == ("User.emails.type",)
        with_types = [one for one in server.asked if "'work'" in str(one.body)]
        assert len(with_types) == 1 and len(server.sent("GET", "Schemas")) == 1
        assert all(server[name]["emails"] == [{"value": f"{name}@x.org"}] for name in names)
    assert not outcome.changed


def test_e3_entries_of_no_type_stay_where_schemas_say_that_types_are_kept() -> None:
    server = Quirky(YES)
    server.user("ann", emails=[{**BARE, "display": "Ann"}, {"value": "b@x.org"}])
    run(server, users=typed("ann"))
    assert sorted(server["ann"]["emails"], key=str) == sorted(
        [{"value": "b@x.org"}, {**WORK, "display": "Ann"}], key=str
    )


def test_e3_nothing_is_asked_where_nothing_rests_on_schemas() -> None:
    server = untyped(YES)
    server.user("bob", emails=[{"value": "bob@x.org", "type": "work"}])
    server.group("staff", ["ann"])
    run(server, users=[*typed("ann", "bob", "new"), {"user_name": "eve", "title": "x"}])
    run(server, users=[{"user_name": "ann", "emails": [BARE], "title": "x"}])
    run(server, users=[{"user_name": "ann", "state": "inactive", "emails": [WORK]}])
    run(server, groups=[{"display_name": "staff", "members": {"remove": ["ann"]}}])
    run(server, users=[{"user_name": "ann", "state": "absent"}])
    assert not server.sent("GET", "Schemas")


def test_e3_a_refused_plan_asks_for_no_schemas() -> None:
    server = untyped(YES)
    with pytest.raises(ScimError):
        run(server, users=[*typed("ann"), {"id": "u7", "title": "x"}])
    assert not server.sent("GET", "Schemas")


def test_e4_other_letters_than_the_service_keeps_are_no_change() -> None:
    server = Quirky()
    server.user("ann", emails=[{"value": "ANN@x.org", "type": "work"}], roles=[{"value": "Admin"}])
    user = {"emails": [{"value": "ann@X.org", "type": "work"}], "roles": [{"value": "admin"}]}
    outcome = run(server, users=[{"user_name": "ann", **user}])
    assert not outcome.changed and not outcome.notes and not_saved(outcome) == []


def as_numbers(user: dict[str, Any]) -> None:
    """Booleans become 1 and 0: as some databases keep them."""
    if "active" in user:
        user["active"] = int(user["active"])


def as_text(user: dict[str, Any]) -> None:
    """Booleans become text: the Entra of old."""
    if "active" in user:
        user["active"] = str(user["active"])
    for one in entries(user):
        if "primary" in one:
            one["primary"] = str(one["primary"]).lower()


def as_words(user: dict[str, Any]) -> None:
    """Booleans become words: a column of an older database."""
    if "active" in user:
        user["active"] = "Y" if user["active"] else "N"


def as_states(user: dict[str, Any]) -> None:
    """Booleans become states."""
    if "active" in user:
        user["active"] = "ACTIVE" if user["active"] else "INACTIVE"


def texts_as_numbers(user: dict[str, Any]) -> None:
    """Texts of digits become numbers."""
    for place in (user, user.get(ENTERPRISE_URN, {}), *entries(user)):
        for name, value in place.items():
            if isinstance(value, str) and value.isdecimal() and name != "id":
                place[name] = int(value)


@pytest.mark.parametrize("change", [as_numbers, as_text, as_words, as_states, texts_as_numbers])
def test_e5_other_json_types_of_the_same_value_are_read(change: Any) -> None:
    server = Quirky(shows(change))
    user = {
        "user_name": "ann",
        "external_id": "701984",
        "active": True,
        "title": "7",
        "emails": MAILS,
        "phone_numbers": [{"value": "5550123", "type": "work"}],
        "enterprise": {"employee_number": "12", "cost_center": "34"},
    }
    assert run(server, users=[user]).changed
    outcome = run(server, users=[user])
    assert not outcome.changed and not_saved(outcome) == []
    server.held["Users"]["u1"]["active"] = False
    assert not run(server, users=[{**user, "active": False}]).changed
    team = {"name": "staff", "members": [{"user_name": "ann"}]}
    assert run(server, teams=[team]).changed
    assert server["ann"]["active"] is True


def test_e5_a_key_that_is_answered_as_a_number_is_found() -> None:
    server = Quirky(shows(texts_as_numbers))
    server.user("old", externalId="701984")
    run(server, users=[{"user_name": "7", "external_id": "701984"}])
    assert server.names("Users") == {"7"}
    outcome = run(server, users=[{"user_name": "7", "title": "x"}])
    assert outcome.changed and server.names("Users") == {"7"}


@pytest.mark.parametrize("change", [as_numbers, as_text, as_words, as_states])
def test_e5_leavers_and_their_return_are_read_too(change: Any) -> None:
    server = Quirky(shows(change))
    team = {"name": "staff", "members": [{"user_name": "ann"}, {"user_name": "bob"}]}
    policy = Policy(leavers="inactive")
    run(server, policy=policy, teams=[team])
    without_bob = {**team, "members": team["members"][:1]}
    run(server, policy=policy, teams=[without_bob])
    assert server["bob"]["active"] is False
    assert not run(server, policy=policy, teams=[without_bob]).changed
    run(server, policy=policy, teams=[team])
    assert server["bob"]["active"] is True and server.members("staff") == {"ann", "bob"}


def test_e11_a_copy_under_another_type_follows_a_new_address() -> None:
    server = Quirky(keeps(copied))
    user = {"user_name": "ann", "emails": [{"value": "ann@x.org", "type": "work"}]}
    run(server, users=[user])
    user["emails"] = [{"value": "new@x.org", "type": "work"}]
    outcome = run(server, users=[user])
    assert [one["value"] for one in server["ann"]["emails"]] == ["new@x.org", "new@x.org"]
    assert not_saved(outcome) == []
    assert not run(server, users=[user]).changed


# L11: values as identities, and {set | add | remove}


def copied_addresses(user: dict[str, Any]) -> None:
    """Each postal address is kept once more under the type ``other``."""
    rows = user.get("addresses", [])
    if not any(one.get("type") == "other" for one in rows):
        rows.extend([{**one, "type": "other"} for one in rows])


def test_e11_a_copy_of_a_postal_address_is_no_change_that_was_not_made() -> None:
    server = Quirky(keeps(copied_addresses))
    server.user("ann")
    for street in ("s", "t"):
        user = {"user_name": "ann", "addresses": [{"street_address": street, "type": "work"}]}
        outcome = run(server, users=[user])
        assert outcome.changed and not_saved(outcome) == []
        assert [one["streetAddress"] for one in server["ann"]["addresses"]] == [street, street]
        assert not run(server, users=[user]).changed


def test_l11_set_roles_are_added_and_exact_replaces() -> None:
    server = Quirky()
    server.user("ann", roles=[{"value": "admin"}, {"value": "auditor", "type": "x"}])
    user = {"user_name": "ann", "roles": [{"value": "billing"}]}
    run(server, users=[user])
    assert {one["value"] for one in server["ann"]["roles"]} == {"admin", "auditor", "billing"}
    run(server, users=[{**user, "multi_valued": "exact"}])
    assert server["ann"]["roles"] == [{"value": "billing"}]


@pytest.mark.parametrize(
    "edit, left",
    [
        ({"set": [{"value": "new@x.org"}]}, ["new@x.org"]),
        ({"set": []}, []),
        (
            {"add": [{"value": "new@x.org", "type": "work"}]},
            ["ann@x.org", "home@x.org", "new@x.org"],
        ),
        ({"remove": [{"value": "ANN@x.org"}]}, ["home@x.org"]),
        ({"remove": [{"type": "home"}]}, ["ann@x.org"]),
        (
            {"add": [{"value": "new@x.org"}], "remove": [{"type": "work"}]},
            ["home@x.org", "new@x.org"],
        ),
    ],
)
@pytest.mark.parametrize("method", ["patch", "put"])
def test_l11_entries_are_set_added_and_removed(
    edit: dict[str, Any], left: list[str], method: str
) -> None:
    server = Quirky()
    mails = [{"value": "ann@x.org", "type": "work"}, {"value": "home@x.org", "type": "home"}]
    server.user("ann", emails=mails)
    user = {"user_name": "ann", "emails": edit, "update_method": method}
    predicted = run(server, check=True, users=[user])
    outcome = run(server, users=[user])
    assert predicted.changed and outcome.changed and not_saved(outcome) == []
    assert sorted(one["value"] for one in server["ann"].get("emails", [])) == left
    server.forget()
    assert not run(server, users=[user]).changed and not server.sent("PATCH")


def test_l11_a_new_user_gets_what_is_added() -> None:
    server = Quirky()
    roles = {"add": [{"value": "admin"}], "remove": [{"value": "auditor"}]}
    run(server, users=[{"user_name": "ann", "roles": roles}])
    assert server["ann"]["roles"] == [{"value": "admin"}]


def test_l11_rows_of_one_user_may_add_and_must_not_contradict() -> None:
    server = Quirky()
    server.user("ann", roles=[{"value": "old"}])

    def teams(*roles: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        for number, edit in enumerate(roles):
            member = {"user_name": "ann", "roles": edit}
            found.append({"name": f"team {number}", "members": [member]})
        return found

    added = [{"add": [{"value": "a"}]}, {"add": [{"value": "b"}], "remove": [{"value": "old"}]}]
    run(server, teams=teams(*added))
    assert {one["value"] for one in server["ann"]["roles"]} == {"a", "b"}
    with pytest.raises(ScimError, match="different values of roles"):
        run(server, teams=teams({"add": [{"value": "c"}]}, {"remove": [{"value": "c"}]}))


def test_l11_entries_that_are_added_find_a_user_by_address() -> None:
    server = Quirky()
    server.user("old", emails=[{"value": "ann@x.org"}])
    user = {"user_name": "ann", "match_by": ["email"], "emails": {"add": [{"value": "ann@x.org"}]}}
    run(server, users=[user])
    assert server.names("Users") == {"ann"}


names = st.text(st.sampled_from("abA.: $-_é\u200d[]\"'\\"), max_size=6)
json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), names),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=8,
)
top_names = st.one_of(
    names,
    st.sampled_from(
        ("emails", "name", "roles", "addresses", FOREIGN, "urn:x:y:User:z", "nickName", "locale")
    ),
).filter(lambda name: name.lower() not in ("id", "meta", "groups", "schemas", "title", "active"))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(top_names, json, max_size=5))
def test_l7_any_json_object_survives_put(more: dict[str, Any]) -> None:
    """Any resource survives PUT."""
    server, held = holding("ann", **{"title": "old", **more})
    assert run(server, caps=PUT, users=[{"user_name": "ann", "title": "new"}]).changed
    assert put_body(server) == {**held, "title": "new"}


def keeps_digits(server: Quirky, asked: Any, honest: Any) -> Any:
    """Hold the digits of telephone numbers only."""
    answer = honest(asked)
    shown = answer.body if isinstance(answer.body, dict) else {}
    for user in (*server.held["Users"].values(), shown, *shown.get("Resources", ())):
        for one in user.get("phoneNumbers", ()):
            one["value"] = "".join(filter(str.isdecimal, one["value"]))
    return answer


def test_e3_a_service_that_keeps_digits_is_told_with_the_line_that_ends_it() -> None:
    server = Quirky(keeps_digits)
    phones = [
        {"value": "+41 44 123 45 67", "type": "work"},
        {"value": "(0)79 5551234", "type": "home"},
    ]
    rows = [{"user_name": name, "phone_numbers": phones} for name in ("ann", "bob")]
    line = "set capabilities: {rewrite: {User.phoneNumbers.value: e164}}"
    with hostile(server) as service:
        for _run in range(3):
            said = modules(service, "scim_directory", users=rows)
            assert [line in one for one in said.warnings] == [True] and not said.failure
            assert "update_method" not in said.warnings[0]
            assert len(server["ann"]["phoneNumbers"]) == 2
        caps = {"rewrite": {"User.phoneNumbers.value": "e164"}}
        said = modules(service, "scim_directory", users=rows, connection={"capabilities": caps})
        assert not (said.changed or said.warnings or service.writes)
        rows[0]["phone_numbers"] = [{"value": "+41 44 123 45 68", "type": "work"}]
        said = modules(service, "scim_directory", users=rows, connection={"capabilities": caps})
        assert said.changed and len(service.writes) == 1 and not said.warnings
    held = [one["value"] for one in server["ann"]["phoneNumbers"]]
    assert sorted(held) == ["0795551234", "41441234568"]
