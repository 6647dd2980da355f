# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""D7, N2: what answers say about writes that may not have been done."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._protocol.refusals import (
    names_a_change,
    names_a_duplicate,
    names_a_media_type,
    says_error,
    texts_of,
    what_it_says,
)

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@pytest.mark.parametrize(
    "text",
    [
        "User with username 'pam' already exists",
        "displayName must be unique",
        "UNIQUE constraint failed: auth_user.username",
        "duplicate key value violates unique constraint",
        "The user name is taken",
        "That e-mail is in use",
        "value is not unique",
        "userName conflict",
        "conflicts with another user",
        "Group 'version-control' already exists",
        "duplicate key in this transaction",
    ],
)
def test_a_duplicate_is_named_in_many_words(text: str) -> None:
    assert names_a_duplicate("invalidValue", text)


@pytest.mark.parametrize(
    "text", ["The manager does not exist", "Unknown attribute", "title is too long", ""]
)
def test_other_refusals_name_no_duplicate(text: str) -> None:
    assert not names_a_duplicate("invalidValue", text)
    assert names_a_duplicate("uniqueness", text)


@pytest.mark.parametrize(
    "text",
    [
        "version conflict",
        "Conflict: the ETag does not match",
        "precondition failed: an existing revision is newer",
        "A newer version already exists",
        "the resource has already been modified",
        "It was changed by another administrator",
        "optimistic lock failed",
        "another request conflicts with this one",
        "the user is being provisioned",
        "stale data",
        "not allowed in the current state",
        "conflict with the status of the account, try again",
    ],
)
def test_n5_a_conflict_of_versions_or_states_is_no_duplicate(text: str) -> None:
    assert not names_a_duplicate("", text) and names_a_change("", text)
    assert names_a_duplicate("uniqueness", text) and not names_a_change("uniqueness", text)


@pytest.mark.parametrize("text", ["Conflict", "409 Conflict", "", "no", "title is too long"])
def test_n5_a_bare_conflict_is_neither(text: str) -> None:
    assert not names_a_duplicate("", text) and not names_a_change("", text)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"schemas": [ERROR], "status": "409"}, True),
        ({"Schemas": ERROR.upper()}, True),
        ({"status": 400, "detail": "no"}, True),
        ({"scimType": "uniqueness"}, True),
        ({"success": False, "message": "quota"}, True),
        ({"ok": "false"}, True),
        ({"errors": [{"message": "quota"}]}, True),
        ({"error": {"code": "quota"}}, True),
        ({"error": "quota", "id": "request-1"}, True),
        ({"jsonrpc": "2.0", "id": 1, "error": {"code": -3, "message": "quota"}}, True),
        ({"status": "error", "data": None}, True),
        ({"result": "FAILED"}, True),
        ({"statusCode": 422, "message": "quota"}, True),
        ({"error_code": "E1"}, True),
        ({"hasErrors": True}, True),
        ({"fault": {"faultstring": "no"}}, True),
        ({"response": {"body": {"success": False}}}, True),
        ([{"error": "quota"}], True),
        ({"id": "u1", "schemas": [ERROR], "status": "500"}, True),
        ({"success": True, "errors": [], "error": None}, False),
        ({"success": True, "message": "created"}, False),
        ({"message": "quota"}, False),
        ({"code": 0, "status": "ok"}, False),
        ({"code": 200}, False),
        ({"schemas": ["urn:x:Printer"], "status": "error", "errors": ["paper"]}, False),
        ({"id": "p1", "status": "error", "name": "printer"}, False),
        ({"id": "p1", "errors": ["paper"], "name": "printer"}, False),
        ({"userName": "ann", "state": "failed"}, False),
        ({"totalResults": 0, "errors": ["a"]}, False),
        ({"data": {"id": "u1", "userName": "ann"}}, False),
        ({"name": {"givenName": "Error"}}, False),
        ([], False),
        ({"id": "u1", "status": "500"}, False),
        ({"status": True}, False),
        ({"status": "active"}, False),
        ({"status": {}}, False),
        (["no"], False),
        (None, False),
    ],
)
def test_an_error_is_known_whatever_its_status(body: Any, expected: bool) -> None:
    assert says_error(body) is expected


def test_texts_are_found_at_any_depth() -> None:
    body = {"errors": [{"source": {"pointer": "a"}, "title": "b"}], "code": 4, "text": "c"}
    assert sorted(texts_of(body)) == ["a", "b", "c"]
    assert not list(texts_of(body, depth=0))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"success": False, "message": "quota"}, "quota"),
        ({"message": "created"}, "created"),
        ({"id": "u1", "schemas": ["urn:x"], "message": "hello"}, ""),
        ({"userName": "ann", "title": "x"}, ""),
        ({"Resources": [], "detail": "x"}, ""),
        (None, ""),
        ("text", ""),
    ],
)
def test_n2_what_is_no_resource_is_read_for_what_it_says(body: Any, said: str) -> None:
    assert what_it_says(body) == said


@pytest.mark.parametrize(
    "schemas, expected",
    [
        ([ERROR], True),
        ([ERROR.upper()], True),
        (["urn:ietf:params:scim:schemas:core:2.0:User"], False),
        (["urn:ietf:params:scim:schemas:core:2.0:User", ERROR], True),
        ([1, None], True),
        ("urn:ietf:params:scim:schemas:core:2.0:User", False),
        (ERROR, True),
    ],
)
def test_the_schemas_of_a_body_decide_before_its_other_names(schemas: Any, expected: bool) -> None:
    body = {"schemas": schemas, "errors": ["it failed"], "detail": "no"}
    assert says_error(body) is expected
    assert bool(what_it_says(body)) is expected
    assert says_error({"Schemas": schemas, "errors": ["it failed"]}) is expected


@pytest.mark.parametrize(
    ("status", "body", "is_media"),
    [
        (415, None, True),
        (406, ["", None], True),
        (400, {"detail": "Unsupported media type"}, True),
        (400, ["Content-Type is wrong", None], True),
        (400, {"errors": ["send application/json"]}, True),
        (400, {"detail": "title is wrong"}, False),
        (404, {"detail": "Unsupported media type"}, False),
    ],
)
def test_e12_a_refusal_of_a_media_type(status: int, body: Any, is_media: bool) -> None:
    assert names_a_media_type(status, body) is is_media
