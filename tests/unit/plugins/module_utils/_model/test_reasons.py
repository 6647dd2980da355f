# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where services say why they refuse, in the forms of their frameworks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.reasons import (
    reason_of,
    scim_type_of,
    without_markup,
)

NO = "may not be blank"
BODIES: list[tuple[Any, str]] = [
    ({"detail": NO, "scimType": "invalidValue", "status": "400"}, NO),
    ({"Detail": NO}, NO),
    ({"detail": [NO]}, NO),
    ({"details": NO}, NO),
    ({"type": "https://x/y", "title": "Bad Request", "status": 400, "detail": NO}, NO),
    ({"type": "about:blank", "title": "Not allowed here", "status": 403}, "Not allowed here"),
    ({"error": "invalid_request", "error_description": NO}, NO),
    ({"error": "invalid_client"}, "invalid_client"),
    ({"error": NO}, NO),
    ({"error": {"message": NO, "code": 400, "status": "INVALID_ARGUMENT"}}, NO),
    (
        {"error": {"message": "Bad", "details": [{"target": "userName", "message": NO}]}},
        f"userName: {NO}; Bad",
    ),
    ({"error": {"code": 400, "errors": [{"message": NO}, {"message": "no"}]}}, f"{NO}; no"),
    ({"errors": [{"message": NO}]}, NO),
    ({"errors": [{"detail": NO, "source": {"pointer": "/data/attributes/title"}}]}, f"title: {NO}"),
    ({"errors": [NO, "no"]}, f"{NO}; no"),
    ({"errors": {"userName": [NO]}}, f"userName: {NO}"),
    ({"errors": {"title": {"message": NO, "kind": "required"}}}, f"title: {NO}"),
    ({"Errors": {"description": NO, "code": 400}}, NO),
    ({"Errors": [{"code": "X1", "description": NO}]}, NO),
    ({"userName": [f"This field {NO}."]}, f"userName: This field {NO}."),
    ({"userName": [NO], "title": ["too long"]}, f"userName: {NO}; title: too long"),
    ({"emails": [{"value": [NO]}]}, f"emails.value: {NO}"),
    ({"userName": {"message": NO}}, f"userName: {NO}"),
    ({"name": {"familyName": [NO]}}, f"name.familyName: {NO}"),
    ({"non_field_errors": [NO]}, NO),
    ({"detail": [{"loc": ["body", "userName"], "msg": NO, "type": "missing"}]}, f"userName: {NO}"),
    ({"title": "One or more", "errors": {"UserName": [NO]}}, f"UserName: {NO}"),
    ({"modelState": {"model.UserName": [NO]}}, f"model.UserName: {NO}"),
    (
        {"message": "Validation failed", "fieldErrors": [{"field": "title", "reason": NO}]},
        f"Validation failed; title: {NO}",
    ),
    ({"invalid-params": [{"name": "title", "reason": NO}], "title": "Bad"}, f"title: {NO}"),
    ({"fault": {"faultstring": NO, "detail": {"errorcode": "a.b"}}}, NO),
    ({"ok": False, "error": "missing_scope", "needed": "admin"}, "missing_scope; needed: admin"),
    (
        {"errors": [{"param": "userName", "msg": NO, "location": "body"}]},
        f"userName: {NO}",
    ),
    (
        {"reason": "fieldValidationFailed", "fieldList": [{"name": "title", "message": NO}]},
        f"fieldValidationFailed; title: {NO}",
    ),
    ({"meta": {"error": NO}}, NO),
    ({"id": "u2", "userName": "ann", "title": "x"}, ""),
    ([{"id": "u2", "displayName": "ann", "emails": [{"value": "a@x.org"}]}], ""),
    ({"totalResults": 1, "Resources": [{"id": "u2", "userName": "ann"}]}, ""),
    ({"data": {"totalResults": 1, "Resources": [{"id": "u2", "userName": "ann"}]}}, ""),
    ({"totalResults": 0, "Resources": [], "detail": NO}, NO),
    ({"scimError": {"detail": NO, "scimType": "uniqueness"}}, NO),
    ({"response": {"body": {"error": {"message": NO}}}}, NO),
    ({"message": json.dumps({"error": {"message": NO}})}, NO),
    ({"message": json.dumps([{"detail": json.dumps({"msg": NO})}])}, NO),
    ([{"message": NO}], NO),
    ({"code": "quota_exceeded"}, "quota_exceeded"),
    ({"code": 1234}, "code 1234"),
    ({"status": "ok"}, ""),
    ({"error": {"code": "E42"}}, "E42"),
    ({"error": {"code": 400, "status": "error"}}, ""),
    ({"type": "https://x/out-of-credit", "status": 403}, "https://x/out-of-credit"),
    ({"errors": [{"code": "TOO_LONG", "field": "title"}]}, "title: TOO_LONG"),
    ({"errors": {"title": [{"code": "max_length"}]}, "message": NO}, f"{NO}; title: max_length"),
    ({"data": {"title": NO}}, f"title: {NO}"),
    ({"data": {"title": [NO], "code": 1}}, f"title: {NO}"),
    ({"data": {"title": NO, "status": 400}}, NO),
    ({"data": {"errors": {"title": NO}}}, f"title: {NO}"),
    ({"response": {"body": {"fields": {"title": NO}}}}, f"title: {NO}"),
    ({"errors": {"title": NO}}, f"title: {NO}"),
    ({"errors": {"locale": NO, "name": NO}}, f"locale: {NO}; name: {NO}"),
    ({"error": {"title": [NO]}}, f"title: {NO}"),
    ({"errors": [{"title": NO}]}, NO),
    ({"errors": [{"title": NO, "source": {"pointer": "/data/attributes/title"}}]}, f"title: {NO}"),
    ({"violations": [{"propertyPath": "title", "message": NO}]}, f"title: {NO}"),
    ({"fields": [{"name": "title", "error": NO}]}, f"title: {NO}"),
    ({"errors": [{"key": "title", "value": NO}]}, f"title: {NO}"),
    ({"errors": {"name": ["x y"]}}, "name: x y"),
    ({"schemas": ["urn:x"], "status": "400", "requestId": "a-b-c"}, ""),
    (
        {"status": 500, "error": "Internal Server Error", "path": "/scim/Users", "message": ""},
        "Internal Server Error",
    ),
    (
        {"message": f"<html><body><h1>Error</h1><p>{NO}</p><script>x()</script></body></html>"},
        f"Error {NO}",
    ),
    ({"detail": f"a &lt;b&gt; \x1b[2J\n {NO}"}, f"a <b> \x1b[2J {NO}"),
    ({"detail": "must be < 100 and > 5"}, "must be < 100 and > 5"),
    ({"a": {"b": {"c": {"d": [{"e": {"message": NO}}]}}}}, NO),
]


