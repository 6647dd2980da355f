# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Desired states as data.

References that are equal, names, and two states of one resource joined.
"""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import (
    ANY,
    EMAIL,
    Content,
    Desired,
    Members,
    Reference,
    Secrets,
    Team,
    combine,
    exact_list,
    folded,
    key_option,
    of_group,
    of_key,
)

PAM = Reference("User", "userName", "pam")
JIM = Reference("User", "userName", "jim")
RED = Reference("Group", "displayName", "red")
MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value"


def user(place: str = "users[0]", **more: object) -> Desired:
    """Return a desired state of pam."""
    given: dict[str, object] = {"keys": (("userName", "pam"),), **more}
    return Desired(kind=USER, place=place, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "one, other, equal",
    [
        (PAM, Reference("User", "userName", "PAM"), True),
        (Reference("User", "externalId", "x"), Reference("User", "externalId", "X"), False),
        (Reference("User", "id", "a"), Reference("User", "id", "A"), False),
        (Reference("User", EMAIL, "p@x.org"), Reference("User", EMAIL, "P@X.org"), True),
        (RED, Reference("Group", "displayName", "Red"), True),
        (Reference("User", "id", "1"), Reference("Group", "id", "1"), False),
    ],
)
def test_references_are_equal_as_their_schema_says(
    one: Reference, other: Reference, equal: bool
) -> None:
    assert (one.key == other.key) is equal


def test_references_in_words() -> None:
    assert [str(one) for one in (PAM, RED, Reference("User", EMAIL, "p@x.org"))] == [
        "user 'pam'",
        "group 'red'",
        "user with emails.value 'p@x.org'",
    ]


def test_keys_fold_and_have_the_names_of_options() -> None:
    assert folded(USER, "id", "A") == "A" and folded(USER, EMAIL, "A@X") == folded(
        USER, EMAIL, "a@x"
    )
    assert [key_option(path) for path in (EMAIL, "userName", "externalId")] == [
        "email",
        "user_name",
        "external_id",
    ]


def test_members_that_must_be_there_and_all_references() -> None:
    members = Members(exactly=frozenset({PAM}), add=frozenset({JIM}), release=frozenset({RED}))
    assert members.joining == {PAM, JIM} and members.references == {PAM, JIM, RED}
    assert Members(remove=frozenset({PAM})).joining == frozenset()


@pytest.mark.parametrize(
    "desired, name",
    [
        (user(), "pam"),
        (user(keys=(("externalId", "x"), ("userName", "pam"))), "pam"),
        (user(keys=(("id", "u1"),), content=Content(attributes={"userName": "Pam"})), "Pam"),
        (user(keys=(("id", "u1"),)), "u1"),
        (user(keys=()), "?"),
    ],
)
def test_a_desired_state_is_named_by_its_name_attribute_or_first_key(
    desired: Desired, name: str
) -> None:
    assert desired.name == name and desired.text == f"user '{name}'"


def test_sentences_begin_with_the_place_if_there_is_one() -> None:
    assert user().refused("is wrong") == "users[0]: user 'pam': is wrong"
    assert user(place="").refused("is wrong") == "user 'pam': is wrong"
    assert (user().source, user(place="").source) == ("users[0]", "the task")


@pytest.mark.parametrize(
    "state, creates, may",
    [
        ("present", True, True),
        ("present", False, False),
        ("absent", True, False),
        (ANY, True, False),
    ],
)
def test_only_a_present_resource_that_may_be_created_is(
    state: str, creates: bool, may: bool
) -> None:
    assert user(state=state, creates=creates).may_create is may


def test_references_are_links_members_groups_and_the_list_of_a_team() -> None:
    desired = user(
        content=Content(links={MANAGER: JIM}),
        groups=(Members(add=frozenset({RED})),),
        team=Team(onboarded=False, listed=frozenset({PAM})),
    )
    assert set(desired.references) == {JIM, RED, PAM}


def test_resources_that_are_only_referred_to_are_neither_created_nor_changed() -> None:
    for desired in (of_group(RED), of_key(USER, Key("User", "u1"))):
        assert desired.state == ANY and not desired.creates and not desired.content.attributes
    assert of_group(RED).keys == (("displayName", "red"),)
    assert of_key(GROUP, Key("Group", "g1")).keys == (("id", "g1"),)


# two states of one resource


def test_combined_states_have_everything_of_both() -> None:
    one = user(
        content=Content(attributes={"title": "a"}, clear=("nickName",), exact=False),
        secrets=Secrets(attributes={"password": "x"}),
        groups=(Members(add=frozenset({RED})),),
        creates=False,
    )
    other = user(
        place="users[1]",
        keys=(("externalId", "x"), ("userName", "pam")),
        content=Content(
            attributes={"title": "a", "locale": "en"},
            links={MANAGER: JIM},
            create_only=frozenset({"locale"}),
            exact=True,
        ),
        secrets=Secrets(attributes={"password": "x"}, always=True),
        groups=(Members(remove=frozenset({RED})),),
        activate=True,
        previous=("beesly",),
        method="put",
    )
    merged, problems = combine(one, other)
    assert not problems
    assert merged.place == "users[0]"
    assert merged.keys == (("userName", "pam"), ("externalId", "x"))
    assert merged.content == Content(
        attributes={"title": "a", "locale": "en"},
        links={MANAGER: JIM},
        clear=("nickName",),
        create_only=frozenset({"locale"}),
        exact=True,
    )
    assert merged.secrets == Secrets(attributes={"password": "x"}, always=True)
    assert merged.groups == (*one.groups, *other.groups)
    assert (merged.creates, merged.activate, merged.previous) == (True, True, ("beesly",))
    assert merged.method == "put"


@pytest.mark.parametrize(
    "one, other, state", [(ANY, "absent", "absent"), ("present", ANY, "present")]
)
def test_a_state_that_asks_nothing_gives_way(one: str, other: str, state: str) -> None:
    merged, problems = combine(user(state=one), user(place="users[1]", state=other))
    assert merged.state == state and not problems


def test_values_that_are_equal_by_schema_do_not_contradict() -> None:
    one = user(content=Content(attributes={"userName": "pam", "active": True}))
    other = user(content=Content(attributes={"userName": "pam", "active": True}))
    assert not combine(one, other)[1]


@pytest.mark.parametrize(
    "one, other, said",
    [
        (
            {"content": Content(attributes={"title": "a"})},
            {"content": Content(attributes={"title": "b"})},
            "users[0] and users[1] set different values of title for user 'pam'",
        ),
        (
            {"state": "absent"},
            {"state": "present"},
            "users[0] and users[1] set different states for user 'pam': absent and present",
        ),
        (
            {"content": Content(links={MANAGER: JIM})},
            {"content": Content(links={MANAGER: PAM})},
            f"users[0] and users[1] set a different {MANAGER} for user 'pam'",
        ),
        (
            {"content": Content(attributes={"title": "a"})},
            {"content": Content(clear=("title",))},
            "users[0] and users[1] set and clear title of user 'pam'",
        ),
        (
            {"secrets": Secrets(attributes={"password": "a"})},
            {"secrets": Secrets(attributes={"password": "b"})},
            "users[0] and users[1] set different secrets for user 'pam'",
        ),
        (
            {"team": Team(onboarded=True)},
            {"team": Team(onboarded=False)},
            "users[0] and users[1] set user 'pam' to onboarded and to offboarded",
        ),
    ],
)
def test_contradictions_are_sentences(
    one: dict[str, object], other: dict[str, object], said: str
) -> None:
    assert combine(user(**one), user("users[1]", **other))[1] == [said]


def test_teams_of_one_group_are_joined() -> None:
    one = user(team=Team(onboarded=True, listed=frozenset({PAM}), excepted=frozenset({"a"})))
    other = user(team=Team(onboarded=True, listed=frozenset({JIM}), excepted=frozenset({"b"})))
    assert combine(one, other)[0].team == Team(
        onboarded=True, listed=frozenset({PAM, JIM}), excepted=frozenset({"a", "b"})
    )
    assert combine(one, user())[0].team == one.team == combine(user(), one)[0].team


def test_secrets_are_not_in_what_is_printed() -> None:
    assert "hunter2" not in repr(user(secrets=Secrets(attributes={"password": "hunter2"})))


@pytest.mark.parametrize(
    "lists, found",
    [
        ([], None),
        ([Members(add=frozenset({PAM}))], None),
        ([Members(exactly=frozenset())], frozenset()),
        ([Members(exactly=frozenset({PAM})), Members(add=frozenset({RED}))], {PAM}),
        ([Members(exactly=frozenset({PAM})), Members(exactly=frozenset({JIM}))], {PAM, JIM}),
    ],
)
def test_complete_lists_are_joined(
    lists: list[Members], found: frozenset[Reference] | None
) -> None:
    assert exact_list(lists) == found


def test_references_come_in_one_order_whatever_the_hashes_are() -> None:
    names = [f"user{number}" for number in range(40)]
    references = frozenset(Reference("User", "userName", name) for name in names)
    desired = Desired(
        kind=GROUP,
        keys=(("displayName", "red"),),
        members=(Members(add=references),),
        team=Team(onboarded=False, listed=references),
    )
    assert [one.value for one in desired.references] == sorted(names) * 2
