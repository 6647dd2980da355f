# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option ``capabilities``, and what sources of lower rank may change."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    FIELDS,
    Capabilities,
    Rank,
    overridden,
)


def sentence(values: dict[str, Any]) -> str:
    with pytest.raises(ValueError) as info:
        overridden(values)
    return str(info.value)


@pytest.mark.parametrize("name", FIELDS)
def test_every_capability_is_documented_and_takes_its_own_default(name: str) -> None:
    one = FIELDS[name]
    assert one.doc.endswith(".") and one.name == name
    assert not one.choices or one.default in one.choices or one.type in ("dict", "list")
    option = {"list": list, "dict": dict}.get(one.type, lambda value: value)(one.default)
    found = overridden({name: option})
    assert found.get(name) == one.default == Capabilities().get(name)
    assert (found.source(name), Capabilities().source(name)) == ("option capabilities", "assumed")


@pytest.mark.parametrize(
    "name, value, found",
    [
        ("patch", False, False),
        ("patch", "no", False),
        ("patch", "True", True),
        ("members_per_patch", "100", 100),
        ("members_per_patch", 1, 1),
        ("member_remove", "list", "list"),
        ("unsaved", ["nickName"], ("nickName",)),
        ("fixed", [], ()),
        ("filter_length", 200, 200),
        ("rewrite", {"Group.displayName": "slug"}, (("Group.displayName", "slug"),)),
    ],
)
def test_values(name: str, value: Any, found: Any) -> None:
    assert overridden({name: value}).get(name) == found


def test_b14_unknown_capability_is_an_error() -> None:
    assert (
        sentence({"patches": True})
        == f"unknown capability 'patches'; known are: {', '.join(sorted(FIELDS))}"
    )


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("patch", "maybe", "capability 'patch' must be true or false, not 'maybe'"),
        ("patch", None, "capability 'patch' must be true or false, not 'None'"),
        ("patch", 1, "capability 'patch' must be true or false, not '1'"),
        ("page_size", 0, "capability 'page_size' must be a whole number of 1 or more, not '0'"),
        (
            "page_size",
            True,
            "capability 'page_size' must be a whole number of 1 or more, not 'True'",
        ),
        ("page_size", "-5", "capability 'page_size' must be a whole number of 1 or more, not '-5'"),
        ("page_size", 2.5, "capability 'page_size' must be a whole number of 1 or more, not '2.5'"),
        (
            "filter_length",
            199,
            "capability 'filter_length' must be a whole number of 200 or more, not '199'",
        ),
        (
            "member_remove",
            "both",
            "capability 'member_remove' must be one of filter, list, wrapped, not 'both'",
        ),
        (
            "unsaved",
            "nickName",
            "capability 'unsaved' must be a list of SCIM paths, not 'nickName'",
        ),
        ("unsaved", [1], "capability 'unsaved' must be a list of SCIM paths, not '[1]'"),
    ],
)
def test_b14_wrong_values(name: str, value: Any, said: str) -> None:
    assert sentence({name: value}) == said


def test_learnt_capability_names_its_source() -> None:
    found = Capabilities().learn("answer to PATCH /Groups: 501", patch=False)
    assert found.get("patch") is False and found.source("patch") == "answer to PATCH /Groups: 501"
    assert found.learn("later", patch=True).get("patch") is True


def test_option_is_never_overridden() -> None:
    found = overridden({"patch": True}).learn(
        "answer to PATCH /Groups: 501", patch=False, put=False
    )
    assert found.get("patch") is True and found.source("patch") == "option capabilities"
    assert found.get("put") is False


def test_learning_changes_no_other_service() -> None:
    one = overridden({"page_size": 5})
    one.learn("x", patch=False)
    assert one.get("patch") is True


def test_values_are_attributes_of_their_own_types() -> None:
    found = overridden({"filter_clauses": "5", "unsaved": ["nickName"], "paging": "none"})
    clauses: int = found.filter_clauses
    unsaved: tuple[str, ...] = found.unsaved
    assert (clauses, unsaved, found.paging, found.patch) == (5, ("nickName",), "none", True)
    assert all(getattr(found, name) == found.get(name) for name in FIELDS)
    with pytest.raises(KeyError):
        found.get("patches")


def test_choices_are_those_of_the_type() -> None:
    assert FIELDS["put_mode"].choices == ("replace", "merge")
    assert FIELDS["filter_length"].least == 200 and FIELDS["unsaved"].type == "list"
    assert not FIELDS["patch"].choices


@pytest.mark.parametrize("rank", Rank)
@pytest.mark.parametrize("known", Rank)
def test_higher_rank_wins_and_of_equal_ranks_the_newer(known: Rank, rank: Rank) -> None:
    found = Capabilities().learn("first", rank=known, page_size=10)
    later = found.learn("second", rank=rank, page_size=20)
    if rank < known:
        assert later == found
    else:
        assert (later.page_size, later.source("page_size")) == (20, "second")
        assert later.rank("page_size") is rank


def test_announcement_does_not_undo_what_a_refusal_taught() -> None:
    found = Capabilities().learn("answer to PATCH /Users: 501", patch=False)
    found = found.learn("ServiceProviderConfig", rank=Rank.ANNOUNCED, patch=True, page_size=50)
    assert found.patch is False and found.source("patch") == "answer to PATCH /Users: 501"
    assert (found.page_size, found.rank("page_size")) == (50, Rank.ANNOUNCED)
    assert found.learn("answer to count=50: 400", page_size=10).page_size == 10


