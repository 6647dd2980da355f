# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists are walked to a proven end, and what is no SCIM answer is a clear error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model import layouts
from ansible_collections.identity.scim.plugins.module_utils._model.layouts import Layouts
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._model.unread import (
    Unread,
    all_decoded,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.sieve import kind_of_text
from ansible_collections.identity.scim.plugins.module_utils._protocol import answers
from ansible_collections.identity.scim.plugins.module_utils._protocol.answers import (
    Page,
    Walk,
    error,
    page,
    resource,
    resource_or_none,
    without_secrets,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.body import parse_json
from ansible_collections.identity.scim.plugins.module_utils._transport.lists import list_of

NO_LIST = "the answer is not a SCIM list: it has no Resources; check that server_url is the base URL of a SCIM service"
NO_RESOURCE = "the answer is not a SCIM resource: it has no id; check that server_url is the base URL of a SCIM service"


def rows(*ids: int) -> tuple[dict[str, Any], ...]:
    return tuple({"id": str(one)} for one in ids)


def walked(*pages: tuple[tuple[dict[str, Any], ...], int | None]) -> Walk:
    walk = Walk()
    for resources, total in pages:
        assert not walk.ended, "a page was asked for after the end"
        walk.take(Page(resources=resources, total=total))
    return walk


def test_a_list_with_what_does_not_exist_is_never_whole() -> None:
    walk = walked((rows(1, 2), 2))
    assert walk.whole
    walk.is_sample = True
    assert walk.sound and not walk.whole
    assert walk.came == "2 of 2 came, and they are only a sample"


@given(st.integers(0, 30), st.integers(1, 7), st.booleans())
def test_an_honest_list_is_walked_whole(total: int, size: int, says: bool) -> None:
    walk, requests = Walk(), 0
    while not walk.ended:
        requests += 1
        begin = walk.start - 1
        walk.take(
            Page(
                resources=rows(*range(begin, min(begin + size, total))),
                total=total if says else None,
            )
        )
    assert walk.whole and len(walk.found) == total
    assert requests <= total // size + 2 and (not says or requests == max(1, -(-total // size)))


@pytest.mark.parametrize(
    "pages, whole, count",
    [
        pytest.param([(rows(1, 2), 5), (rows(3, 4), 5), (rows(5), 5)], True, 5, id="three pages"),
        pytest.param([((), 0)], True, 0, id="nothing there"),
        pytest.param([(rows(1, 2), 4), (rows(1, 2), 4)], False, 2, id="M1: the page repeats"),
        pytest.param(
            [(rows(1, 2), None), (rows(1, 2), None)], False, 2, id="no total, and it starts over"
        ),
        pytest.param([(rows(1, 2), None), ((), None)], True, 2, id="no total, and then nothing"),
        pytest.param(
            [(rows(1, 2), 3), ((), 3)], False, 2, id="F27: fewer came than the service says"
        ),
        pytest.param([(rows(1, 2, 3), 2)], False, 3, id="more came than the service says"),
        pytest.param([(rows(1, 1), 2), ((), 2)], False, 1, id="the same one twice"),
        pytest.param(
            [(rows(1, 2), 4), (rows(2, 3), 4), (rows(4), 4)], True, 4, id="pages that overlap"
        ),
        pytest.param([(rows(1, 2), 4), (rows(3), 3)], False, 3, id="L4: the total changes"),
    ],
)
def test_complete_pages_prove_a_whole_list(pages: list[Any], whole: bool, count: int) -> None:
    walk = walked(*pages)
    assert walk.ended and walk.whole is whole and len(walk.found) == count


def test_m2_a_list_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_RESOURCES", 50)
    walk = Walk()
    with pytest.raises(ScimError, match="the list does not end; stopped after 50 resources"):
        for start in range(0, 1000, 10):
            walk.take(Page(resources=rows(*range(start, start + 10)), total=start + 1000))


def test_l17_a_list_of_nearly_empty_pages_ends_by_their_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answers, "FEW_PAGES", 20)
    walk = Walk()
    with pytest.raises(ScimError, match="the list does not end; stopped after 23 pages with 23"):
        for start in range(100):
            walk.take(Page(resources=rows(start), total=None, cursor=f"c{start}"))


def test_list_that_grows_while_it_is_read_ends() -> None:
    walk = Walk()
    with pytest.raises(ScimError) as info:
        for start in range(0, 2000, 100):
            walk.take(Page(resources=rows(*range(start, start + 100)), total=start + 101))
    assert str(info.value) == (
        "the list grows while it is read: the first page promised 101 resources, "
        "but 1300 came; stopped"
    )


@pytest.mark.parametrize(
    "cursors, whole",
    [
        (["a", "b", ""], True),
        (["", ""], True),
        (["a", "a"], False),
        (["a", "b", "a"], False),
    ],
)
def test_walk_by_cursor_ends_at_the_page_without_one(cursors: list[str], whole: bool) -> None:
    walk = Walk()
    for number, cursor in enumerate(cursors):
        walk.take(Page(resources=rows(number), total=None, cursor=cursor))
        if cursor == "" and number == 0:
            walk.take(Page(resources=(), total=None))
            break
    assert walk.ended and walk.whole is whole


def test_cursor_that_goes_on_without_new_resources_is_not_whole() -> None:
    walk = Walk()
    walk.take(Page(resources=rows(1), total=None, cursor="a"))
    walk.take(Page(resources=rows(1), total=None, cursor="b"))
    assert walk.ended and not walk.whole


def test_the_next_page_starts_after_what_was_received() -> None:
    walk = walked((rows(1, 2), 9))
    assert walk.start == 3 and not walk.ended and not walk.whole


@pytest.mark.parametrize(
    "body, total, count",
    [
        ({"Resources": [{"id": "1"}], "totalResults": 1}, 1, 1),
        ({"resources": [{"id": "1"}], "totalresults": "1"}, 1, 1),
        ({"RESOURCES": [{"id": 1}]}, None, 1),
        ({"totalResults": 0}, 0, 0),
        ({"totalResults": "0"}, 0, 0),
        ({"Resources": [], "totalResults": 0}, 0, 0),
        ({"Resources": [{"id": "1"}], "totalResults": "many"}, None, 1),
        ({"Resources": None, "totalResults": 0}, 0, 0),
        ({"Resources": {}, "totalResults": 0}, 0, 0),
        ({"Resources": "", "totalResults": "0"}, 0, 0),
        ({"Resources": {"id": "1"}, "totalResults": 1}, 1, 1),
    ],
)
def test_envelopes(body: Any, total: int | None, count: int) -> None:
    found = page(body)
    assert found.total == total and [one["id"] for one in found.resources] == ["1"] * count


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "",
        3,
        {},
        {"id": "1"},
        {"totalResults": 3},
        {"Resources": {}},
        {"Resources": "x"},
        {"Resources": None},
    ],
)
def test_body_that_is_not_a_list_is_an_error(body: Any) -> None:
    with pytest.raises(ScimError) as info:
        page(body)
    assert str(info.value) == NO_LIST


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"id": None},
        {"id": ""},
        {"id": []},
        {"id": True},
        {"id": 1.5},
        "x",
        {"identifier": "1"},
    ],
)
def test_m8_body_that_is_not_a_resource_is_an_error(body: Any) -> None:
    with pytest.raises(ScimError) as info:
        resource(body)
    assert str(info.value) == NO_RESOURCE
    found = page({"Resources": [{"id": "1"}, body], "totalResults": 2})
    assert found.odd == (body,) and len(found.resources) == 1 and found.rows == 2


