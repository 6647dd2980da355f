# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the input says of identities: keys that contradict, names that change hands."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy, limits
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Quirky


def stopped(server: Quirky, **directory: Any) -> str:
    """The sentence that stops a run, which writes nothing."""
    with pytest.raises(ScimError) as info:
        run(server, **directory)
    assert not [one for one in server.asked if one.method != "GET"]
    return str(info.value)


# L10: keys that are set must agree


@pytest.mark.parametrize(
    "user",
    [
        {"user_name": "ann", "external_id": "new"},
        {"user_name": "ANN", "external_id": "new", "active": True},
        {"user_name": "ann", "external_id": "new", "state": "inactive"},
        {"user_name": "ann", "external_id": "new", "state": "absent"},
        {"user_name": "ann", "external_id": "new", "match_by": ["user_name", "external_id"]},
        {"user_name": "smith", "external_id": "new", "previous_user_names": ["ann"]},
        {
            "user_name": "smith",
            "external_id": "new",
            "emails": [{"value": "ann@x.org"}],
            "match_by": ["email", "external_id"],
        },
    ],
)
@pytest.mark.parametrize("active", [True, False])
def test_l10_a_user_with_another_external_id_is_not_taken_over(
    user: dict[str, Any], active: bool
) -> None:
    server = Quirky()
    server.user("ann", externalId="old", active=active, emails=[{"value": "ann@x.org"}])
    said = stopped(server, users=[user])
    assert "'old'" in said and "'new'" in said and "'ann'" in said and "match_by" in said
    assert said.startswith("users[0]: ")
    assert ("inactive 'ann'" in said) is not active


@pytest.mark.parametrize(
    "directory",
    [
        {"groups": [{"display_name": "staff", "external_id": "new"}]},
        {"groups": [{"display_name": "staff", "external_id": "new", "state": "absent"}]},
        {
            "groups": [
                {"display_name": "all", "external_id": "new", "previous_names": ["STAFF"]},
            ]
        },
        {"teams": [{"name": "staff", "external_id": "new", "members": []}]},
        {
            "teams": [
                {
                    "name": "staff",
                    "external_id": "new",
                    "state": "offboarded",
                    "members": [{"user_name": "ann"}],
                }
            ]
        },
    ],
)
def test_l10_a_group_with_another_external_id_is_not_taken_over(directory: dict[str, Any]) -> None:
    server = Quirky()
    server.user("ann")
    server.group("staff", ["ann"], externalId="old")
    said = stopped(server, **directory)
    assert "'old'" in said and "'new'" in said and "'staff'" in said


def test_l10_match_by_without_external_id_keeps_the_account_and_overwrites_its_id() -> None:
    server = Quirky()
    ident = server.user("ann", externalId="old")
    group = server.group("staff", [], externalId="old")
    found = run(
        server,
        users=[{"user_name": "ann", "external_id": "new", "match_by": ["id", "user_name"]}],
        groups=[{"display_name": "staff", "external_id": "new", "match_by": ["display_name"]}],
    )
    assert found.changed
    assert server.held["Users"][ident]["externalId"] == "new"
    assert server.held["Groups"][group]["externalId"] == "new"
    assert (len(server.held["Users"]), len(server.held["Groups"])) == (1, 1)


@pytest.mark.parametrize(
    "directory",
    [
        {"users": [{"user_name": "ann", "external_id": "new"}]},
        {"teams": [{"name": "staff", "members": [{"user_name": "ann", "external_id": "new"}]}]},
    ],
)
def test_l10_match_by_of_the_directory_holds_for_rows_and_members(
    directory: dict[str, Any],
) -> None:
    server = Quirky()
    ident = server.user("ann", externalId="old")
    run(server, match_by=["user_name"], **directory)
    assert server.held["Users"][ident]["externalId"] == "new"


def test_l10_match_by_of_a_row_wins() -> None:
    server = Quirky()
    server.user("ann", externalId="old")
    row = {"user_name": "ann", "external_id": "new", "match_by": ["external_id", "user_name"]}
    assert "'old'" in stopped(server, users=[row], match_by=["user_name"])


def test_l10_identities_changed_judges_overwritten_external_ids() -> None:
    server = Quirky()
    users = []
    for number in range(20):
        server.user(f"p{number}", externalId=f"old{number}")
        users.append({"user_name": f"p{number}", "external_id": f"new{number}"})
    policy = Policy(thresholds=limits({}))
    with pytest.raises(ScimError, match="identities_changed: 20 of 20"):
        run(server, policy=policy, users=users, match_by=["user_name"])


