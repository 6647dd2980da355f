# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that look alike, and characters in names that nobody can see."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    office,
    plan,
    refusals,
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

HIDDEN = "a\u200bnn"
CYRILLIC = "\u0430nn"


def said(store: Store, policy: Policy = Policy(), **directory: Any) -> list[str]:
    return refusals(plan(store, wanted(**directory), policy))


def one_word(text: str) -> dict[str, Any]:
    return {"user_name": "new", "emails": [{"value": text, "type": "work"}]}


@pytest.mark.parametrize(
    ("directory", "begins"),
    [
        ({"users": [{"user_name": HIDDEN}]}, "users[0]: user 'a\u200bnn': user_name "),
        ({"users": [{"id": "u1", "user_name": HIDDEN}]}, "users[0]: user 'a\u200bnn': user_name "),
        (
            {"users": [{"user_name": "new", "external_id": HIDDEN}]},
            "users[0]: user 'new': external_id ",
        ),
        ({"users": [one_word(f"{HIDDEN}@x.org")]}, "users[0]: user 'new': emails.value "),
        (
            {"users": [{"user_name": "new", "display_name": HIDDEN}]},
            "users[0]: user 'new': display_name ",
        ),
        (
            {"users": [{"user_name": "new", "name": {"given_name": HIDDEN}}]},
            "users[0]: user 'new': name.given_name ",
        ),
        (
            {"users": [{"user_name": "new", "previous_user_names": [HIDDEN]}]},
            "users[0]: user 'new': previous_user_names ",
        ),
        (
            {"users": [{"user_name": HIDDEN, "state": "inactive"}]},
            "users[0]: user 'a\u200bnn': user_name ",
        ),
        (
            {"users": [{"user_name": HIDDEN, "state": "absent"}]},
            "users[0]: user 'a\u200bnn': user_name ",
        ),
        ({"groups": [{"display_name": HIDDEN}]}, "groups[0]: group 'a\u200bnn': display_name "),
        (
            {"groups": [{"display_name": "a\u00a0b"}]},
            "groups[0]: group 'a\u00a0b': display_name ",
        ),
        (
            {"groups": [{"display_name": "new", "previous_names": [HIDDEN]}]},
            "groups[0]: group 'new': previous_names ",
        ),
        ({"teams": [team(HIDDEN)]}, "teams[0]: group 'a\u200bnn': display_name "),
        (
            {"teams": [team("red", HIDDEN)]},
            "teams[0].members[0]: user 'a\u200bnn': user_name ",
        ),
    ],
)
def test_l14_a_hidden_character_in_a_new_name_or_address_is_refused(
    directory: dict[str, Any], begins: str
) -> None:
    sentences = said(office(red=["ann"]), INACTIVE, **directory)
    assert sentences[0].startswith(begins), sentences
    if "\u200b" in begins:
        assert "U+200B (zero width space), which nobody can see" in sentences[0]


@pytest.mark.parametrize(
    "directory",
    [
        {"groups": [{"display_name": "red", "members": {"add": [HIDDEN]}}]},
        {
            "groups": [
                {"display_name": "red", "members": {"set": ["bob", {"email": f"{HIDDEN}@x.org"}]}}
            ]
        },
        {"groups": [{"display_name": "red", "members": {"remove": [HIDDEN]}}]},
        {"users": [{"user_name": "ann", "groups": {"add": [HIDDEN]}}]},
        {"users": [{"user_name": "ann", "enterprise": {"manager": HIDDEN}}]},
    ],
)
@pytest.mark.parametrize("ignore", [True, False])
def test_l14_a_reference_with_a_hidden_character_is_refused_whatever_is_ignored(
    directory: dict[str, Any], ignore: bool
) -> None:
    made = plan(office(red=["ann", "bob"]), wanted(**directory), Policy(ignore_missing=ignore))
    assert any("U+200B" in one for one in made.refusals)


def test_l14_a_reference_with_a_hidden_character_is_named_once() -> None:
    rows = [{"display_name": "red", "members": {"add": [HIDDEN, "nobody"]}}]
    made = plan(office(red=["ann", "bob"]), wanted(groups=rows))
    said_of = [*made.refusals, *made.missing_refusals]
    assert sum(HIDDEN in one for one in said_of) == 1
    assert "there is no user 'nobody'; create what is missing first" in said_of[-1]


def test_l14_names_that_the_service_holds_can_be_managed() -> None:
    store = office(**{HIDDEN: [HIDDEN]})
    users = [{"user_name": HIDDEN, "title": "x"}]
    groups = [{"display_name": HIDDEN, "members": {"set": [HIDDEN]}}]
    assert not said(store, users=users, groups=groups)
    assert not said(store, users=[{"user_name": HIDDEN, "state": "absent"}])


@pytest.mark.parametrize(
    "row",
    [
        {"display_name": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"},
        {"display_name": "\U0001f468\u200d\U0001f469"},
        {"name": {"formatted": "M.\u00a0Dupont"}},
        {"title": "soft\u00adhyphen"},
    ],
)
def test_l14_display_names_may_join_letters(row: dict[str, Any]) -> None:
    assert not said(Store(), users=[{"user_name": "new", **row}])


def test_l14_look_alikes_are_named_with_their_code_points() -> None:
    store = office(staff=["ann"])
    made = plan(
        store,
        wanted(users=[{"user_name": CYRILLIC}], groups=[{"display_name": "st\u0430ff"}]),
    )
    assert not refusals(made)
    assert [one for one in made.notes if "look alike" in one] == [
        f"'ann', '{CYRILLIC}' (U+0430) look alike but are treated as different users",
        "'staff', 'st\u0430ff' (U+0430) look alike but are treated as different groups",
    ]


@pytest.mark.parametrize("name", [CYRILLIC, "\uff41nn", "\u0391NN"])
@pytest.mark.parametrize("leavers", ["inactive", "absent", "keep"])
def test_l14_a_look_alike_never_takes_the_place_of_one_that_leaves(name: str, leavers: str) -> None:
    sentences = said(
        office(red=["ann", "bob"]), Policy(leavers=leavers), teams=[team("red", name, "bob")]
    )
    assert len(sentences) == 1
    assert "looks like 'ann', which would leave in the same run" in sentences[0]
    assert f"U+{ord(name[0]):04X}" in sentences[0]


def test_l14_other_new_users_may_come_while_one_leaves() -> None:
    assert not said(office(red=["ann", "bob"]), INACTIVE, teams=[team("red", "anne", "bob")])