@pytest.mark.parametrize("cursor", [True, [], {}, 1.5])
def test_cursor_that_is_not_text_is_refused(cursor: Any) -> None:
    with pytest.raises(ScimError, match="its nextCursor is not text"):
        page({"Resources": [], "nextCursor": cursor})


@pytest.mark.parametrize(
    ("total", "read"),
    [(2, 2), ("2", 2), (" 2 ", 2), (2.0, 2), (-1, -1), ("-1", None), (True, None), (2.5, None)],
)
def test_l4_a_total_is_a_number_in_any_form_and_nothing_else(total: Any, read: int | None) -> None:
    assert page({"totalResults": total, "Resources": []}).total == read


def test_a_cursor_that_leads_nowhere_is_named() -> None:
    walk = Walk()
    rows = [{"id": "1"}]
    for _page in range(2):
        walk.take(page({"totalResults": 1, "Resources": rows, "nextCursor": "x"}))
    assert not walk.whole and walk.came == (
        "1 of 1 came, and the page of the next cursor contained nothing new"
    )


def test_cursor_is_text() -> None:
    assert page({"Resources": [], "nextCursor": 7}).cursor == "7"
    assert page({"Resources": [], "nextCursor": None}).cursor == ""


def test_passwords_are_removed_at_any_depth() -> None:
    body = {"id": "1", "Password": "x", "urn:a": {"password": "x", "badge": 1}}
    assert without_secrets(body) == {"id": "1", "urn:a": {"badge": 1}}
    assert resource(body) == {"id": "1", "urn:a": {"badge": 1}}