def test_only_the_option_sets_for_good() -> None:
    found = overridden({"put": False}).learn("answer to PATCH: 501", patch=False)
    assert found.set_by_option("put")
    assert not found.set_by_option("patch") and not found.set_by_option("filters")
    with pytest.raises(KeyError):
        found.learn("x", patches=True)


def test_e6_option_may_set_a_capability_for_each_resource_type() -> None:
    found = overridden({"patch": {"users": True, "Group": "no", "Devices": False}})
    assert (found.of("User").patch, found.of("Group").patch) == (True, False)
    assert not found.of("devices").patch and found.of("Roles").patch and found.patch
    assert found.of("Group").set_by_option("patch")
    assert found.of("Roles").source("patch") == "assumed"


@pytest.mark.parametrize(
    "values, said",
    [
        (
            {"patch": {"users": 1}},
            "capability 'patch' must be true or false, not '1'",
        ),
        (
            {"patch": {1: True}},
            "capability 'patch' must be set by resource type, for example {users: true, "
            "groups: false}, not '{1: True}'",
        ),
        (
            {"create_members": {"groups": True}},
            "capability 'create_members' must be true, false or a number for all resource types, "
            "not '{'groups': True}'",
        ),
    ],
)
def test_e6_wrong_values_by_resource_type(values: dict[str, Any], said: str) -> None:
    assert sentence(values) == said


def test_e6_lesson_of_one_type_is_none_of_another() -> None:
    found = Capabilities().learn("answer to PATCH /Users: 501", kind="User", patch=False)
    assert not found.of("User").patch and found.of("Group").patch and found.patch
    assert found.of("User").source("patch") == "answer to PATCH /Users: 501"


def test_e6_value_of_a_type_gives_way_to_a_general_one_of_higher_rank() -> None:
    found = overridden({"patch": True}).learn("answer", kind="User", patch=False)
    assert found.of("User").patch
    found = Capabilities().learn("ServiceProviderConfig", rank=Rank.ANNOUNCED, patch=False)
    assert found.learn("answer", kind="User", patch=True).of("User").patch


def test_e6_lists_name_the_type_before_the_path() -> None:
    found = overridden({"unsaved": ["User.nickName", "title", "Group.name.x", "name.given"]})
    assert found.listed("unsaved", "User") == ("nickName", "title", "Group.name.x", "name.given")
    assert found.listed("unsaved", "Group") == ("User.nickName", "title", "name.x", "name.given")
    assert overridden({"unsaved": ["users.title"]}).listed("unsaved", "User") == ("title",)


def test_e1_learnt_unsaved_paths_join_those_of_the_option() -> None:
    found = overridden({"unsaved": ["User.nickName"]})
    found = found.learn("an answer", kind="User", unsaved=("title",))
    again = found.learn("an answer", kind="User", unsaved=("title",))
    assert again == found
    assert found.unsaved == ("User.nickName", "User.title")
    assert found.source("unsaved") == "option capabilities, an answer"


def test_e6_shown_values_name_the_types_that_differ() -> None:
    found = Capabilities().learn("an answer", kind="User", patch=False)
    other = {"User": {"value": False, "source": "an answer"}}
    assert found.shown("patch") == {"value": True, "source": "assumed", "types": other}
    assert found.shown("put") == {"value": True, "source": "assumed"}


def test_learning_what_is_known_already_is_a_change_of_source_only() -> None:
    found = overridden({"patch": True})
    assert found.learn("answer", patch=False) == found
    assert Capabilities().learn("answer", patch=True) != Capabilities()


@pytest.mark.parametrize(
    "value, said",
    [
        ("opaque", "opaque"),
        (["displayName"], "['displayName']"),
        ({"display name": "slug"}, "display name"),
        ({1: "slug"}, "1"),
        ({"displayName": "upper"}, "displayName: upper"),
        ({"displayName": None}, "displayName: None"),
    ],
)
def test_a_rewriting_is_a_dictionary_of_paths(value: Any, said: str) -> None:
    wanted = "a dictionary of SCIM paths, each with one of opaque, slug, lower, e164"
    expected = f"capability 'rewrite' must be {wanted}, not '{said}'"
    assert sentence({"rewrite": value}) == expected


def test_rewritings_hold_for_one_resource_type_or_for_all() -> None:
    found = overridden({"rewrite": {"Group.displayName": "slug", "name.Formatted": "opaque"}})
    assert found.forms("Group") == {"displayname": "slug", "name.formatted": "opaque"}
    assert found.forms("User") == {"group.displayname": "slug", "name.formatted": "opaque"}
    assert found.shown("rewrite")["value"] == {
        "Group.displayName": "slug",
        "name.Formatted": "opaque",
    }


def test_an_answer_is_worked_out_once_for_each_value() -> None:
    asked: list[str] = []
    known = overridden({"unsaved": ["User.nickName"]})
    for one in (known, known, known.learn("answer", kind="User", patch=False)):
        one.once("any", lambda: asked.append("any"))
        paths = one.of("User").listed("unsaved", "User")
        assert paths == ("nickName",) and one.of("User") is one.of("User")
    assert len(asked) == 2 and known == overridden({"unsaved": ["User.nickName"]})
    assert (
        known.of("User").patch and not known.learn("x", kind="User", patch=False).of("User").patch
    )
