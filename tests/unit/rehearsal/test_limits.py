# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imitations limit requests as their services do, and runs keep within the limits.

Time is virtual: it passes while somebody waits.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._transport import session
from ansible_collections.identity.scim.plugins.module_utils._transport.http_client import Clock
from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.limits import (
    Limit,
    Limits,
    Throttle,
    Virtual,
    requests,
    reset_at,
    retry_after,
)
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.rosters import first_users
from ansible_collections.identity.scim.tests.rehearsal.scenarios import FREE, company, first_roster
from ansible_collections.identity.scim.tests.rehearsal.serve import Served, serving
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    GROUP_URN,
    Answer,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked
from ansible_collections.identity.scim.tests.unit.rehearsal.test_imitations import Client, add

# Long enough for a window of any imitation. Time that is waited for is virtual.
PATIENT = {"retries": 20, "retry_max_wait": 4000.0}


def limited(name: str) -> tuple[Client, Virtual]:
    """Return an imitation with its limits, and the clock by which they are counted."""
    client, clock = Client(name), Virtual()
    client.served.clock = clock
    client.store.judged = False
    return client, clock


def taken(client: Client, most: int, method: str, path: str, body: Any = None) -> Answer:
    """Send requests until one is refused, and return the refusal. The limit is ``most``."""
    for number in range(most):
        assert client.ask(method, path, body).status != 429, number
    refused = client.ask(method, path, body)
    assert refused.status == 429
    return refused


# --- each service ----------------------------------------------------------------------------------


def test_slack_takes_20_writes_at_once_and_three_more_a_second() -> None:
    client, clock = limited("slack")
    refused = taken(client, 20, "POST", "Users", {})
    assert refused.headers == {"Retry-After": "1"} and refused.body["detail"] == "ratelimited"
    clock.sleep(1)
    taken(client, 3, "POST", "Users", {})


def test_slack_takes_180_writes_of_the_organization_and_1000_reads_a_minute() -> None:
    client, clock = limited("slack")
    taken(client, 180, "POST", "Groups", {})
    refused = taken(client, 1000, "GET", "Users?count=1")
    assert refused.headers == {"Retry-After": "60"}
    clock.sleep(60)
    assert client.ask("GET", "Users?count=1").status == 200


def test_hcp_takes_30_requests_a_second() -> None:
    client, clock = limited("hcp")
    assert taken(client, 30, "GET", "Users?count=1").headers == {"Retry-After": "1"}
    clock.sleep(1)
    taken(client, 30, "GET", "Users?count=1")


def test_github_takes_1000_new_users_and_1000_members_of_a_group_an_hour() -> None:
    client, clock = limited("github")
    refused = taken(client, 1000, "POST", "Users", {})
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert 3590 < int(refused.headers["X-RateLimit-Reset"]) - time.time() <= 3601
    clock.sleep(3600)
    assert client.ask("POST", "Users", {}).status != 429
    sales, crew = (f"Groups/{client.group(name).body['id']}" for name in ("sales", "crew"))
    people = client.users(1001)
    assert client.patch(sales, add(*people[:600])).status == 200
    assert client.patch(sales, add(*people[600:])).status == 429
    assert client.patch(sales, add(*people[600:1000])).status == 200
    assert client.patch(crew, add(*people[1000:])).status == 200


@pytest.mark.parametrize(
    ("most", "method", "path", "body"),
    [
        (200, "GET", "Users?count=1", None),
        (100, "POST", "Users", {}),
        (20, "DELETE", "Users/u9", None),
        (5, "GET", "Groups?count=1", None),
        (20, "GET", "Groups/g9", None),
        (5, "PATCH", "Groups/g9", {"Operations": [add(*(f"u{n}" for n in range(30)))]}),
    ],
)
def test_miro_limits_each_kind_of_request(most: int, method: str, path: str, body: Any) -> None:
    client, clock = limited("miro")
    refused = taken(client, most, method, path, body)
    assert 29 <= int(refused.headers["X-RateLimit-Reset"]) - time.time() <= 31
    clock.sleep(30)
    taken(client, most, method, path, body)


def test_miro_does_not_count_small_patches_of_groups_and_refuses_800_kb() -> None:
    client, _clock = limited("miro")
    client.store.group("g")
    group = f"Groups/{client.store.id_of('g')}"
    for _number in range(20):
        assert client.patch(group, add("u1")).status != 429
    large = {"schemas": [GROUP_URN], "displayName": "x" * 800_000}
    assert client.ask("PATCH", group, {"Operations": [large]}).status == 413