@pytest.mark.parametrize("held", [None, "", " ", "NEW"])
def test_l10_an_empty_external_id_or_another_spelling_is_no_contradiction(held: str | None) -> None:
    server = Quirky()
    ident = server.user("ann", externalId=held)
    run(server, users=[{"user_name": "ann", "external_id": "new"}])
    assert server.held["Users"][ident]["externalId"] == "new"


def test_l10_the_id_may_change_the_external_id_and_the_external_id_the_name() -> None:
    server = Quirky()
    one = server.user("ann", externalId="old")
    other = server.user("bob", externalId="b")
    run(
        server,
        users=[{"id": one, "external_id": "new"}, {"external_id": "b", "user_name": "bobby"}],
    )
    assert server.held["Users"][one]["externalId"] == "new"
    assert server.held["Users"][other]["userName"] == "bobby"


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize(
    "directory",
    [
        {"teams": [{"name": "red", "members": [{"user_name": "ann", "external_id": "new"}]}]},
        {
            "users": [{"user_name": "ann", "external_id": "new"}],
            "groups": [{"display_name": "red", "members": {"add": [{"external_id": "new"}]}}],
        },
        {
            "users": [
                {"user_name": "ann", "external_id": "new"},
                {"user_name": "bob", "enterprise": {"manager": {"external_id": "new"}}},
            ]
        },
        {
            "teams": [
                {"name": "red", "members": [{"user_name": "ann", "id": "unknown"}]},
            ]
        },
    ],
)
def test_l10_a_row_that_is_refused_is_not_missing_as_well(
    directory: dict[str, Any], exists: bool
) -> None:
    """One mistake is one sentence: nothing is to be created."""
    server = Quirky()
    server.user("ann", externalId="old")
    if exists:
        server.group("red", [])
    said = stopped(server, **directory)
    assert "create what is missing" not in said and " | " not in said


def test_l10_twenty_contradictions_of_one_kind_are_one_sentence() -> None:
    server = Quirky()
    users = []
    for number in range(20):
        server.user(f"p{number:02}", externalId=f"old{number}")
        users.append({"user_name": f"p{number:02}", "external_id": f"new{number}"})
    said = stopped(server, users=users)
    assert said.startswith("20 users ") and " and 10 more" in said and "|" not in said
    assert "'p09'" in said and "'p10'" not in said
    assert "users[3] 'p03' holds 'old3', not 'new3'" in said