@pytest.mark.parametrize(("body", "said"), BODIES)
def test_w1_the_reason_is_found_in_any_form(body: Any, said: str) -> None:
    assert reason_of(body) == said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"status": {"code": 400, "message": NO}}, NO),
        ({"title": "Bad Request", "status": {"message": NO}}, NO),
        ({"meta": {"code": 7, "description": NO}, "data": None}, NO),
        ({"meta": {"requestId": "r1", "links": {"self": "https://x.example"}}}, ""),
        ({"errorSummary": NO, "errorCauses": []}, NO),
        ({"errorSummary": "Bad", "errorCauses": [{"errorSummary": NO}]}, f"Bad; {NO}"),
    ],
)
def test_w1_the_reason_is_found_below_names_that_say_nothing(body: Any, said: str) -> None:
    assert reason_of(body) == said


def test_w1_a_reason_that_names_its_attribute_is_not_told_twice() -> None:
    assert reason_of({"userName": ["userName is taken"]}) == "userName is taken"
    assert reason_of({"message": NO, "errors": [{"message": NO}]}) == NO


@pytest.mark.parametrize(
    "body",
    [
        {"scimType": "uniqueness"},
        {"detail": "x", "SCIMTYPE": "uniqueness"},
        {"errors": [{"scimType": "uniqueness"}]},
        {"error": {"scim_type": "uniqueness"}},
        {"message": json.dumps({"scimType": "uniqueness"})},
        [{"scimType": 3}, {"scimType": "uniqueness"}],
    ],
)
def test_w1_the_scim_type_is_found_at_any_depth(body: Any) -> None:
    assert scim_type_of(body) == "uniqueness"


def test_w1_the_outermost_scim_type_counts() -> None:
    assert scim_type_of({"errors": [{"scimType": "noTarget"}], "scimType": "mutability"}) == (
        "mutability"
    )
    assert scim_type_of({"detail": "x"}) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=25,
)


@given(JSON)
def test_w1_any_json_has_a_reason_or_none(body: Any) -> None:
    said = reason_of(body)
    assert isinstance(said, str) and isinstance(scim_type_of(body), str)


@given(
    st.lists(st.sampled_from(["errors", "detail", "message", "x", "error", "userName"]), max_size=7)
)
def test_w1_a_reason_is_found_below_any_names(names: list[str]) -> None:
    body: Any = {"message": NO}
    for name in names:
        body = {name: [body]} if len(name) % 2 else {name: body}
    assert NO in reason_of(body)


def test_w1_a_huge_body_ends_soon() -> None:
    body: Any = ["no"] * 100_000
    for _level in range(50):
        body = [body] * 2
    assert len(reason_of({"errors": body})) < 2000
    assert len(without_markup("<a " * 100_000)) > 0


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": {"code": "Bad", "message": {"lang": "en", "value": "no title"}}}, "no title"),
        ({"Fault": {"Reason": {"Text": "no title"}}}, "no title"),
        ({"message": {"#text": "no title", "@lang": "en"}}, "no title"),
        ({"reason": {"$": "no title"}}, "no title"),
        ({"detail": {"title": "too long"}}, "title: too long"),
        ({"messages": {"value": ["too long"]}}, "value: too long"),
    ],
)
def test_w1_a_text_with_its_language_beside_it_is_the_reason(body: Any, reason: str) -> None:
    assert reason_of(body) == reason
