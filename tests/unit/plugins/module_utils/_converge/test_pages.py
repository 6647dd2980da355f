# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists page by page: how they are asked for, where they end, and what proves it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.pages import Pages, search
from ansible_collections.identity.scim.plugins.module_utils._converge.service import (
    Service,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    answers,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer


def directory(users: int, *faults: Any, page: int = 10) -> Faulty:
    store = Faulty(*faults, page=page)
    for number in range(users):
        store.user(f"n{number}")
    return store


def service_of(store: Faulty, **caps: Any) -> Service:
    return Service(store, overridden(caps))


# pages


def test_pages_say_how_far_a_list_was_read() -> None:
    service = service_of(directory(25))
    pages = Pages(USER, {}, "listing users")
    assert len(pages.read(service)) == 10 and not pages.listed.ended
    assert (pages.listed.pages, pages.listed.rows, pages.listed.total) == (1, 10, 25)
    pages.read(service)
    pages.read(service)
    assert pages.listed.whole and pages.listed.came == "25 of 25 came" and len(pages.found) == 25


@pytest.mark.parametrize(
    "most, requests, rows", [(None, 3, 25), (5, 1, 5), (10, 1, 10), (12, 2, 12)]
)
def test_a_search_reads_no_more_pages_than_it_needs(
    most: int | None, requests: int, rows: int
) -> None:
    store = directory(25)
    found = search(service_of(store), USER, {}, doing="listing", most=most)
    assert (store.requests, len(found.resources), found.total) == (requests, rows, 25)
    assert found.whole is (most is None)


def test_a_service_that_does_not_page_is_asked_once_and_without_a_count() -> None:
    store = directory(25)
    found = search(service_of(store, paging="none"), USER, {}, doing="listing")
    assert store.queries == [{}] and not found.whole and found.came == "10 of 25 came"


def hundred(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
    """At most a hundred a page."""
    too_many = int(query.get("count", 0)) > 100
    return answers(400, detail="count")(store, method, segments, query, body) if too_many else None


def test_a_page_that_is_too_large_is_asked_for_smaller_and_that_is_learnt() -> None:
    store = directory(250, hundred, page=100)
    service = service_of(store)
    assert len(search(service, USER, {}, doing="listing").resources) == 250
    counts = [one["count"] for one in store.queries]
    assert counts == ["62"] * 5 and store.requests == 4 + 5
    assert service.capabilities.get("page_size") == 62
    assert service.capabilities.source("page_size") == "answer to count=1000: 400"


@pytest.mark.parametrize("caps, count", [({"page_size": 500}, None), ({}, 500)])
def test_a_size_that_an_option_sets_is_not_changed(caps: dict[str, Any], count: int | None) -> None:
    with pytest.raises(ScimError, match="listing: the service answered 400: count"):
        search(service_of(directory(1, hundred), **caps), USER, {}, doing="listing", count=count)


@pytest.mark.parametrize("times, works", [(1, True), (2, False)])
def test_an_expired_cursor_begins_the_list_anew_once(times: int, works: bool) -> None:
    left = [times]

    def by_cursor(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        start = int(query.get("cursor") or 0)
        if start == 10 and left[0]:
            left[0] -= 1
            return answers(400, "expiredCursor")(store, method, segments, query, body)
        answer = store.really(method, segments, {"startIndex": str(start + 1)}, body)
        more = {"nextCursor": str(start + 10)} if start + 10 < 25 else {}
        return Answer(200, {**answer.body, **more})

    service = service_of(directory(25, by_cursor))
    if works:
        assert len(search(service, USER, {}, doing="listing").resources) == 25
        return
    with pytest.raises(ScimError, match="expiredCursor"):
        search(service, USER, {}, doing="listing")


# cursors only


def cursors_only(store: Any, method: str, segments: Any, query: Any, body: Any) -> Any:
    """Refuse an index, and give pages of ten by cursor (AWS IAM Identity Center)."""
    if method != "GET" or len(segments) > 1:
        return None
    if "startIndex" in query:
        return Answer(400, {"detail": "Pagination by index is not supported"})
    rows = list(store.held[segments[0]].values())
    start = int(query["cursor"] or 0)
    more = {"nextCursor": str(start + 10)} if start + 10 < len(rows) else {}
    return Answer(200, {"Resources": rows[start : start + 10], "itemsPerPage": 10, **more})


def test_l4_a_service_that_refuses_an_index_is_asked_by_cursor() -> None:
    store = directory(25, cursors_only)
    service = service_of(store)
    found = search(service, USER, {}, doing="listing")
    assert found.whole and len(found.resources) == 25 and store.requests == 4
    assert service.capabilities.paging == "cursor"
    search(service, USER, {}, doing="listing")
    assert store.requests == 7


@pytest.mark.parametrize(
    "caps, said", [({"paging": "index"}, "no startIndex"), ({}, "not implemented")]
)
def test_a_list_is_not_asked_by_cursor_against_the_option_or_without_a_word(
    caps: dict[str, Any], said: str
) -> None:
    store = directory(5, answers(501, detail=said))
    with pytest.raises(ScimError, match="501"):
        search(service_of(store, **caps), USER, {}, doing="listing")
    assert store.requests == 1