def test_l10_a_conflict_on_creation_is_no_reason_to_take_an_account_over() -> None:
    """The filter hides the account: it is found after the 409, and still contradicts."""
    server = Quirky(lambda _server, asked, honest: honest(asked.without("x")))
    server.user("ann", externalId="old")

    def hides(_server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.lists and not server.sent("POST"):
            return honest(asked.asking(filter='userName eq "nobody"'))
        return honest(asked)

    server.quirks = [hides]
    try:
        found = run(server, users=[{"user_name": "ann", "external_id": "new"}])
        said = " ".join(str(one.error) for one in found.failures)
    except ScimError as error:
        said = str(error)
    assert "'old'" in said and "'new'" in said
    assert len(server.held["Users"]) == 1


@pytest.mark.parametrize(
    ("user", "said"),
    [
        ({"user_name": "ann", "external_id": "a", "active": True}, True),
        ({"user_name": "ann", "external_id": "a"}, True),
        ({"user_name": "smith", "previous_user_names": ["ann"], "active": True}, True),
        ({"user_name": "ann", "active": True}, False),
    ],
)
def test_l10_adopting_an_inactive_account_is_said(user: dict[str, Any], said: bool) -> None:
    server = Quirky()
    server.user("ann", active=False)
    notes = run(server, users=[user]).notes
    assert any("inactive accounts are taken over: user " in one for one in notes) is said
    assert not run(server, users=[user]).changed


def test_l10_a_previous_user_name_renames_the_account() -> None:
    server = Quirky()
    ident = server.user("ann")
    directory = {"users": [{"user_name": "smith", "previous_user_names": ["anna", "Ann"]}]}
    assert run(server, **directory).changed
    assert server.held["Users"][ident]["userName"] == "smith"
    server.forget()
    assert not run(server, **directory).changed
    assert server.requests == 1


# D9: names that change hands in one run


def both(server: Quirky, **directory: Any) -> list[Any]:
    """Run twice: the first run succeeds, the second changes nothing. Return the operations."""
    found = run(server, **directory)
    assert found.changed and not found.failures and not found.not_tried
    again = run(server, **directory)
    assert not again.changed and not again.operations
    return found.operations


def names(server: Quirky, kind: str = "Users") -> dict[str, str]:
    path = "userName" if kind == "Users" else "displayName"
    return {one["externalId"]: one[path] for one in server.held[kind].values()}


@pytest.mark.parametrize(
    "users",
    [
        [{"external_id": "a", "user_name": "ann2"}, {"external_id": "n", "user_name": "ann"}],
        [{"external_id": "n", "user_name": "Ann"}, {"external_id": "a", "user_name": "ann2"}],
        [
            {"external_id": "a", "user_name": "bob"},
            {"external_id": "b", "user_name": "carl"},
            {"external_id": "n", "user_name": "ann"},
        ],
        [{"external_id": "b", "user_name": "ann"}, {"external_id": "a", "user_name": "zoe"}],
        [{"external_id": "a", "user_name": "bob"}, {"external_id": "b", "user_name": "ann"}],
        [
            {"external_id": "a", "user_name": "bob", "title": "x"},
            {"external_id": "b", "user_name": "cid"},
            {"external_id": "c", "user_name": "ann", "state": "inactive"},
            {"external_id": "n", "user_name": "new", "enterprise": {"manager": "ann"}},
        ],
        [
            {"external_id": "a", "user_name": "ann2", "enterprise": {"manager": "ann"}},
            {"external_id": "n", "user_name": "ann"},
        ],
    ],
)
@pytest.mark.parametrize("caps", [{}, {"patch": False}])
def test_d9_a_name_goes_from_one_user_to_another_in_one_run(
    users: list[dict[str, Any]], caps: dict[str, Any]
) -> None:
    server = Quirky()
    for name in ("ann", "bob", "cid"):
        server.user(name, externalId=name[0])
    idents = {one["externalId"]: ident for ident, one in server.held["Users"].items()}
    both(server, users=users, caps=caps)
    for row in users:
        assert names(server)[row["external_id"]].lower() == row["user_name"].lower()
    after = {one["externalId"]: ident for ident, one in server.held["Users"].items()}
    assert {key: after[key] for key in idents} == idents


def test_d9_a_swap_uses_one_temporary_name_that_is_seen() -> None:
    server = Quirky()
    server.user("ann@x.org", externalId="a")
    server.user("bob@x.org", externalId="b")
    users = [
        {"external_id": "a", "user_name": "bob@x.org"},
        {"external_id": "b", "user_name": "ann@x.org"},
    ]
    predicted = run(server, check=True, users=users)
    found = run(server, users=users)
    assert [one["method"] for one in found.operations] == ["PATCH"] * 3
    assert predicted.operations == found.operations
    assert "ann.renamed-" in str(found.operations[0]) and "@x.org" in str(found.operations[0])
    assert any("ann.renamed-" in one and "for a moment" in one for one in found.notes)
    assert names(server) == {"a": "bob@x.org", "b": "ann@x.org"}


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_d9_an_interrupted_swap_is_ended_by_the_next_run(writes: int) -> None:
    server = Quirky()
    for name in ("ann", "bob", "cid"):
        server.user(name, externalId=name[0])
    users = [
        {"external_id": "a", "user_name": "bob"},
        {"external_id": "b", "user_name": "cid"},
        {"external_id": "c", "user_name": "ann"},
    ]

    def dies(_server: Quirky, asked: Any, honest: Any) -> Any:
        if len(server.sent("PATCH")) > writes:
            raise KeyboardInterrupt
        return honest(asked)

    server.quirks = [dies]
    with pytest.raises(KeyboardInterrupt):
        run(server, users=users)
    server.quirks = []
    both(server, users=users)
    assert names(server) == {"a": "bob", "b": "cid", "c": "ann"}


def test_d9_groups_hand_over_names_with_their_members() -> None:
    server = Quirky()
    for name in ("ann", "bob"):
        server.user(name, externalId=name)
    server.group("red", ["ann"], externalId="r")
    server.group("blue", ["bob"], externalId="b")
    groups = [
        {"external_id": "r", "display_name": "blue", "members": {"set": ["bob"]}},
        {"external_id": "b", "display_name": "green"},
        {"external_id": "n", "display_name": "red", "members": {"set": ["ann"]}},
    ]
    both(server, groups=groups)
    assert names(server, "Groups") == {"r": "blue", "b": "green", "n": "red"}
    assert [server.members(one) for one in ("blue", "green", "red")] == [{"bob"}, {"bob"}, {"ann"}]
    swapped = [
        {"external_id": "r", "display_name": "green", "members": {"add": ["ann"]}},
        {"external_id": "b", "display_name": "blue"},
    ]
    both(server, groups=swapped)
    assert names(server, "Groups") == {"r": "green", "b": "blue", "n": "red"}
    assert server.members("green") == {"ann", "bob"}


def test_d9_external_ids_change_hands_between_users_found_by_id() -> None:
    server = Quirky()
    one, other = server.user("ann", externalId="a"), server.user("bob", externalId="b")
    both(server, users=[{"id": one, "external_id": "b"}, {"id": other, "external_id": "a"}])
    assert {name: key for key, name in names(server).items()} == {"ann": "b", "bob": "a"}


@pytest.mark.parametrize(
    "users",
    [
        [
            {"user_name": "bob", "emails": [{"value": "ann@x.org"}], "match_by": ["email"]},
            {"user_name": "ann", "emails": [{"value": "bob@x.org"}], "match_by": ["email"]},
        ],
        [
            {"user_name": "ann2", "previous_user_names": ["ann"]},
            {"user_name": "ann", "title": "other"},
        ],
        [
            {"external_id": "a", "user_name": "ann2", "previous_user_names": ["ann"]},
            {"user_name": "ann"},
        ],
        [
            {"user_name": "bob", "previous_user_names": ["ann"]},
            {"user_name": "ann", "previous_user_names": ["bob"]},
        ],
        [{"external_id": "a", "user_name": "bob"}, {"user_name": "ann", "external_id": "a"}],
    ],
)
def test_d9_what_ids_do_not_tell_apart_stops_in_one_sentence(users: list[dict[str, Any]]) -> None:
    server = Quirky()
    server.user("ann", externalId="a", emails=[{"value": "ann@x.org"}])
    server.user("bob", externalId="b", emails=[{"value": "bob@x.org"}])
    said = stopped(server, users=users)
    exchanged = (
        "the users 'ann' and 'bob' exchange their userName, which needs a temporary one; set "
    )
    told_apart = ("both may be the same user; set external_id", "its keys point at different users")
    assert said.startswith(exchanged) or any(one in said for one in told_apart)


def test_d9_an_exchange_of_external_ids_asks_for_what_tells_users_apart() -> None:
    server = Quirky()
    server.user("ann", externalId="a")
    server.user("bob", externalId="b")
    rows = [{"user_name": "ann", "external_id": "b"}, {"user_name": "bob", "external_id": "a"}]
    said = stopped(server, users=rows, match_by=["user_name"])
    assert "exchange their externalId" in said and said.endswith(
        "set id of each, or change one of them in an earlier task"
    )


@pytest.mark.parametrize("refuses", [True, False])
def test_d9_a_name_that_is_not_given_up_is_not_taken(refuses: bool) -> None:
    """Neither a second user nor the first one in its place."""
    server = Quirky()
    ident = server.user("ann", externalId="a")

    def keeps(_server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.method != "PATCH":
            return honest(asked)
        return Answer(400, {"detail": "no"}) if refuses else Answer(204)

    server.quirks = [keeps]
    policy = Policy(stop_on_error=False)
    users = [{"external_id": "a", "user_name": "ann2"}, {"external_id": "n", "user_name": "ann"}]
    found = run(server, policy=policy, users=users)
    assert len(found.failures) == 1 and len(found.not_tried) == 1
    assert list(server.held["Users"]) == [ident] and not server.sent("POST")


def test_d9_a_name_that_a_service_never_changes_is_not_taken() -> None:
    server = Quirky()
    server.user("ann", externalId="a")
    users = [{"external_id": "a", "user_name": "ann2"}, {"external_id": "n", "user_name": "ann"}]
    with pytest.raises(ScimError, match="does not rename"):
        run(server, users=users, caps={"fixed": ["userName"]})
    assert not server.sent("POST")


# L8: names of raw attributes

ODD_NAMES = ("", ".", "a b", "a]b[", "title ", "a..b", "urn:x", "urn:example:2.0:User:")
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("attributes", lambda name: {name: "x"}),
        ("attributes", lambda name: {"urn:example:2.0:User": {name: "x"}}),
        ("attributes", lambda name: {name: {"a": "x"}}),
        ("attributes", lambda name: {"urn:example:2.0:User:badge": {name: "x"}}),
        ("secret_attributes", lambda name: {name: "x"}),
        ("clear", lambda name: [name]),
        ("create_only", lambda name: [name]),
    ],
)
def test_l8_a_name_that_scim_forbids_is_one_sentence_with_option_and_row(
    name: str, option: str, value: Any
) -> None:
    server = Quirky()
    server.user("ann", title="Boss")
    said = stopped(server, users=[{"user_name": "ann"}, {"user_name": "bob", option: value(name)}])
    assert said.startswith(f"users[1] (bob): {option} names "), said
    assert " | " not in said
    assert not server.asked


