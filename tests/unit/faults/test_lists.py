# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that lie.

They remove nothing and create no user twice, and every walk ends soon with one sentence.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults.hostile import (
    Asked,
    Hostile,
    Reply,
    Spell,
    hostile,
    people,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

NAMES = [f"user{number:02}" for number in range(30)]
HERE = [{"user_name": name} for name in NAMES[:25]]
SAFE = {"max_removals": "none"}
Honest = Callable[[], Reply]


def only(kind: str, change: Callable[[Asked, Honest], Reply]) -> Spell:
    """A spell over lists of everything of a kind."""
    return lambda asked, honest: (
        change(asked, honest) if asked.is_listing and asked.kind == kind else honest()
    )


def first_page_always(asked: Asked, honest: Honest) -> Reply:
    asked.query.pop("startIndex", None)
    return honest()


def starts_over(asked: Asked, honest: Honest) -> Reply:
    start = int(asked.query.get("startIndex", 1))
    asked.query["startIndex"] = str((start - 1) % 20 + 1)
    return honest()


def endless(grows: bool) -> Callable[[Asked, Honest], Reply]:
    fresh = itertools.count()

    def change(asked: Asked, honest: Honest) -> Reply:
        rows = [
            {"id": f"x{next(fresh)}", "userName": f"x{next(fresh)}", "displayName": "x"}
            for _row in range(10)
        ]
        start = int(asked.query.get("startIndex", 1))
        return Reply(200, {"Resources": rows, **({"totalResults": start + 30} if grows else {})})

    return change


def total(number: Any) -> Callable[[Asked, Honest], Reply]:
    def change(asked: Asked, honest: Honest) -> Reply:
        reply = honest()
        reply.body["totalResults"] = number
        return reply

    return change


def without_total(inner: Callable[[Asked, Honest], Reply]) -> Callable[[Asked, Honest], Reply]:
    def change(asked: Asked, honest: Honest) -> Reply:
        reply = inner(asked, honest)
        del reply.body["totalResults"]
        return reply

    return change


def page_three(reply: Reply) -> Callable[[Asked, Honest], Reply]:
    return lambda asked, honest: reply if int(asked.query.get("startIndex", 1)) > 20 else honest()


def cursors(
    follow: Callable[[int], Any], size: int = 10, keep_total: bool = True
) -> Callable[[Asked, Honest], Reply]:
    """Answer with pages by cursor.

    ``follow`` returns the cursor after a number of rows, or None.
    """

    def change(asked: Asked, honest: Honest) -> Reply:
        start = int(asked.query.pop("cursor", "") or 0) % 1000
        asked.query.update(startIndex=str(start + 1), count=str(size))
        reply = honest()
        following = follow(start + size)
        reply.body.pop("startIndex")
        if following is not None:
            reply.body["nextCursor"] = following
        if not keep_total:
            del reply.body["totalResults"]
        return reply

    return change


def never_whole_for_long(asked: Asked, honest: Honest) -> Reply:
    """Every second one is missing from the pages."""
    reply = honest()
    reply.body["Resources"] = reply.body["Resources"][::2]
    return reply


_fresh = itertools.count(1)
LIES: dict[str, Callable[[Asked, Honest], Reply]] = {
    "M1 the page repeats": first_page_always,
    "M1 it starts over": lambda asked, honest: total(40)(asked, lambda: starts_over(asked, honest)),
    "M1 the page repeats and no total is told": without_total(first_page_always),
    "M1 the cursor loops": cursors(lambda start: "10"),
    "M1 the cursor loops and no total is told": cursors(
        lambda start: str(start % 20), keep_total=False
    ),
    "fresh cursors, old pages": cursors(lambda start: str(1000 * next(_fresh))),
    "the cursor is no text": cursors(lambda start: [start], keep_total=False),
    "the cursor ends too early": cursors(lambda start: str(start) if start < 20 else None),
    "F27 fewer than the total": total(48),
    "F27 more than the total": total(12),
    "a total below zero": total(-1),
    "a total beyond all bounds": total(10**18),
    "rows are missing": never_whole_for_long,
    "M2 fresh pages for ever": endless(True),
    "F26 page 3 answers 500": page_three(Reply(500, {"detail": "oh"})),
    "F26 page 3 answers 400": page_three(Reply(400, {"detail": "oh"})),
    "F26 page 3 is a page of HTML": page_three(
        Reply(200, raw=b"<html>Sign in</html>", media="text/html")
    ),
    "F26 page 3 is no list": page_three(Reply(200, {"totalResults": 30})),
    "F26 page 3 holds a row without id": page_three(
        Reply(200, {"totalResults": 30, "Resources": [{"userName": "x"}]})
    ),
    "F26 page 3 holds no object": page_three(Reply(200, {"totalResults": 30, "Resources": [None]})),
    "F26 page 3 has an id that is a list": page_three(
        Reply(200, {"totalResults": 30, "Resources": [{"id": ["x"]}]})
    ),
}
lies = pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())


