# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written wrongly is named, all of it, in a sentence that says what to write instead; before any request."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._ansible.directory import wishes_of
from ansible_collections.identity.scim.plugins.module_utils._ansible.resources import (
    group_wish,
    team_wish,
    user_wish,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import ENTERPRISE_URN
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Reference

EMPTY = "is an empty string; leave it out to keep what is there, or name it in clear to remove it"
REFERENCE = "must have exactly one of id, user_name, external_id, email, group, not"
URN = "urn:example:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


def user_faults(**params: Any) -> list[str]:
    with pytest.raises(ScimError) as info:
        user_wish({"user_name": "pam", **params})
    return str(info.value).split(" | ")


def group_faults(**params: Any) -> list[str]:
    with pytest.raises(ScimError) as info:
        group_wish({"display_name": "Sales", **params})
    return str(info.value).split(" | ")


def team_faults(**params: Any) -> list[str]:
    with pytest.raises(ScimError) as info:
        team_wish({"name": "Sales", **params}, "teams[0]", exact=True)
    return str(info.value).split(" | ")


@pytest.mark.parametrize(
    "params, said",
    [
        ({"title": ""}, f"title {EMPTY}"),
        ({"title": " \t"}, f"title {EMPTY}"),
        (
            {"user_name": ""},
            "user_name is an empty string; every user must have one, so leave it out to keep what is there",
        ),
        ({"id": " "}, "id is an empty string; leave it out"),
        ({"external_id": ""}, f"external_id {EMPTY}"),
        ({"name": {"given_name": ""}}, f"name.given_name {EMPTY}"),
        ({"enterprise": {"department": ""}}, f"enterprise.department {EMPTY}"),
        ({"password": ""}, f"password {EMPTY}"),
        ({"emails": [{"value": "", "type": "work"}]}, f"emails[0].value {EMPTY}"),
        (
            {"addresses": [{"postal_code": "", "locality": "Scranton"}]},
            f"addresses[0].postal_code {EMPTY}",
        ),
        ({"attributes": {URN: {"floor": ""}}}, f"attributes.{URN}:floor {EMPTY}"),
        ({"user_name": "a\nb"}, "user_name holds a control character"),
        ({"user_name": "a\x00b"}, "user_name holds a control character"),
        ({"external_id": "a\x7fb"}, "external_id holds a control character"),
        ({"user_name": "a\ud800"}, "user_name holds half of a surrogate pair, which is not text"),
        ({"title": "a\ud800"}, "title holds half of a surrogate pair, which is not text"),
        (
            {"user_name": "x" * 10_000},
            "user_name is 10000 characters long; at most 1000 make sense",
        ),
    ],
)
def test_b10_text_that_is_none(params: dict[str, Any], said: str) -> None:
    assert user_faults(**params) == [said]


@pytest.mark.parametrize(
    "params, said",
    [
        (
            {"emails": [{"value": "a@b", "primary": True}, {"value": "c@d", "primary": True}]},
            "emails states 2 primary entries; at most one can be",
        ),
        (
            {"emails": [{"value": "pam", "type": "work"}]},
            "emails[0].value 'pam' is no e-mail address",
        ),
        (
            {"emails": [{"value": "a@b", "type": "work"}, {"value": "a@b", "type": "Work"}]},
            "emails[1] states the same type and value as an entry before it",
        ),
        (
            {"phone_numbers": [{"type": "work", "primary": True}]},
            "phone_numbers[0] states no value",
        ),
        ({"addresses": [{"type": "work"}]}, "addresses[0] states no value"),
    ],
)
def test_b11_entries(params: dict[str, Any], said: str) -> None:
    assert user_faults(**params) == [said]


@pytest.mark.parametrize(
    "params, said",
    [
        (
            {"attributes": {"userName": "x"}},
            "attributes names userName, which has an option of its own: user_name",
        ),
        (
            {"attributes": {"USERNAME": "x"}},
            "attributes names USERNAME, which has an option of its own: user_name",
        ),
        (
            {"attributes": {"emails": []}},
            "attributes names emails, which has an option of its own: emails",
        ),
        (
            {"attributes": {ENTERPRISE_URN: {"department": "x"}}},
            f"attributes names {ENTERPRISE_URN}:department, which has an option of its own: enterprise.department",
        ),
        ({"attributes": {ENTERPRISE_URN.lower(): {"Manager": {"value": "1"}}}}, None),
        (
            {"attributes": {"password": "hunter2"}},
            "attributes names password, which is secret; state it as password or in secret_attributes",
        ),
        (
            {"attributes": {"PassWord": "hunter2"}},
            "attributes names PassWord, which is secret; state it as password or in secret_attributes",
        ),
        (
            {"attributes": {URN: {"password": "hunter2"}}},
            f"attributes names {URN}:password, which is secret; state it in secret_attributes",
        ),
        ({"attributes": {"id": "1"}}, "attributes names id, which is read-only here"),
        ({"attributes": {"Meta": {}}}, "attributes names Meta, which is read-only here"),
        (
            {"attributes": {"groups": []}},
            "attributes names groups, which is read-only here; state the option groups",
        ),
        ({"attributes": {"schemas": []}}, "attributes names schemas, which is read-only here"),
        (
            {"secret_attributes": {"userName": "x"}},
            "secret_attributes names userName, which has an option of its own: user_name",
        ),
        (
            {"attributes": {URN: {"pin": 1}}, "secret_attributes": {URN: {"pin": 2}}},
            f"secret_attributes names {URN}:pin, which attributes names too",
        ),
        (
            {"attributes": {CORE: {"title": "x"}}},
            f"attributes names {CORE}:title, which has an option of its own: title",
        ),
        (
            {"attributes": {CORE.lower(): {"TITLE": "x"}}},
            f"attributes names {CORE.lower()}:TITLE, which has an option of its own: title",
        ),
        (
            {"attributes": {f"{CORE}:title": "x"}},
            f"attributes names {CORE}:title, which has an option of its own: title",
        ),
        (
            {"attributes": {f"{ENTERPRISE_URN}:manager": {"value": "1"}}},
            f"attributes names {ENTERPRISE_URN}:manager, which has an option of its own: enterprise.manager",
        ),
        (
            {"attributes": {"name.givenName": "x"}},
            "attributes names name.givenName, which has an option of its own: name.given_name",
        ),
        (
            {"attributes": {"emails.value": "x"}},
            "attributes names emails.value, which has an option of its own: emails",
        ),
        (
            {"attributes": {f"{CORE}:name.GIVENNAME": "x"}},
            f"attributes names {CORE}:name.GIVENNAME, which has an option of its own: name.given_name",
        ),
        (
            {"attributes": {CORE: {"password": "hunter2"}}},
            f"attributes names {CORE}:password, which is secret; state it as password or in secret_attributes",
        ),
        (
            {"attributes": {f"{CORE}:Password": "hunter2"}},
            f"attributes names {CORE}:Password, which is secret; state it as password or in secret_attributes",
        ),
        (
            {"attributes": {"vpn": {"password": "hunter2"}}},
            "attributes names vpn, which is secret; state it in secret_attributes",
        ),
        (
            {"attributes": {"vpn.password": "hunter2"}},
            "attributes names vpn.password, which is secret; state it in secret_attributes",
        ),
        (
            {"attributes": {URN: {"vpn": [{"password": "hunter2"}]}}},
            f"attributes names {URN}:vpn, which is secret; state it in secret_attributes",
        ),
        (
            {"attributes": {CORE: {"groups": []}}},
            f"attributes names {CORE}:groups, which is read-only here; state the option groups",
        ),
        (
            {"attributes": {f"{CORE}:id": "1"}},
            f"attributes names {CORE}:id, which is read-only here",
        ),
        (
            {"secret_attributes": {CORE: {"title": "x"}}},
            f"secret_attributes names {CORE}:title, which has an option of its own: title",
        ),
        (
            {"password": "hunter2", "secret_attributes": {"password": "hunter3"}},
            "secret_attributes names password, which is stated too",
        ),
        (
            {"attributes": {"COSTCODE": 1, "costCode": 2}},
            "attributes names costCode, which it names twice",
        ),
        (
            {"attributes": {"costCode": 1, f"{CORE}:costCode": 2}},
            "attributes names costCode, which it names twice",
        ),
        (
            {"attributes": {"badge": {"a": 1}, "badge.A": 2}},
            "attributes names badge.A, which it names twice",
        ),
        (
            {"attributes": {"badge": "x", "badge.a": 2}},
            "attributes names badge.a, which it names twice",
        ),
        (
            {"attributes": {URN: {"pin": 1}, f"{URN.upper()}:pin": 2}},
            f"attributes names {URN.upper()}:pin, which it names twice",
        ),
    ],
)
def test_b20_raw_attributes(params: dict[str, Any], said: str | None) -> None:
    found = user_faults(**params)
    assert len(found) == 1 and (said is None or found == [said])
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    "params, said",
    [
        (
            {"clear": ["titel"]},
            "clear names titel, which is no option of a user; did you mean title?",
        ),
        (
            {"clear": ["name.middel_name"]},
            "clear names name.middel_name, which is no option of a user; did you mean name.middle_name?",
        ),
        (
            {"clear": ["enterprise.boss"]},
            "clear names enterprise.boss, which is no option of a user",
        ),
        ({"clear": ["user_name"]}, "clear names user_name, which every user must have"),
        ({"clear": ["title"], "title": "x"}, "clear names title, which is stated too"),
        (
            {"create_only": ["local"]},
            "create_only names local, which is no option of a user; did you mean locale?",
        ),
        ({"state": "inactive", "active": True}, "active is true while state is inactive"),
        ({"clear": ["id"]}, "clear names id, which only the service writes"),
        ({"clear": ["Meta"]}, "clear names Meta, which only the service writes"),
        ({"clear": [f"{CORE}:id"]}, f"clear names {CORE}:id, which only the service writes"),
        (
            {"clear": ["password"]},
            "clear names password, which is not read back, so nothing tells whether it is there; state another one instead",
        ),
        ({"clear": [f"{URN}:password"]}, f"clear names {URN}:password, which is not read back"),
        (
            {"clear": ["groups"]},
            "clear names groups, which is no attribute of the user; state groups: {set: []} to leave them all",
        ),
        ({"clear": [CORE]}, f"clear names {CORE}, which is all of a user; name attributes of it"),
        ({"clear": [f"{CORE}:userName"]}, "clear names user_name, which every user must have"),
        ({"clear": [f"{CORE}:Title"], "title": "x"}, "clear names title, which is stated too"),
        (
            {"clear": [f"{CORE}:emails.value"]},
            f"clear names {CORE}:emails.value, which is a part of entries; state the entries that are to be there",
        ),
        (
            {"clear": [f"{URN}:PIN"], "secret_attributes": {URN: {"pin": 1}}},
            f"clear names {URN}:PIN, which is stated too",
        ),
        (
            {"clear": [URN], "secret_attributes": {URN: {"pin": 1}}},
            f"clear names {URN}, and with it {URN}:pin, which is not stated anew in every run; name the other parts of it one by one",
        ),
        (
            {"clear": ["name"], "name": {"given_name": "P"}, "create_only": ["name.given_name"]},
            "clear names name, and with it name.givenName, which is not",
        ),
        (
            {"clear": ["costCode"]},
            "clear names costCode, which is no option of a user; an attribute without an option is named by the URN of its schema, "
            f"for example {CORE}:costCode",
        ),
        (
            {"create_only": ["costCode"]},
            "create_only names costCode, which is no option of a user; an attribute without an option",
        ),
    ],
)
def test_names_of_options(params: dict[str, Any], said: str) -> None:
    found = user_faults(**params)
    assert len(found) == 1 and found[0].startswith(said)