@pytest.mark.parametrize("value", ["x", None, [], ["x"]])
@pytest.mark.parametrize("name", [ENTERPRISE, ENTERPRISE.upper(), "urn:example:2.0:User"])
def test_l8_the_urn_of_a_schema_is_no_attribute(name: str, value: Any) -> None:
    said = stopped(Quirky(), users=[{"user_name": "ann", "attributes": {name: value}}])
    assert "is the URN of a schema" in said


@pytest.mark.parametrize(
    "attributes",
    [
        {"urn:example:2.0:User": {"badge": "1", "cost-center_2$": "x"}},
        {"urn:example:2.0:User:badge": "1"},
        {"urn:example:2.0:User:badge.number": "1"},
        {"cn$": "x", "x-y": "z"},
    ],
)
def test_l8_names_that_scim_allows_are_written(attributes: dict[str, Any]) -> None:
    server = Quirky(judged=False)
    ident = server.user("ann")
    both(server, users=[{"user_name": "ann", "attributes": attributes}])
    assert set(server.held["Users"][ident]) - {"id", "userName", "active", "meta", "schemas"}


@pytest.mark.parametrize("name", [one for one in ODD_NAMES if one])
def test_l8_capabilities_name_paths_of_scim(name: str) -> None:
    for capability in ("unsaved", "single", "fixed"):
        for path in (name, f"User.{name}"):
            with pytest.raises(ValueError, match="must be a list of SCIM paths"):
                run(Quirky(), caps={capability: [path]}, users=[{"user_name": "ann"}])