def bounded(service: Hostile, seconds: float) -> None:
    assert service.reads < 120 and seconds < 10


@lies
def test_lists_that_lie_purge_no_user(lie: Callable[[Asked, Honest], Reply]) -> None:
    with hostile(people(*NAMES, page=10), only("Users", lie)) as service:
        said = run(
            service, "scim_directory", users=HERE, purge={"users": "absent"}, thresholds=SAFE
        )
        assert said.failure and not said.changed and not service.writes
        bounded(service, said.seconds)


@lies
def test_no_group_is_purged(lie: Callable[[Asked, Honest], Reply]) -> None:
    store = Store(page=10)
    for number in range(30):
        store.group(f"group{number}")
    with hostile(store, only("Groups", lie)) as service:
        groups = [{"display_name": f"group{number}"} for number in range(25)]
        said = run(
            service, "scim_directory", groups=groups, purge={"groups": "absent"}, thresholds=SAFE
        )
        assert said.failure and not said.changed and not service.writes
        bounded(service, said.seconds)


@lies
def test_lists_that_lie_deactivate_no_leaver(lie: Callable[[Asked, Honest], Reply]) -> None:
    store = people("pam", "jim", page=10)
    store.group("Sales", ["pam", "jim"])
    for number in range(29):
        store.group(f"group{number}", ["jim"] if number == 25 else [])
    with hostile(store, only("Groups", lie)) as service:
        said = run(
            service,
            "scim_directory",
            teams=[{"name": "Sales", "members": [{"user_name": "pam"}]}],
            thresholds=SAFE,
        )
        assert store["jim"]["active"] is True
        assert (
            said.failure
            and not service.writes
            or any("no leaver is deactivated" in one for one in said.warnings)
        ), said
        bounded(service, said.seconds)


@lies
def test_a_list_is_not_taken_for_whole_by_the_info_module(
    lie: Callable[[Asked, Honest], Reply],
) -> None:
    with hostile(people(*NAMES, page=10), only("Users", lie)) as service:
        said = run(service, "scim_user_info")
        assert said.failure
        bounded(service, said.seconds)


@lies
def test_lists_that_lie_create_no_user_without_filters(
    lie: Callable[[Asked, Honest], Reply],
) -> None:
    """Without filters everything is listed.

    A user missing from a list that lies is not new.
    """
    with hostile(people(*NAMES, page=10), only("Users", lie)) as service:
        said = run(
            service,
            "scim_user",
            user_name="andy",
            connection={"capabilities": {"filters": False}},
        )
        assert said.failure and not service.writes
        bounded(service, said.seconds)


@pytest.mark.parametrize("module", ["scim_user_info", "scim_user"])
def test_m1_a_service_without_pages_and_totals_is_told_what_to_set(module: str) -> None:
    options = {} if module == "scim_user_info" else {"user_name": "ann"}
    with hostile(people("ann"), without_total(first_page_always)) as service:
        said = run(service, module, **options)
        assert "the last page contained nothing new" in said.failure and not service.writes
        assert "set capabilities: {paging: none}" in said.failure
        capabilities = {"capabilities": {"paging": "none"}}
        assert not run(service, module, connection=capabilities, **options).failure


def test_f27_sentence_contains_both_numbers() -> None:
    with hostile(people(*NAMES, page=10), only("Users", total(48))) as service:
        said = run(
            service, "scim_directory", users=HERE, purge={"users": "absent"}, thresholds=SAFE
        )
        assert "30 of 48" in said.failure
        assert (
            sum(
                one.is_listing and one.kind == "Users" and one.query["startIndex"] == "1"
                for one in service.seen
            )
            == 2
        ), "it is read again once"


