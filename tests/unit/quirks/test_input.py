# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the input says of identities: keys that contradict, names that change hands."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy, limits
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky


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