@pytest.mark.parametrize(
    "name",
    [
        "userName",
        "User.nickName",
        "User.emails.type",
        f"{ENTERPRISE}:department",
        f"User.{ENTERPRISE}:manager.value",
    ],
)
def test_l8_capabilities_take_paths_with_and_without_a_type(name: str) -> None:
    assert overridden({"unsaved": [name]}).unsaved == (name,)


# E10: ids of what an earlier task would create

PLANNED: list[dict[str, Any]] = [
    {"users": [{"id": "bulkId:new", "title": "x"}]},
    {"users": [{"id": "bulkId:new", "user_name": "new", "title": "x"}]},
    {"users": [{"id": "bulkId:new", "state": "inactive"}]},
    {"users": [{"id": "bulkId:new", "state": "absent"}]},
    {"users": [{"user_name": "ann", "enterprise": {"manager": {"id": "bulkId:new"}}}]},
    {"users": [{"user_name": "ann", "groups": {"add": [{"id": "bulkId:red"}]}}]},
    {"users": [{"id": "bulkId:new", "groups": {"set": [{"id": "bulkId:red"}]}}]},
    {"groups": [{"id": "bulkId:red", "members": {"set": ["ann", {"id": "bulkId:new"}]}}]},
    {"groups": [{"display_name": "blue", "members": {"add": [{"id": "bulkId:new"}]}}]},
    {"teams": [{"name": "blue", "members": [{"id": "bulkId:new"}]}]},
    {
        "teams": [
            {"name": "blue", "members": [{"user_name": "ann"}], "groups": [{"id": "bulkId:red"}]}
        ]
    },
]


@pytest.mark.parametrize("directory", PLANNED)
def test_e10_an_id_of_check_mode_exists_in_check_mode_and_is_not_asked_for(
    directory: dict[str, Any],
) -> None:
    server = Quirky()
    server.user("ann")
    server.group("blue", ["ann"])
    found = run(server, check=True, policy=Policy(leavers="inactive"), **directory)
    assert found.plan.size
    assert not found.plan.missing.every
    assert not any("bulkId" in str((one.segments, one.query)) for one in server.asked)