@pytest.mark.parametrize(
    "change",
    [total(None), total("30"), total("many"), without_total(lambda asked, honest: honest())],
    ids=["null", "a text", "no number", "not there"],
)
def test_list_without_a_total_is_whole_after_its_last_page(
    change: Callable[[Asked, Honest], Reply],
) -> None:
    """Then the empty page at the end proves that it is one."""
    with hostile(people(*NAMES, page=10), only("Users", change)) as service:
        said = run(service, "scim_user_info")
        assert not said.failure and len(said.result["users"]) == 30


@pytest.mark.parametrize(
    "follow",
    [
        lambda start: str(start) if start < 30 else None,
        lambda start: start if start < 30 else None,
        lambda start: str(start) if start < 30 else "",
    ],
    ids=["text", "number", "empty at the end"],
)
@pytest.mark.parametrize("keep_total", [True, False], ids=["with a total", "without one"])
def test_pages_by_cursor(follow: Callable[[int], Any], keep_total: bool) -> None:
    with hostile(
        people(*NAMES, page=10), only("Users", cursors(follow, keep_total=keep_total))
    ) as service:
        said = run(
            service, "scim_directory", users=HERE, purge={"users": "absent"}, thresholds=SAFE
        )
        assert not said.failure and len(service.writes) == 5
        pages = [one for one in service.seen if one.is_listing]
        assert service.reads < 8 and ["startIndex" in one.target for one in pages] == [
            True,
            *[False] * (len(pages) - 1),
        ]


@pytest.mark.parametrize("times, works", [(1, True), (2, False)])
@pytest.mark.parametrize("problem", ["expiredCursor", "invalidCursor"])
def test_a_cursor_that_expired_begins_the_walk_anew_once(
    times: int, works: bool, problem: str
) -> None:
    left = [times]

    def change(asked: Asked, honest: Honest) -> Reply:
        if asked.query.get("cursor") == "20" and left[0]:
            left[0] -= 1
            return Reply(400, {"scimType": problem, "detail": "too late"})
        return cursors(lambda start: str(start) if start < 30 else None)(asked, honest)

    with hostile(people(*NAMES, page=10), only("Users", change)) as service:
        said = run(service, "scim_user_info")
        assert (len(said.result.get("users", ())) == 30 and not said.failure) is works
        assert (
            works
            or said.failure == f"listing users: the service answered 400: too late ({problem})"
        )
        assert service.reads == (5 + 1 if works else 6)


@pytest.mark.parametrize("grows", [True, False], ids=["with a total that grows", "without one"])
def test_m2_endless_list_is_ended(grows: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from ansible_collections.identity.scim.plugins.module_utils._protocol import answers

    monkeypatch.setattr(answers, "MOST_RESOURCES", 500)
    with hostile(Store(), only("Users", endless(grows))) as service:
        said = run(service, "scim_user_info")
        assert service.reads <= 51 + 16  # 16 pages at most are read ahead
        assert said.failure.endswith("stopped after 500 resources")


def test_l17_a_list_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    from ansible_collections.identity.scim.plugins.module_utils._converge import pages

    monkeypatch.setattr(pages, "LONGEST", -1)
    with hostile(people(*NAMES, page=10)) as service:
        said = run(service, "scim_user_info")
        assert "the list takes too long; stopped after" in said.failure and service.reads >= 1


def test_a_page_that_is_never_there_ends_in_one_try_each() -> None:
    with hostile(people(*NAMES, page=10), only("Users", page_three(Reply(503)))) as service:
        said = run(service, "scim_user_info")
        assert said.failure.startswith(
            "listing users: the service still answered 503 after 2 tries"
        )
        assert service.reads == 4


def test_same_user_twice_in_a_list_is_one() -> None:
    def change(asked: Asked, honest: Honest) -> Reply:
        reply = honest()
        reply.body["Resources"] *= 2
        reply.body["totalResults"] = 3
        return reply

    with hostile(people("pam", "jim", "toby"), only("Users", change)) as service:
        said = run(service, "scim_user_info")
        assert [one["userName"] for one in said.result["users"]] == ["pam", "jim", "toby"]
