# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the lines about a run that takes long."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import pytest
from ansible_collections.identity.scim.plugins.plugin_utils._in_worker import Run, run_in_worker
from ansible_collections.identity.scim.plugins.plugin_utils._progress import (
    ProgressLines,
    in_words,
    line,
)
from ansible_collections.identity.scim.tests.unit.faults.hostile import (
    TOKEN,
    Asked,
    Reply,
    hostile,
    people,
)


@pytest.mark.parametrize(
    ("counts", "seconds", "said"),
    [
        ((30, 90), 10.0, "writing: 30 of 90, 3.0 a second, 20 s left"),
        ((30, None), 10.0, "writing: 30 done, 3.0 a second"),
        ((30, 0), 10.0, "writing: 30 done, 3.0 a second"),
        ((91, 90), 10.0, "writing: 91 done, 9.1 a second"),
        ((0, 90), 10.0, "writing: 0 of 90, 0.0 a second"),
        ((5, 9), 0.0, "writing: 5 of 9, 0.0 a second"),
    ],
)
def test_a_line_says_done_total_rate_and_time_left(
    counts: tuple[int, int | None], seconds: float, said: str
) -> None:
    assert line("writing", counts, seconds) == said


def test_a_line_comes_at_most_every_so_many_seconds() -> None:
    now, said, detail = [0.0], list[str](), list[str]()
    lines = ProgressLines(said.append, detail.append, 10.0, clock=lambda: now[0])
    for second in range(36):
        now[0] = float(second)
        lines("writing", second, 100, second + 2)
    assert said == [
        "writing: 10 of 100, 1.0 a second, 90 s left",
        "writing: 20 of 100, 1.0 a second, 80 s left",
        "writing: 30 of 100, 1.0 a second, 70 s left",
    ]
    assert not detail
    lines.end()
    assert detail == ["writing: 35, 37 requests, 35.0 s"]


def test_each_phase_begins_anew_and_a_short_one_has_no_line() -> None:
    now, said, detail = [0.0], list[str](), list[str]()
    lines = ProgressLines(said.append, detail.append, 10.0, clock=lambda: now[0])
    lines("reading Users", 5, 5, 1)
    now[0] = 9.0
    lines("writing", 1, 2, 2)
    now[0] = 18.0
    lines("writing", 2, 2, 3)
    lines.end()
    lines.end()
    assert not said
    assert detail == ["reading Users: 5, 1 requests, 9.0 s", "writing: 2, 2 requests, 9.0 s"]


def test_only_the_main_thread_prints() -> None:
    said: list[str] = []
    lines = ProgressLines(said.append, said.append, 0.0)
    other = threading.Thread(target=lines, args=("writing", 1, 2, 1))
    other.start()
    other.join()
    lines.end()
    assert not said


def test_a_run_tells_what_it_reads_and_writes() -> None:
    told: list[tuple[str, int, int | None, int]] = []
    rows = [{"user_name": f"p{number}"} for number in range(12)]
    with hostile(people("pam")) as service:
        args = {"server_url": service.url, "token": TOKEN, "users": rows}
        run = Run(module="scim_directory", called="x", check=False, diff=False, folder=os.getcwd())
        result = run_in_worker(run, args, lambda *one: told.append(one))
    assert result["changed"], result
    phases = list(dict.fromkeys(one[0] for one in told))
    assert phases == ["reading Users", "writing"]
    assert [one[1:3] for one in told if one[0] == "writing"][-1] == (12, 12)
    assert told[-1][3] <= result["requests"]


@pytest.mark.parametrize(("count", "is_told"), [(15, False), (60, True)])
def test_many_look_ups_are_a_phase(count: int, is_told: bool) -> None:
    """Where users are many more than rows, each row is looked up, which may take minutes."""
    told: list[tuple[str, int, int | None, int]] = []
    rows = [{"user_name": f"p{number}"} for number in range(count)]

    def is_large(asked: Asked, honest: Callable[[], Reply]) -> Reply:
        reply = honest()
        if asked.is_listing:
            reply.body["totalResults"] = 10**6
        return reply

    with hostile(people("pam"), is_large) as service:
        args = {"server_url": service.url, "token": TOKEN, "users": rows, "use_proxy": False}
        args["capabilities"] = {"filter_clauses": 1}
        run = Run(module="scim_directory", called="x", check=True, diff=False, folder=os.getcwd())
        result = run_in_worker(run, args, lambda *one: told.append(one))
    assert result["changed"], result
    looked = [one[1:3] for one in told if one[0] == "looking up Users"]
    assert looked[-1:] == [(count, count)] * is_told
    assert looked == sorted(looked)


COUNTS = {
    "summary": {"created": 3, "updated": 0, "unchanged": 494, "requests": 12, "seconds": 1.5},
    "moves": {"joined": 3, "left": 1, "moved": 2},
}


def test_what_a_run_did_is_one_line_of_counts() -> None:
    said = "3 created, 3 joined, 1 left, 2 moved, 494 unchanged, 12 requests"
    assert in_words(COUNTS, check=False) == said
    said = (
        "3 would be created, 3 would join, 1 would leave, 2 would move, 494 unchanged, 12 requests"
    )
    assert in_words(COUNTS, check=True) == said
    nothing = {"summary": {"unchanged": 2, "requests": 1}, "moves": {}}
    assert in_words(nothing, check=True) == "2 unchanged, 1 request"
    failed = {**COUNTS, "moves": {}, "failures": [{"name": "jim"}, {"name": "pam"}]}
    said = "3 created, 2 failed, 494 unchanged, 12 requests"
    assert in_words(failed, check=False) == said


@pytest.mark.parametrize("result", [{}, {"summary": "x"}, {"failed": True, "msg": "no"}])
def test_other_results_have_no_counts(result: dict[str, object]) -> None:
    assert in_words(result, check=False) == ""
