# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists whose pages are read at the same time say the same as lists read in turn."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._converge.prefetch import (
    Prefetched,
    window,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.converge import converge
from ansible_collections.identity.scim.plugins.module_utils._converge.whole_lists import (
    proven,
    read_through,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import wanted
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer


# How many threads there were before a test: those of other tests may still wait for a connection.
THREADS = [1]


@pytest.fixture(autouse=True)
def _counted() -> None:
    THREADS[0] = threading.active_count()


class Busy(Faulty):
    """Answers arrive in any order. ``peak`` is the most requests in flight."""

    def __init__(self, *faults: Any, luck: int = 0, page: int = 10) -> None:
        super().__init__(*faults, page=page)
        self._lock = threading.Lock()
        self._luck = random.Random(luck)
        self.flying = 0
        self.peak = 0
        self.threads: set[str] = set()

    def send(self, method: str, segments: Sequence[str], **more: Any) -> Answer:
        with self._lock:
            self.flying += 1
            self.peak = max(self.peak, self.flying)
            self.threads.add(threading.current_thread().name)
            answer = super().send(method, segments, **more)
            wait = self._luck.random() / 500
        time.sleep(wait)
        with self._lock:
            self.flying -= 1
        return answer


def service_of(store: Faulty, concurrency: int, **caps: Any) -> Service:
    service = Service(store, overridden(caps))
    service.concurrency = concurrency
    return service


def filled(store: Busy, users: int) -> Busy:
    for number in range(users):
        store.user(f"n{number:03}")
    return store


def starts(store: Faulty) -> list[int]:
    return sorted(int(query["startIndex"]) for query in store.queries)


# what is asked


def test_pages_after_the_first_are_asked_for_at_the_same_time() -> None:
    store = filled(Busy(), 95)
    found = read_through(service_of(store, 4), USER, {}, doing="listing")
    assert found.whole and len(found.resources) == 95
    assert [one["userName"] for one in found.resources] == [f"n{n:03}" for n in range(95)]
    assert starts(store) == list(range(1, 95, 10))
    assert 1 < store.peak <= 4
    assert threading.active_count() <= THREADS[0]


@pytest.mark.parametrize("users", [0, 5, 10, 20])
def test_one_request_at_a_time_makes_no_thread(users: int) -> None:
    store = filled(Busy(), users)
    assert read_through(service_of(store, 8), USER, {}, doing="listing").whole
    assert store.threads == {threading.main_thread().name}


def test_a_service_that_takes_one_request_gets_one() -> None:
    store = filled(Busy(), 95)
    assert read_through(service_of(store, 1), USER, {}, doing="listing").whole
    assert store.peak == 1 and store.requests == 10


def test_a_smaller_page_than_asked_for_is_the_step() -> None:
    store = filled(Busy(page=7), 50)
    found = read_through(service_of(store, 3, page_size=10), USER, {}, doing="listing")
    assert found.whole and starts(store) == list(range(1, 51, 7))


@pytest.mark.parametrize(
    ("concurrency", "rows", "pages"),
    [(8, 100, 16), (8, 1000, 8), (1, 1000, 4), (4, 10, 8), (8, 0, 16)],
)
def test_the_window_is_bounded(concurrency: int, rows: int, pages: int) -> None:
    assert window(concurrency, rows, 2) == max(concurrency, min(2 * concurrency, pages))


@pytest.mark.parametrize(("rows", "most"), [(1000, 3), (500, 6), (100, 16), (10, 16)])
def test_few_of_many_large_pages_wait(rows: int, most: int) -> None:
    assert window(8, rows, 100) == most and window(2, rows, 100) >= 2


# every way in which a list is not complete


def page_at(start: int, change: Any) -> Any:
    """A fault that changes the page that begins at a row."""

    def fault(
        store: Faulty, method: str, segments: Any, query: Mapping[str, str], body: Any
    ) -> Any:
        if query.get("startIndex") != str(start):
            return None
        answer = store.really(method, segments, query, body)
        return Answer(200, change(answer.body)) if callable(change) else change

    return fault


def without_last_row(body: Any) -> Any:
    return {**body, "Resources": body["Resources"][:-1]}


def without_rows(body: Any) -> Any:
    return {**body, "Resources": []}


def other_total(body: Any) -> Any:
    return {**body, "totalResults": body["totalResults"] + 1}


def first_rows_again(body: Any) -> Any:
    rows = [{**one, "id": f"u{number + 1}"} for number, one in enumerate(body["Resources"])]
    return {**body, "Resources": rows}


def one_row_again(body: Any) -> Any:
    return {**body, "Resources": [{"id": "u1", "userName": "n000"}, *body["Resources"][1:]]}


def rows_without_ids(body: Any) -> Any:
    rows = [{key: value for key, value in one.items() if key != "id"} for one in body["Resources"]]
    return {**body, "Resources": rows}


def half(store: Faulty, _method: str, _segments: Any, query: Mapping[str, str], _body: Any) -> Any:
    """From the third page on, a service shows half as many rows."""
    if int(query.get("startIndex", 1)) > 20:
        return store.really("GET", ("Users",), {**query, "count": "5"}, None)
    return None


FAULTS = {
    "a short page": page_at(31, without_last_row),
    "a short last page": page_at(61, without_last_row),
    "a lost page": page_at(31, without_rows),
    "a total that changes": page_at(41, other_total),
    "a page that is repeated": page_at(21, first_rows_again),
    "a row on two pages": page_at(51, one_row_again),
    "rows that are no resources": page_at(21, rows_without_ids),
    "a page that is refused": page_at(31, Answer(500, {"detail": "no"})),
    "too many requests": page_at(31, Answer(429, {"detail": "wait"})),
    "a page that is forbidden": page_at(21, Answer(403, {"detail": "no"})),
    "no list": page_at(41, Answer(200, {"x": 1})),
    "a smaller page size": half,
}


def outcome(store: Busy, concurrency: int, **caps: Any) -> tuple[Any, ...]:
    try:
        found = proven(service_of(store, concurrency, **caps), USER, {}, doing="listing")
    except ScimError as error:
        return (str(error), error.status)
    finally:
        assert threading.active_count() <= THREADS[0]
    return (found.resources, found.odd, found.whole, found.sound, found.total, found.came)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.parametrize("luck", range(3))
def test_what_a_list_proves_is_the_same_as_in_turn(fault: Any, luck: int) -> None:
    in_turn = outcome(filled(Busy(fault), 65), 1)
    at_once = outcome(filled(Busy(fault, luck=luck), 65), 4)
    assert at_once == in_turn


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=60),
    st.lists(st.integers(1, 7), min_size=1, max_size=12),
    st.lists(st.integers(-1, 1), min_size=1, max_size=12),
    st.integers(0, 99),
)
def test_any_service_is_read_as_in_turn(
    ids: list[int], sizes: list[int], drift: list[int], luck: int
) -> None:
    """Ids repeat, each page has its own size, and the total changes as it likes."""

    def anything(
        _store: Faulty, _method: str, _segments: Any, query: Mapping[str, str], _body: Any
    ) -> Any:
        start = int(query["startIndex"]) - 1
        size = min(int(query["count"]), sizes[start % len(sizes)])
        rows = [{"id": f"u{one}", "userName": f"n{one}"} for one in ids[start : start + size]]
        total = max(0, len(set(ids)) + drift[start % len(drift)])
        return Answer(200, {"totalResults": total, "Resources": rows})

    in_turn = outcome(Busy(anything), 1, page_size=5)
    at_once = outcome(Busy(anything, luck=luck), 4, page_size=5)
    assert at_once == in_turn