@pytest.mark.parametrize("directory", PLANNED)
def test_e10_outside_of_check_mode_it_is_one_sentence(directory: dict[str, Any]) -> None:
    server = Quirky()
    server.user("ann")
    assert "is what check mode returns for a " in stopped(server, **directory)
    assert not server.asked


def test_d9_a_swap_stays_done_when_a_later_creation_meets_a_group() -> None:
    """The group is hidden until its creation is answered 409; then everything is planned anew."""
    server = Quirky()
    for name in ("ann", "bob"):
        server.user(name, externalId=name[0])
    server.group("red", ["ann"])

    def hides(_server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.kind == "Groups" and asked.method == "GET" and not server.sent("POST"):
            return honest(Asked("GET", ("Groups",), {"filter": 'displayName eq "nothing"'}, None))
        if asked.kind == "Groups" and asked.method == "POST":
            return Answer(409, {"detail": "taken", "scimType": "uniqueness"})
        return honest(asked)

    server.quirks = [hides]
    directory = {
        "users": [
            {"external_id": "a", "user_name": "bob"},
            {"external_id": "b", "user_name": "ann"},
        ],
        "groups": [{"display_name": "red", "members": {"set": ["bob"]}}],
    }
    run(server, **directory)
    server.quirks = []
    assert names(server) == {"a": "bob", "b": "ann"}
    assert not run(server, **directory).changed
    assert server.members("red") == {"bob"}


# L14: names that nobody can tell apart


@pytest.mark.parametrize("name", ["\u0430nn", "\uff41nn", "\u0391NN"])
def test_l14_a_look_alike_of_a_user_of_the_service_is_named(name: str) -> None:
    server = Quirky()
    server.user("ann")
    server.group("ann", [])
    found = run(server, users=[{"user_name": name}], groups=[{"display_name": name}])
    for noun in ("users", "groups"):
        said = [one for one in found.notes if one.endswith(f"different {noun}")]
        assert len(said) == 1 and f"U+{ord(name[0]):04X}" in said[0] and "'ann'" in said[0]


@pytest.mark.parametrize("char", ["\u200b", "\u00ad", "\ufeff", "\u202e", "\ufe0f", "\U000e0061"])
@pytest.mark.parametrize("check", [True, False])
def test_l14_a_roster_with_a_hidden_character_creates_and_deactivates_nobody(
    char: str, check: bool
) -> None:
    server = Quirky()
    for name in ("ann", "bob"):
        server.user(name)
    server.group("red", ["ann", "bob"])
    members = [{"user_name": f"an{char}n"}, {"user_name": "bob"}]
    with pytest.raises(ScimError, match=f"U\\+{ord(char):04X}.*which nobody can see") as info:
        run(
            server,
            check=check,
            policy=Policy(leavers="inactive"),
            teams=[{"name": "red", "members": members}],
        )
    assert str(info.value).startswith("teams[0].members[0]: ")
    assert not [one for one in server.asked if one.method != "GET"]


@pytest.mark.parametrize("unsaved", ["externalId", "User.externalId"])
def test_l10_external_ids_that_a_service_makes_itself_contradict_nothing(unsaved: str) -> None:
    """A capability says so: the service keeps none that is set."""
    server = Quirky()
    server.user("ann", externalId="made by the service")
    user = {"user_name": "ann", "external_id": "a", "title": "Boss"}
    assert "made by the service" in stopped(server, users=[user])
    caps = {"unsaved": [unsaved]}
    assert run(server, caps=caps, users=[user]).changed
    assert not run(server, caps=caps, users=[user]).changed


@pytest.mark.parametrize("new", [{"user_name": "ann"}, {"user_name": "ann", "external_id": "n"}])
def test_d9_a_lagging_read_does_not_give_the_renamed_user_to_the_new_one(
    new: dict[str, Any],
) -> None:
    """The answer to the creation is lost, and reads still show the old name."""
    server = Quirky()
    server.user("ann", externalId="a")
    lost: list[str] = []

    def lags(_server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.method == "POST" and not lost:
            lost.append("answer")
            return Answer(503, {"detail": "busy"})
        answer = honest(asked)
        if asked.lists and len(server.sent("POST")) == 1:
            old = {**next(iter(server.held["Users"].values())), "userName": "ann"}
            return Answer(200, {**answer.body, "totalResults": 1, "Resources": [old]})
        return answer

    server.quirks = [lags]
    found = run(server, users=[{"external_id": "a", "user_name": "ann2"}, new])
    assert not found.failures
    assert sorted(one["userName"] for one in server.held["Users"].values()) == ["ann", "ann2"]