def test_names_of_attributes_without_an_option() -> None:
    wish = user_wish(
        {
            "user_name": "pam",
            "attributes": {
                "costCode": 12,
                "badge": {"a": 1, "b": 2},
                URN: {"x": 1, "y": 2},
                f"{CORE}:Shoe": 9,
                f"{URN}:z": [],
            },
            "enterprise": {"department": "d"},
            "create_only": ["costcode", "badge", URN, "enterprise", "name"],
            "clear": [
                f"{CORE}:oldCode",
                f"{CORE}:nickname",
                f"{ENTERPRISE_URN.lower()}:DIVISION",
                f"{URN}:w",
            ],
        }
    )
    assert wish.attributes == {
        "userName": "pam",
        "costCode": 12,
        "badge.a": 1,
        "badge.b": 2,
        f"{URN}:x": 1,
        f"{URN}:y": 2,
        f"{URN}:z": [],
        "Shoe": 9,
        f"{ENTERPRISE_URN}:department": "d",
    }
    assert wish.create_only >= {
        "costCode",
        "badge.a",
        "badge.b",
        f"{URN}:x",
        f"{URN}:y",
        f"{URN}:z",
        f"{ENTERPRISE_URN}:department",
    }
    assert not wish.create_only & {"userName", "Shoe"}
    assert wish.clear == ("oldCode", "nickName", f"{ENTERPRISE_URN}:division", f"{URN}:w")