# nothing is removed on the strength of a list that is not complete


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_nothing_is_purged_on_an_incomplete_list(fault: Any) -> None:
    wrote = []
    for concurrency in (1, 4):
        store = filled(Busy(fault), 65)
        desired = wanted(users=[{"user_name": f"n{number:03}"} for number in range(64)])
        policy = Policy(purge={"User": "inactive"})
        try:
            converge(service_of(store, concurrency, page_size=10), desired, policy, check=False)
        except ScimError as error:
            wrote.append((str(error), store.writes()))
        else:
            wrote.append(("", [(method, segments) for method, segments, _body in store.log]))
    assert wrote[0] == wrote[1]


# several types


def test_lists_of_two_types_are_read_at_the_same_time() -> None:
    requests = []
    for concurrency in (1, 4):
        store = filled(Busy(), 35)
        for number in range(25):
            store.group(f"g{number}")
        desired = wanted(
            users=[{"user_name": f"n{number:03}"} for number in range(35)],
            groups=[{"display_name": f"g{number}"} for number in range(25)],
        )
        service = service_of(store, concurrency, filter_clauses=1, page_size=10)
        found = converge(service, desired, check=False)
        assert found.plan.unchanged == {"User": 35, "Group": 25}
        requests.append(sorted(map(str, store.queries)))
    assert requests[0] == requests[1] and len(requests[0]) == 4 + 3


# threads


def test_an_error_ends_what_is_under_way() -> None:
    prefetched = Prefetched()
    prefetched.begin(("Users", ()), lambda: 1 / 0, most=2)
    prefetched.begin(("Users", (("startIndex", "2"),)), lambda: 2, most=2)
    with pytest.raises(ZeroDivisionError):
        prefetched.take(("Users", ()))
    assert len(prefetched) == 1
    prefetched.end()
    assert not len(prefetched) and threading.active_count() <= THREADS[0]


def test_answers_are_taken_by_what_was_asked() -> None:
    prefetched = Prefetched()
    names = [("Users", (("startIndex", str(number)),)) for number in range(9)]
    for number, name in enumerate(names):
        prefetched.begin(name, lambda number=number: number, most=3)
    assert [prefetched.take(name) for name in reversed(names)] == list(range(8, -1, -1))
    prefetched.forget([])
    assert threading.active_count() <= THREADS[0]