def test_aws_takes_five_requests_at_a_time() -> None:
    client, _clock = limited("aws")
    throttle = client.served.throttle
    for _number in range(5):
        assert throttle.begin() is None
    refused = client.ask("GET", "Users?cursor=")
    assert refused.status == 429 and not refused.headers
    assert refused.body["detail"].startswith("ThrottlingException") and "schema" in refused.body
    throttle.end()
    assert client.ask("GET", "Users?cursor=").status == 200


def test_no_limit_counts_without_a_clock() -> None:
    client = Client("miro")
    for _number in range(30):
        assert client.ask("GET", "Groups").status == 200


# --- runs ------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Virtual:
    """Let runs wait by a virtual clock."""
    found = Virtual()

    def virtual() -> Clock:
        return Clock(sleep=found.sleep, steady=found, now=time.time)

    monkeypatch.setattr(session, "Clock", virtual)
    return found


def throttled(served: Served) -> int:
    return served.throttle.refused


@pytest.mark.parametrize("paced", [True, False])
@pytest.mark.parametrize("name", ["slack", "hcp", "github"])
def test_120_users_are_made_within_the_limits(name: str, paced: bool, clock: Virtual) -> None:
    with serving(IMITATIONS[name], clock=clock) as served:
        served.store.judged = False
        it = Rehearsal(served, name, connection=PATIENT, paced=paced)
        it.step("scim_directory", **company(first_roster(it.demands)))
        assert len(served.held["emails"]) == 120
        assert throttled(served) == 0 or name in ("slack", "hcp")
        if name == "slack" and not paced:
            assert throttled(served) > 0 and clock.slept > 30


@pytest.mark.parametrize("paced", [True, False])
def test_miro_is_read_and_written_within_its_limits(paced: bool, clock: Virtual) -> None:
    with serving(IMITATIONS["miro"], clock=clock) as served:
        served.store.judged = False
        it = Rehearsal(served, "miro", connection=PATIENT, paced=paced)
        it.step("scim_directory", users=first_users(it.demands), thresholds=FREE)
        assert len(served.held["emails"]) == 120


def test_aws_is_never_asked_for_more_than_it_takes_at_a_time() -> None:
    with serving(IMITATIONS["aws"], clock=time.monotonic) as served:
        served.store.judged = False
        it = Rehearsal(served, "aws", connection={"concurrency": 8})
        said = it.task("scim_directory", **company(first_roster(it.demands)))
        assert not said.failure and throttled(served) == 0


def test_a_user_who_allows_more_at_a_time_is_slowed_down_and_nothing_is_lost() -> None:
    with serving(IMITATIONS["aws"], clock=time.monotonic) as served:
        served.store.judged = False
        many = {"concurrency": 16, "retries": 20, "retry_max_wait": 20.0}
        it = Rehearsal(served, "aws", {"in_flight": 16}, connection=many)
        said = it.task("scim_directory", users=first_users(it.demands)[:40], thresholds=FREE)
        assert not said.failure and len(served.held["emails"]) == 40


# --- how they are counted --------------------------------------------------------------------------


def test_a_window_frees_what_is_older_and_a_bucket_refills_evenly() -> None:
    asked = Asked("GET", ("Users",), {}, None)
    clock = Virtual()
    window = Throttle(Limits(each=(Limit(counts=requests(), most=2, seconds=10),)), clock)
    waits = []
    for _number in range(6):
        refused = window.refusal(asked)
        waits.append(refused is not None)
        clock.sleep(4)
    assert waits == [False, False, True, False, False, True]
    bucket = Throttle(
        Limits(each=(Limit(counts=requests(), most=1, seconds=2, burst=3),), headers=retry_after),
        clock,
    )
    assert [bucket.refusal(asked) for _number in range(3)] == [None] * 3
    refusal = bucket.refusal(asked)
    assert refusal is not None and refusal.headers == {"Retry-After": "2"}
    clock.sleep(2)
    assert bucket.refusal(asked) is None and bucket.refusal(asked) is not None


def test_a_refused_request_counts_for_no_limit() -> None:
    first = Limit(counts=requests(), most=3, seconds=10)
    second = Limit(counts=requests("Users"), most=1, seconds=10)
    throttle = Throttle(Limits(each=(first, second), headers=reset_at), Virtual())
    users, groups = (Asked("GET", (kind,), {}, None) for kind in ("Users", "Groups"))
    assert throttle.refusal(users) is None
    assert throttle.refusal(users) is not None and throttle.refusal(users) is not None
    assert throttle.refusal(groups) is None and throttle.refusal(groups) is None
    assert throttle.refusal(groups) is not None


def test_requests_of_several_threads_are_counted_once_each() -> None:
    throttle = Throttle(Limits(in_flight=1), Virtual())
    barrier, found = threading.Barrier(4), []

    def ask() -> None:
        found.append(throttle.begin() is None)
        barrier.wait()
        throttle.end()

    threads = [threading.Thread(target=ask) for _number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == [False, False, False, True]