def test_members_are_not_cleared() -> None:
    assert group_faults(clear=["members"]) == [
        "clear names members, which is no attribute of the group; state members: {set: []} to remove them all"
    ]


@pytest.mark.parametrize("empty", ["", " ", None])
def test_a_previous_name_is_a_name(empty: Any) -> None:
    assert group_faults(previous_names=["Staff", empty]) == [
        "previous_names[1] is empty; it must be a name"
    ]


def test_an_id_is_a_key_whatever_match_by_says() -> None:
    """It can be stated for nothing else, so it must agree with the other keys."""
    assert user_wish({"user_name": "pam", "id": "7", "match_by": ["user_name"]}).keys == (
        ("id", "7"),
        ("userName", "pam"),
    )
    assert user_wish({"user_name": "pam", "id": "7", "match_by": ["user_name", "id"]}).keys == (
        ("userName", "pam"),
        ("id", "7"),
    )


def test_line_breaks_in_a_certificate_do_not_count() -> None:
    wish = user_wish(
        {"user_name": "pam", "x509_certificates": [{"value": "MIID\nQzCC \r\nAqyg\n"}]}
    )
    assert wish.attributes["x509Certificates"] == [{"value": "MIIDQzCCAqyg"}]


def test_clear_with_the_manager_stated() -> None:
    assert user_faults(clear=["enterprise.manager"], enterprise={"manager": "boss"}) == [
        f"clear names {ENTERPRISE_URN}:manager, which is stated too"
    ]


