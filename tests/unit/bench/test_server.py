# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's server over the wire: its settings, its counts, and the collection at work."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.bench import people
from ansible_collections.identity.scim.tests.bench.server import (
    Allowance,
    bench_server,
    change,
    counts,
)
from ansible_collections.identity.scim.tests.unit.faults import hostile


@pytest.fixture(name="url", scope="module")
def url_fixture() -> Iterator[str]:
    """A server with 30 users in 3 groups of 10."""
    with bench_server(users=30, groups=3, members=10, page=10) as url:
        yield url


def connection(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(url.split("/")[2], timeout=20)


def get(wire: http.client.HTTPConnection, target: str) -> tuple[int, Any]:
    """Status and body of a GET."""
    wire.request("GET", f"/v2/{target}", headers={"Authorization": "Bearer any"})
    answer = wire.getresponse()
    return answer.status, json.loads(answer.read())


def test_requests_and_connections_are_counted(url: str) -> None:
    change(url)
    for _turn in range(2):
        wire = connection(url)
        assert get(wire, "Users?count=1")[1]["totalResults"] == 30
        assert get(wire, "Users/nobody")[0] == 404
        wire.close()
    found = counts(url)
    assert (found["requests"], found["connections"], found["failed"]) == (4, 2, 2)
    assert (found["reads"], found["writes"]) == (4, 0)


def test_change_forgets_what_came_and_keeps_other_settings(url: str) -> None:
    change(url, log=True)
    wire = connection(url)
    get(wire, "Groups")
    assert counts(url)["log"] == [["GET", "/v2/Groups", 200]]
    change(url, log=False)
    assert counts(url)["requests"] == 0
    assert get(wire, "Users")[1]["itemsPerPage"] == 10
    wire.close()


def test_unknown_setting_is_an_error(url: str) -> None:
    with pytest.raises(TypeError), bench_server(user=1):
        pass
    with pytest.raises(OSError):
        change(url, user=1)


def test_answers_are_late_by_the_latency_and_at_the_same_time(url: str) -> None:
    change(url, latency=0.4)
    threads = [threading.Thread(target=lambda: get(connection(url), "Users")) for _n in range(5)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - started >= 0.2
    assert counts(url)["peak"] == 5
    change(url, latency=0)


def test_bulk_takes_longer_for_each_operation(url: str) -> None:
    change(url, operation_latency=0.05)
    rows = [{"method": "DELETE", "path": f"/Users/{number}"} for number in range(4)]
    wire = connection(url)
    started = time.monotonic()
    wire.request("POST", "/v2/Bulk", json.dumps({"Operations": rows}))
    assert wire.getresponse().status == 200
    assert time.monotonic() - started >= 0.2
    assert counts(url)["operations"] == 4
    wire.close()
    change(url, operation_latency=0)


def test_rate_limit_refuses_and_says_when_to_come_again(url: str) -> None:
    change(url, rate=0.001, burst=2, retry_after=7)
    wire = connection(url)
    assert [get(wire, "Users")[0] for _turn in range(4)] == [200, 200, 429, 429]
    wire.request("GET", "/v2/Users")
    answer = wire.getresponse()
    answer.read()
    assert answer.headers["Retry-After"] == "7"
    assert counts(url)["refused"] == 3
    change(url, rate=0)
    assert get(wire, "Users")[0] == 200
    wire.close()


def test_allowance_fills_by_its_rate() -> None:
    allowance = Allowance(rate=10, burst=2)
    assert [allowance.takes(100.0) for _turn in range(3)] == [True, True, False]
    assert not allowance.takes(100.05)
    assert allowance.takes(100.11)
    assert [allowance.takes(200.0) for _turn in range(3)] == [True, True, False]
    assert all(Allowance(rate=0, burst=0).takes(1.0) for _turn in range(1000))


def test_large_answers_arrive_whole() -> None:
    with bench_server(users=3000, page=3000) as url:
        wire = connection(url)
        assert len(get(wire, "Users?count=3000")[1]["Resources"]) == 3000
        wire.close()


def test_users_and_groups_of_the_roster_are_unchanged() -> None:
    """What the server begins with is what the roster describes."""
    groups = []
    for number in range(2):
        rows = [
            {"user_name": people.user_name(one)} for one in people.member_numbers(number, 5, 20)
        ]
        groups.append({"display_name": people.group_name(number), "members": {"set": rows}})
    with bench_server(users=20, groups=2, members=5) as url:
        service = hostile.Hostile(hostile.Store(), url)
        users = [people.options(number) for number in range(20)]
        said = hostile.run(service, "scim_directory", users=users, groups=groups)
        assert (said.failure, said.changed) == ("", False)
        assert counts(url)["writes"] == 0
        change(url, users=0, groups=0)
        said = hostile.run(service, "scim_directory", users=users, groups=groups)
        assert (said.failure, said.changed) == ("", True)
        said = hostile.run(service, "scim_directory", users=users, groups=groups)
        assert (said.failure, said.changed) == ("", False)
