# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of a service is data.

Printed on one line, never templated, never an address; and what it says of itself is never trusted.
"""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._provider.discovery import announced
from ansible_collections.identity.scim.tests.unit.faults.hostile import (
    LONGEST,
    Asked,
    Reply,
    hostile,
    people,
    printable,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

NASTY = {
    "escape sequences": "\x1b[2J\x1b]52;c;cm0=\x07",
    "line ends": "a\r\nfatal: [localhost]: FAILED!\u2028\u2029\x0b\x85",
    "bidi overrides": "\u202egnp.exe\u2066\u2069",
    "a template": "{{ lookup('pipe', 'id') }}{% raw %}",
    "markup": "<script>alert(1)</script>",
    "NUL": "a\x00b",
    "much": "x" * 300_000,
    "lone surrogates": "\ud800",
}
nasty = pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
SAFE = {"max_removals": "none", "members_removed_per_group": "none"}


def refusal(**said: Any) -> Any:
    return lambda asked, honest: (
        honest() if asked.method == "GET" else Reply(400, raw=json.dumps(said).encode())
    )


@nasty
@pytest.mark.parametrize("field", ["detail", "scimType", "message"])
def test_m10_a_refusal_is_one_line_and_short(field: str, text: str) -> None:
    with hostile(people("pam"), refusal(**{field: text})) as service:
        said = run(service, "scim_user", user_name="pam", title="x")
        assert (
            said.failure.startswith("changing user 'pam': the service answered 400")
            and len(said.failure) <= LONGEST
        )
        assert (
            "{{" in text
            and field != "scimType"
            and text in said.failure
            or "{{" not in text
            or field == "scimType"
        )
        run(service, "scim_directory", users=[{"user_name": "pam", "title": "x"}])


@nasty
def test_m10_a_page_of_markup_is_one_line_and_short(text: str) -> None:
    page = f"<html><body>{text}</body></html>".encode("utf-8", "replace")
    with hostile(
        people("pam"),
        lambda asked, honest: (
            honest() if asked.method == "GET" else Reply(400, raw=page, media="text/html")
        ),
    ) as service:
        said = run(service, "scim_user", user_name="pam", title="x")
        assert (
            said.failure.startswith("changing user 'pam': the service answered 400")
            and "<" not in said.failure
            and len(said.failure) < 500
        )


@pytest.mark.parametrize("value", [None, 7, True, [], {}, ["x"], {"x": ["y"]}, [[[]]]])
def test_an_error_of_another_shape(value: Any) -> None:
    with hostile(
        people("pam"), refusal(detail=value, scimType=value, status=value, message=value)
    ) as service:
        said = run(service, "scim_user", user_name="pam", title="x")
        assert said.failure.startswith("changing user 'pam': the service answered 400")


@nasty
def test_m10_m11_names_are_data(text: str) -> None:
    """What a service calls people and groups is kept as it is in results, and is harmless in sentences and diffs."""
    store = people("pam", "jim", title=text, displayName=text)
    store.group("Sales", ["pam", "jim"])
    name = f"n{text}"
    store.held["Users"]["u9"] = {"id": "u9", "userName": name, "active": True}
    store["Sales"]["members"].append({"value": "u9", "display": text})

    def pure(asked: Asked, honest: Any) -> Reply:
        reply = honest()
        return Reply(reply.status, raw=json.dumps(reply.body).encode())

    with hostile(store, pure) as service:
        found = run(service, "scim_user_info", user_name="pam").result["users"][0]
        assert found["title"] == text.replace("\ud800", "\ufffd")
        said = run(service, "scim_user", user_name="pam", title="Painter")
        assert said.changed
        # shown by Ansible after clean(escape=True), which module.py gives the diff
        said = run(
            service,
            "scim_directory",
            check=True,
            teams=[{"name": "Sales", "members": [{"user_name": "pam"}]}],
            thresholds=SAFE,
        )
        assert said.changed and not said.failure
        said = run(
            service,
            "scim_directory",
            check=True,
            teams=[{"name": "Sales", "members": [{"user_name": "pam"}]}],
        )
        assert "members_removed_per_group" in said.failure
        run(
            service,
            "scim_directory",
            check=True,
            users=[{"user_name": "pam"}, {"user_name": "jim"}],
            purge={"users": "absent"},
            thresholds=SAFE,
        )
        assert not service.writes


def test_m14_ten_megabytes_are_shown_by_their_length() -> None:
    photo = "A" * 10_000_000
    store = people("pam", photos=[{"value": photo, "type": "photo"}])
    with hostile(store) as service:
        begun = time.monotonic()
        said = run(
            service,
            "scim_user",
            check=True,
            user_name="pam",
            photos=[{"value": "B" * 1000, "type": "photo"}],
        )
        assert said.changed and len(json.dumps(said.result["diff"])) < 5000
        assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//other.example/Users/u1",
        "../../Groups/g1",
    ],
)
def test_m7_no_address_in_an_answer_is_ever_fetched(elsewhere: str) -> None:
    store = people("toby")
    store.group("Sales")
    with hostile(Store()) as other, hostile(store) as service:
        there = f"{other.url}/Users/u1" if elsewhere == "http" else elsewhere

        def pointing(asked: Asked, honest: Any) -> Reply:
            reply = honest()
            rows = reply.body.get("Resources", [reply.body]) if isinstance(reply.body, dict) else []
            for row in rows:
                row["meta"] = {"location": there, "resourceType": "User"}
                row["members"] = [{**one, "$ref": there} for one in row.get("members", ())]
            if not store.limits:
                return Reply(
                    reply.status,
                    reply.body,
                    {"Location": there, "Content-Location": there, "Link": f"<{there}>; rel=next"},
                )
            return reply

        service.spell = pointing
        said = run(service, "scim_user", user_name="pam", title="x", groups={"add": ["Sales"]})
        assert not said.failure and said.changed and store.members("Sales") == {"pam"}
        run(service, "scim_user", user_name="pam", title="y", update_method="put")
        run(service, "scim_group", display_name="Sales", members={"remove": ["pam"]})
        run(service, "scim_user_info")
        run(
            service,
            "scim_directory",
            users=[{"user_name": "pam"}],
            purge={"users": "absent"},
            thresholds=SAFE | {"users_removed": "none"},
        )
        run(service, "scim_user", user_name="pam", state="absent")
        assert (
            not other.seen and store["toby"] if "toby" in store.names("Users") else not other.seen
        )
        assert all(
            one.segments[0] in ("Users", "Groups", "ServiceProviderConfig", "Me")
            for one in service.seen
        )


def test_m13_two_spellings_of_one_name_are_no_second_user() -> None:
    store = people("pam")

    def both(asked: Asked, honest: Any) -> Reply:
        reply = honest()
        for row in reply.body.get("Resources", [reply.body]):
            row["username"] = "toby"
        return reply

    with hostile(store, both) as service:
        said = run(service, "scim_user", user_name="pam", title="x")
        assert not said.failure and store.names("Users") == {"pam"}


def test_m13_a_key_that_is_there_twice_is_refused() -> None:
    twice = (
        b'{"totalResults": 1, "Resources": [{"id": "u1", "userName": "toby", "userName": "pam"}]}'
    )
    with hostile(people("toby"), lambda asked, honest: Reply(200, raw=twice)) as service:
        said = run(service, "scim_user", user_name="pam", state="absent")
        assert "the key 'userName' occurs twice" in said.failure and not service.writes


CONFIGS: dict[str, Any] = {
    "404": Reply(404),
    "500": Reply(500),
    "501": Reply(501, {"detail": "no"}),
    "204": Reply(204),
    "403": Reply(403),
    "302": Reply(302, headers={"Location": "/login"}),
    "HTML": Reply(200, raw=b"<html>Sign in</html>", media="text/html"),
    "no JSON": Reply(200, raw=b"{"),
    "a list": Reply(200, raw=b"[]"),
    "null": Reply(200, raw=b"null"),
    **{
        json.dumps(one): Reply(200, one)
        for one in (
            {},
            {"patch": None},
            {"patch": []},
            {"patch": True},
            {"patch": {"supported": "yes"}},
            {"patch": {"supported": None}},
            {"bulk": {"supported": True, "maxOperations": 0, "maxPayloadSize": -1}},
            {"bulk": {"supported": True, "maxOperations": 10**9}},
            {"filter": {"supported": True, "maxResults": 0}},
            {"filter": {"supported": True, "maxResults": -1}},
            {"filter": {"maxResults": 10**9}},
            {"filter": {"maxResults": "many"}},
            {"filter": {"maxResults": True}},
            {"filter": {"maxResults": 2.5}},
            {"filter": {"maxResults": [1]}},
            {"filter": "no"},
            {"filter": {"supported": 0}},
            {"pagination": []},
            {"pagination": {"cursor": "yes", "index": "no", "maxPageSize": 0}},
            {
                "pagination": {
                    "cursor": None,
                    "defaultPaginationMethod": 7,
                    "maxPageSize": -5,
                    "cursorTimeout": 0,
                }
            },
            {"changePassword": 7, "etag": "W/x", "sort": []},
            {"authenticationSchemes": {"type": ["x"]}},
            {"schemas": 7, "meta": "x", "documentationUri": "javascript:alert(1)"},
        )
    },
}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
def test_f24_unusable_configuration_is_no_failure(config: Reply) -> None:
    names = [f"user{number}" for number in range(30)]
    store = people(*names, page=10)
    with hostile(
        store, lambda asked, honest: config if asked.kind == "ServiceProviderConfig" else honest()
    ) as service:
        begun = time.monotonic()
        here = [{"user_name": name, "title": "x"} for name in names[:25]]
        said = run(
            service, "scim_directory", users=here, purge={"users": "inactive"}, thresholds=SAFE
        )
        assert (
            not said.failure
            and [store[name]["active"] for name in names] == [True] * 25 + [False] * 5
            and store["user7"]["title"] == "x"
        )
        assert service.reads < 12 and time.monotonic() - begun < 10
        said = run(service, "scim_service_provider_info")
        assert not said.failure and not service.writes


FIELD = st.sampled_from(
    ["supported", "maxResults", "maxPageSize", "cursor", "index", "defaultPaginationMethod", "x"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELD, inner, max_size=4),
)


@given(
    st.dictionaries(
        st.sampled_from(["patch", "filter", "bulk", "pagination", "sort", "etag", "x"]),
        JSON,
        max_size=6,
    )
    | JSON
)
def test_f24_any_configuration_gives_usable_values(config: Any) -> None:
    found = announced(config)
    assert found.keys() <= {"patch", "filters", "page_size", "paging"}
    assert isinstance(found.get("page_size", 1), int) and 1 <= found.get("page_size", 1) <= 1000
    assert (
        isinstance(found.get("patch", True), bool)
        and isinstance(found.get("filters", True), bool)
        and found.get("paging", "cursor") == "cursor"
    )


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404),
        Reply(500),
        Reply(200),
        Reply(200, {"Resources": 7}),
        Reply(200, raw=b"[]"),
        Reply(200, {"Resources": [None, 7, {"id": []}]}),
    ],
)
def test_unreadable_types_and_schemas_give_warnings(reply: Reply) -> None:
    with hostile(
        people("pam"),
        lambda asked, honest: reply if asked.kind in ("ResourceTypes", "Schemas") else honest(),
    ) as service:
        said = run(service, "scim_service_provider_info")
        assert not said.failure and said.result["capabilities"]["patch"]["value"] is True


@pytest.mark.parametrize(
    "me",
    [
        Reply(500),
        Reply(403),
        Reply(200),
        Reply(200, raw=b"[]"),
        Reply(200, {"id": ["u1"], "userName": None}),
        Reply(302, headers={"Location": "/x"}),
    ],
)
def test_unusable_answer_of_me_is_no_failure(me: Reply) -> None:
    store = people("pam", "jim", "toby")
    with hostile(store, lambda asked, honest: me if asked.kind == "Me" else honest()) as service:
        users: list[dict[str, Any]] = [
            {"user_name": "pam"},
            {"user_name": "jim"},
            {"user_name": "toby", "state": "absent"},
        ]
        said = run(service, "scim_directory", users=users, thresholds=SAFE)
        assert not said.failure and store.names("Users") == {"pam", "jim"}


def test_control_characters_are_not_printed() -> None:
    assert printable("häß {{ }} \\x1b") and not any(
        printable(text) for text in ("\x1b", "\n", "\r", "\u202e", "\u2028")
    )