@pytest.mark.parametrize(
    "member, said",
    [
        ({"id": "1", "user_name": "x"}, f"{REFERENCE} id, user_name"),
        ({"username": "x"}, f"{REFERENCE} username"),
        ({}, f"{REFERENCE} none"),
        ({"id": None}, f"{REFERENCE} none"),
        ("", "is an empty string; it must name somebody"),
        ({"user_name": " "}, "is an empty string; it must name somebody"),
        (
            None,
            "must be a string or a dictionary with one of id, user_name, external_id, email, group",
        ),
        (
            True,
            "must be a string or a dictionary with one of id, user_name, external_id, email, group",
        ),
        (
            [],
            "must be a string or a dictionary with one of id, user_name, external_id, email, group",
        ),
        ("a\nb", "holds a control character"),
    ],
)
def test_b15_member_references(member: Any, said: str) -> None:
    assert group_faults(members={"add": ["pam", member]}) == [f"members.add[1] {said}"]


def test_references_of_every_kind() -> None:
    wish = group_wish(
        {
            "display_name": "Sales",
            "members": {
                "set": [
                    "pam",
                    {"user_name": "jim"},
                    {"id": "7"},
                    {"external_id": "x"},
                    {"email": "a@b"},
                    {"group": "Inner"},
                    12345,
                ]
            },
        }
    )
    assert wish.members[0].only == {
        Reference("User", "userName", "pam"),
        Reference("User", "userName", "jim"),
        Reference("User", "id", "7"),
        Reference("User", "externalId", "x"),
        Reference("User", "emails.value", "a@b"),
        Reference("Group", "displayName", "Inner"),
        Reference("User", "userName", "12345"),
    }
    wish = user_wish(
        {
            "user_name": "pam",
            "groups": {"add": ["Sales", {"id": "9"}]},
            "enterprise": {"manager": {"email": "b@c"}},
        }
    )
    assert wish.groups is not None and wish.groups.add == {
        Reference("Group", "displayName", "Sales"),
        Reference("Group", "id", "9"),
    }
    assert wish.links == {
        f"{ENTERPRISE_URN}:manager.value": Reference("User", "emails.value", "b@c")
    }


def test_a_manager_is_no_group() -> None:
    assert user_faults(enterprise={"manager": {"group": "Sales"}}) == [
        "enterprise.manager must have exactly one of id, user_name, external_id, email, not group"
    ]


def test_a_key_to_be_found_by() -> None:
    assert user_faults(user_name=None, title="x") == [
        "user has no key to be found by; state one of id, external_id, user_name"
    ]
    assert user_faults(match_by=["external_id"]) == [
        "match_by has no key to be found by; state one of external_id"
    ]
    assert user_faults(match_by=["email", "external_id"]) == [
        "match_by has no key to be found by; state one of emails, external_id"
    ]


@pytest.mark.parametrize(
    "params, said",
    [
        (
            {"state": "offboarded"},
            "teams[0].members is not stated; an offboarded team lists the people it is about",
        ),
        (
            {"state": "offboarded", "members": []},
            "teams[0].members is empty; an offboarded team lists the people it is about",
        ),
        ({}, "teams[0].members is not stated; a team lists its people"),
        (
            {"name": " ", "members": []},
            "teams[0].name is an empty string; every team must have one",
        ),
        ({"external_id": "", "members": []}, f"teams[0].external_id {EMPTY}"),
        ({"members": [{"user_name": "pam", "title": ""}]}, f"teams[0].members[0].title {EMPTY}"),
        (
            {"members": [], "groups": [""]},
            "teams[0].groups[0] is an empty string; it must name somebody",
        ),
        (
            {"members": [], "groups": [{"user_name": "x"}]},
            "teams[0].groups[0] must have exactly one of id, external_id, display_name, not user_name",
        ),
    ],
)
def test_o8_teams(params: dict[str, Any], said: str) -> None:
    """O8: an offboarded team says whom it is about."""
    assert team_faults(**params) == [said]