def test_no_resource_may_be_no_failure() -> None:
    assert resource_or_none({"id": "1"}) == {"id": "1"}
    assert resource_or_none(None) is None


def test_an_id_is_text() -> None:
    assert resource({"id": 7, "userName": "pam"}) == {"id": "7", "userName": "pam"}


@pytest.mark.parametrize(
    "body, said",
    [
        ({"detail": "no", "scimType": "uniqueness"}, ("no", "uniqueness")),
        ({"Detail": "no", "SCIMTYPE": "tooMany"}, ("no", "tooMany")),
        ({"message": "no"}, ("no", "")),
        ({"error": "invalid_client", "error_description": "no"}, ("no", "")),
        ({"error": {"code": 1}}, ("code 1", "")),
        ({"detail": 3, "scimType": []}, ("", "")),
        (None, ("", "")),
        ("text", ("", "")),
        ([], ("", "")),
        ({}, ("", "")),
    ],
)
def test_errors(body: Any, said: tuple[str, str]) -> None:
    found = error(body)
    assert found == said and (found.detail, found.scim_type) == said


@pytest.mark.parametrize(
    "body",
    [
        {"id": "1", "userName": "pam", "name": {"givenName": "Pam"}},
        {"ID": "1", "username": "pam", "Name": {"givenname": "Pam"}},
        {"id": "1", "userName": "pam", "password": "secret"},
        {"id": "1", "own": {"Password": "secret"}},
        {"id": 1},
        {"userName": "pam"},
    ],
)
def test_known_names_change_nothing_of_a_resource(body: dict[str, Any]) -> None:
    names = {*body, *(name for one in body.values() if isinstance(one, dict) for name in one)}
    assert resource_or_none(body, USER, names) == resource_or_none(body, USER)


# rows that are not decoded are the resources that they would be

TEXTS = st.sampled_from(
    (
        "",
        "a",
        "A",
        "ß",
        "é",
        "e\u0301",
        "İ",
        "Σ",
        "\u2028",
        "\ufffe",
        "\ufeff",
        "True",
        "false",
        "1",
    )
    + ("\\", '"', "]", "}", "[{", "],", "\u00a0", "\x7f", "x" * 50)
)
PARTS = st.dictionaries(
    st.sampled_from(("value", "Value", "type", "display", "$ref", "primary", "password", "x")),
    TEXTS | st.booleans() | st.none() | st.integers(0, 2),
    max_size=3,
)
ENTRIES = st.lists(PARTS, max_size=2)
USERS = st.fixed_dictionaries(
    {"id": TEXTS, "userName": TEXTS},
    optional={
        "active": st.just(True) | TEXTS,
        "groups": ENTRIES,
        "emails": ENTRIES,
        "name": PARTS,
        ENTERPRISE_URN: PARTS,
    },
) | st.dictionaries(
    st.sampled_from(("id", "ID", "username", "Groups", "meta", "password", ENTERPRISE_URN.lower())),
    TEXTS | st.none() | st.integers(0, 2) | ENTRIES | PARTS,
    max_size=5,
)


def parts_of(found: Page) -> str:
    resources, odd = all_decoded(found.resources), all_decoded(found.odd)
    return json.dumps([resources, found.total, found.cursor, odd])


@given(st.lists(USERS, min_size=1, max_size=8), st.booleans(), st.sampled_from((None, 1)))
def test_unread_rows_are_the_resources_that_they_would_be(
    users: list[Any], escapes: bool, indent: int | None
) -> None:
    body = {"totalResults": len(users), "Resources": [*users, *users[-1:]]}
    data = json.dumps(body, ensure_ascii=escapes, indent=indent).encode()
    names: set[str] = set()
    whole = page(parse_json(data, "", names=names), USER, names)
    with pytest.MonkeyPatch.context() as monkey:
        monkey.setattr(layouts, "FIRST", 1)
        known = Layouts(kind_of_text)
        for _turn in range(2):
            found = list_of(data, known)
            if found is not None:
                unread = page(found, USER)
                event(f"unread: {any(isinstance(one, Unread) for one in unread.resources)}")
                assert parts_of(unread) == parts_of(whole)


def test_names_in_a_list_that_is_not_decoded_are_respelt_too() -> None:
    users = [{"id": str(one), "groups": [{"value": "g1"}]} for one in range(40)]
    odd = [{"id": "a", "groups": [{"Value": "g1"}]}]
    known = Layouts(kind_of_text)
    for rows_of_page in (users, odd, users):
        data = json.dumps({"Resources": rows_of_page}).encode()
        found = page(list_of(data, known), USER)
        assert {one["groups"][0]["value"] for one in all_decoded(found.resources)} == {"g1"}