def test_all_faults_of_all_rows_at_once() -> None:
    with pytest.raises(ScimError) as info:
        wishes_of(
            {
                "membership": "exact",
                "users": [{"user_name": "pam", "title": ""}, {"user_name": "jim"}, {"title": "x"}],
                "groups": [{"display_name": "Sales", "members": {"add": [""]}}],
                "teams": [{"name": "red"}],
            }
        )
    assert str(info.value).split(" | ") == [
        f"users[0].title {EMPTY}",
        "users[2] has no key to be found by; state one of id, external_id, user_name",
        "groups[0].members.add[0] is an empty string; it must name somebody",
        "teams[0].members is not stated; a team lists its people",
    ]


@pytest.mark.parametrize("params", [{}, {"users": []}, {"users": [], "groups": [], "teams": []}])
def test_o1_an_empty_input(params: dict[str, Any]) -> None:
    """O1: nothing at all is an error."""
    with pytest.raises(ScimError) as info:
        wishes_of({"membership": "exact", **params})
    assert (
        str(info.value)
        == "there is nothing to do: users, groups and teams are empty; state at least one of them"
    )


# what is right


def test_null_says_nothing() -> None:
    options = (
        "title",
        "name",
        "emails",
        "enterprise",
        "groups",
        "clear",
        "attributes",
        "password",
        "active",
        "external_id",
    )
    assert user_wish({"user_name": "pam", **dict.fromkeys(options)}) == user_wish(
        {"user_name": "pam"}
    )
    assert user_wish({"user_name": "pam", "groups": {"set": None, "add": None}}) == user_wish(
        {"user_name": "pam"}
    )
    wish = user_wish(
        {
            "user_name": "pam",
            "name": {"given_name": None},
            "emails": [{"value": "a@b", "type": None, "primary": None}],
        }
    )
    assert wish.attributes == {"userName": "pam", "emails": [{"value": "a@b"}]}


def test_empty_lists_say_something() -> None:
    assert user_wish({"user_name": "pam", "emails": []}).attributes["emails"] == []
    wish = user_wish({"user_name": "pam", "groups": {"set": []}})
    assert wish.groups is not None and wish.groups.only == frozenset()


def test_options_become_scim_paths() -> None:
    wish = user_wish(
        {
            "user_name": "pam",
            "external_id": "x",
            "name": {"given_name": "Pam"},
            "active": False,
            "enterprise": {"cost_center": "7"},
            "phone_numbers": [{"value": "1", "type": "work", "primary": True, "display": "d"}],
            "attributes": {"custom": {"a": 1}, URN: {"f": [1]}},
            "x509_certificates": [{"value": "AAAA"}],
            "clear": ["name.middle_name", "enterprise.manager", f"{URN}:g", "enterprise"],
        }
    )
    assert wish.attributes == {
        "userName": "pam",
        "externalId": "x",
        "name.givenName": "Pam",
        "active": False,
        f"{ENTERPRISE_URN}:costCenter": "7",
        "custom.a": 1,
        f"{URN}:f": [1],
        "phoneNumbers": [{"value": "1", "type": "work", "primary": True, "display": "d"}],
        "x509Certificates": [{"value": "AAAA"}],
    }
    assert wish.clear == (
        "name.middleName",
        f"{ENTERPRISE_URN}:manager",
        f"{URN}:g",
        ENTERPRISE_URN,
    )
    assert wish.keys == (("externalId", "x"), ("userName", "pam"))


def test_secrets_live_apart() -> None:
    wish = user_wish(
        {
            "user_name": "pam",
            "password": "canary",
            "secret_attributes": {URN: {"pin": "canary"}},
            "update_password": "always",
        }
    )
    assert (
        "canary" not in repr(wish)
        and wish.secrets.attributes == {"password": "canary", f"{URN}:pin": "canary"}
        and wish.secrets.always
    )
    assert not user_wish({"user_name": "pam", "update_password": "always"}).secrets.always


def test_o16_a_star_is_a_name_like_any_other() -> None:
    """O16: it is looked for, not matched with."""
    assert user_wish({"user_name": "*", "state": "absent"}).keys == (("userName", "*"),)
