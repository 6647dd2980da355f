"""What must hold when runs are killed, interrupted, or meet each other (C1 to C4)."""

# crash.py          all cases → one line each, exit code 1 if one is not as expected
# crash.py CASE …   these

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from runs import Ended, Server, start

LAUNCH = Path(__file__).resolve().parents[2] / "setup_server/files/launch.py"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
State = dict[str, Any]


def person(number: int, title: str = "Clerk", **more: Any) -> dict[str, Any]:
    name = f"p{number}"
    return {
        "user_name": name,
        "external_id": f"x-{number}",
        "title": title,
        "emails": [{"value": f"{name}@example.com", "type": "work"}],
        **more,
    }


def directory(
    paper: list[dict[str, Any]], print_: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    return {
        "teams": [
            {"name": "Paper", "external_id": "t-1", "members": paper},
            {"name": "Print", "external_id": "t-2", "members": print_},
        ],
        **more,
    }


# How many writes may be under way when a run is killed.
AT_ONCE = 8

# Ten people in two teams; two are each other's managers, so that one of them is created without and gets his afterwards.
BOSSES = [person(0, enterprise={"manager": "p1"}), person(1, enterprise={"manager": "p0"})]
BEFORE = directory(
    [*BOSSES, *map(person, range(2, 5))], [person(number) for number in range(5, 10)]
)
# p4 moves, p9 leaves, p10 is new, p2 has another title.
AFTER = directory(
    [*BOSSES, person(2, "Boss"), person(3)], [person(number) for number in (4, 5, 6, 7, 8, 10)]
)
GROUPS = {
    "groups": [
        {"display_name": one["name"], "external_id": one["external_id"]} for one in BEFORE["teams"]
    ]
}
LAST = {"Paper": ["p0", "p1", "p2", "p3"], "Print": ["p10", "p4", "p5", "p6", "p7", "p8"]}


def state(server: Server) -> State:
    """Return the resources of the server by name, with managers.

    A name that exists twice is an error.
    """
    names = {one["id"]: one["userName"] for one in server.held("Users")}
    found: State = server.state()
    for one in found.values():
        manager = one.get(ENTERPRISE, {}).get("manager")
        if manager:
            one[ENTERPRISE] = {**one[ENTERPRISE], "manager": names[manager["value"]]}
    return found


def ids(server: Server) -> dict[str, str]:
    return {
        one.get("userName") or one["displayName"]: one["id"]
        for kind in ("Users", "Groups")
        for one in server.held(kind)
    }


def writes(server: Server) -> int:
    """Writes that were seen since the last look."""
    return sum(1 for one in server.ask(f"{server.recorder_url}/take")["entries"] if one["write"])


def whole(server: Server, options: dict[str, Any]) -> dict[str, Any]:
    """A run that nothing happens to → its result."""
    ended = start(server, options).end()
    assert not ended.signal and not ended.failure, ended
    return ended.result


def settled(server: Server, options: dict[str, Any]) -> None:
    """One more run changes nothing and writes nothing."""
    writes(server)
    result = whole(server, options)
    assert not result["changed"] and writes(server) == 0, (
        f"the last run was not without a change: {result['operations']}"
    )


def prepared(server: Server, options: dict[str, Any] | None) -> None:
    server.spoil()
    server.clear()
    if options:
        whole(server, options)
    writes(server)


def as_last(held: State) -> None:
    """The end that ``AFTER`` states, said once more."""
    assert {name: one["members"] for name, one in held.items() if "members" in one} == LAST, held
    assert {name for name, one in held.items() if one.get("active") is False} == {"p9"} and len(
        held
    ) == 13, held
    assert (
        held["p2"]["title"] == "Boss"
        and held["p0"][ENTERPRISE]["manager"] == "p1"
        and held["p1"][ENTERPRISE]["manager"] == "p0"
    ), held


# C1


def killed(server: Server) -> Iterator[str]:
    """SIGKILL after each write.

    The next run ends where one that was left alone ends, and leaves nothing to do.
    """
    for name, before, options in (
        ("onboarding", None, BEFORE),
        ("onboarding, side by side", None, {**BEFORE, "concurrency": AT_ONCE}),
        ("a mover, a leaver, a new one", BEFORE, AFTER),
    ):
        prepared(server, before)
        whole(server, options)
        at_once = options.get("concurrency", 1)
        count, end = writes(server), state(server)
        assert count > 5, f"{name}: only {count} writes"
        for number in range(1, count + 1):
            prepared(server, before)
            there = ids(server)
            ended = start(server, options, kill_after=number).end()
            seen = writes(server)
            # Side by side, earlier writes may not be there yet, and later ones may.
            least, most = (number, number) if at_once == 1 else (1, count)
            assert ended.signal == signal.SIGKILL and least <= seen <= most, (
                f"{name}: was not killed after write {number}: {ended}"
            )
            whole(server, options)
            held = state(server)
            assert held == end, (
                f"{name}, killed after write {number} of {count}: ends as {held}, not {end}"
            )
            assert there.items() <= ids(server).items(), (
                f"{name}, killed after write {number}: a user has a new id"
            )
            settled(server, options)
        yield f"C1 {name}: killed after each of {count} writes"
    as_last(end)


# C2


def interrupted(server: Server) -> Iterator[str]:
    """SIGTERM or Ctrl-C while a write is under way.

    That one is finished, none begins, and how far it came is told.
    """
    prepared(server, None)
    whole(server, BEFORE)
    count, end = writes(server), state(server)
    for sign, number in ((signal.SIGTERM, 3), (signal.SIGINT, count - 1)):
        prepared(server, None)
        running = start(server, BEFORE, hold_at=number)
        running.held()
        server.spoil({"action": "delay", "delay": 0.8, "times": None})
        running.let_go()
        time.sleep(0.3)
        os.kill(running.pid, sign)
        ended = running.end()
        done = writes(server)
        assert done == number, f"{sign.name} during write {number}: {done} writes in the end"
        told_so(ended, number, count)
        assert server.held("Users"), "no user exists"
        again(server, end)
    yield f"C2 SIGTERM and SIGINT during a write of {count}: {ended.failure}"
    prepared(server, None)
    running = start(server, BEFORE, hold_read=True)
    running.held()
    os.kill(running.pid, signal.SIGTERM)
    running.let_go()
    ended = running.end()
    assert (
        ended.failure == "interrupted before anything was changed" and not ended.result["changed"]
    ), ended
    assert writes(server) == 0 and not state(server)
    again(server, end)
    yield "C2 SIGTERM while reading: nothing was written"
    prepared(server, BEFORE)
    running = start(server, AFTER, hold_at=6)
    running.held()
    os.kill(running.pid, signal.SIGTERM)
    running.let_go()
    ended = running.end()
    assert ended.failure or not ended.result["not_tried"], ended
    whole(server, AFTER)
    as_last(state(server))
    settled(server, AFTER)
    yield "C2 SIGTERM late: the next run finishes it"


def told_so(ended: Ended, done: int, count: int) -> None:
    summary = ended.result["summary"]
    assert ended.failure == f"interrupted after {done} of {count} changes", ended
    assert (
        ended.result["changed"] is (done > 0)
        and len(ended.result["operations"]) == done
        and len(ended.result["not_tried"]) == count - done
    ), ended
    assert summary["created"] + summary["updated"] == done, summary


def again(server: Server, end: State) -> None:
    server.spoil()
    assert whole(server, BEFORE)["changed"]
    held = state(server)
    assert held == end, f"ends as {held}, not {end}"
    settled(server, BEFORE)


# C3 and C4


def together(server: Server, *options: dict[str, Any]) -> list[Ended]:
    """Runs that have all read the same before one of them writes, and then write side by side."""
    server.spoil({"action": "delay", "delay": 0.02, "times": None})
    running = [start(server, one, hold_at=1) for one in options]
    for one in running:
        one.held()
    for one in running:
        one.let_go()
    ended = [one.end() for one in running]
    server.spoil()
    return ended


def within(server: Server, options: dict[str, Any], number: int) -> list[Ended]:
    """A run that is held before its n-th write until another one, which has read the same, has done it all."""
    second = start(server, options, hold_at=1)
    second.held()
    first = start(server, options, hold_at=number)
    first.held()
    second.let_go()
    ended = [second.end()]
    first.let_go()
    return [*ended, first.end()]


def the_same(server: Server) -> Iterator[str]:
    """Check that two runs of one roster at once succeed and create no user twice."""
    for name, before, options, at in (
        ("onboarding", None, BEFORE, (1, 4, 10)),
        ("a mover, a leaver, a new one", BEFORE, AFTER, (1, 3, 5, 6)),
    ):
        prepared(server, before)
        whole(server, options)
        end = state(server)
        for number in (*at, 0):
            prepared(server, before)
            # Where a service lets groups have the same name, two runs that create one at the same moment make two: see at_one_moment.
            if number == 0 and not before:
                whole(server, GROUPS)
            ended = (
                within(server, options, number) if number else together(server, options, options)
            )
            assert not any(one.failure or one.signal for one in ended), [
                one.failure for one in ended
            ]
            held = state(server)
            assert held == end, f"{name}: two runs at once, {number}, end as {held}, not {end}"
            settled(server, options)
        yield f"C3 {name}: two at once, one within the other before write {', '.join(map(str, at))}, and side by side"


def at_one_moment(server: Server) -> Iterator[str]:
    """Two runs that both create the groups at the same moment, on a service that lets them have one name: told, and nothing is guessed."""
    prepared(server, None)
    first, second = start(server, GROUPS, hold_at=1), start(server, GROUPS, hold_at=1)
    for one in (first, second):
        one.held()
    for one in (first, second):
        one.let_go()
        ended = one.end()
        assert not ended.failure, ended
    assert len(server.held("Groups")) == 4
    writes(server)
    ended = start(server, BEFORE).end()
    assert (
        "group 'Paper': externalId 't-1' matches 2 groups" in ended.failure and writes(server) == 0
    ), ended
    yield f"C3 two groups of one name: {ended.failure}"


def different(server: Server) -> Iterator[str]:
    """Check two runs with different input at once.

    Each user and each member is as one of them sets.
    """
    rosters = [
        directory(
            [
                person(
                    number,
                    title,
                    nick_name=title,
                    emails=[{"value": f"{title}{number}@example.com", "type": "work"}],
                )
                for number in members
            ],
            [person(number) for number in range(5, 10)],
        )
        for title, members in (("One", (0, 1, 2, 3)), ("Two", (0, 1, 2, 4)))
    ]
    for name, before in (("from empty groups", GROUPS), ("from what was there", BEFORE)):
        prepared(server, before)
        ended = together(server, *rosters)
        for one in ended:
            assert not one.signal and len(one.failure) < 700, one
        held = state(server)
        for number in range(3):
            found = held[f"p{number}"]
            mail = [one["value"] for one in found["emails"]]
            assert (found["title"], found.get("nickName"), mail) in [
                (one, one, [f"{one}{number}@example.com"]) for one in ("One", "Two")
            ], found
        inside = set(held["Paper"]["members"])
        assert {"p0", "p1", "p2"} <= inside <= {"p0", "p1", "p2", "p3", "p4"}, inside
        assert held["Print"]["members"] == [f"p{number}" for number in range(5, 10)], held["Print"]
        yield f"C4 {name}: {', '.join(one.failure or 'succeeded' for one in ended)}; {', '.join(sorted(inside))}"
        whole(server, rosters[0])
        held = state(server)
        assert held["Paper"]["members"] == ["p0", "p1", "p2", "p3"] and {
            held[f"p{number}"]["title"] for number in range(4)
        } == {"One"}, held
        settled(server, rosters[0])


CASES: dict[str, Callable[[Server], Iterator[str]]] = {
    "killed": killed,
    "interrupted": interrupted,
    "the_same": the_same,
    "at_one_moment": at_one_moment,
    "different": different,
}


def main() -> int:
    """Run cases one after the other against one server → whether one was not as expected."""
    command = [sys.executable, str(LAUNCH), "start", "--seconds=600"]
    started = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    server = Server(
        started["url"], started["direct_url"], started["recorder_url"], started["token"]
    )
    failed = 0
    try:
        for name in sys.argv[1:] or CASES:
            begun = time.monotonic()
            try:
                for line in CASES[name](server):
                    print(f"{line} ({time.monotonic() - begun:.1f} s)", flush=True)
            except Exception as fault:  # pylint: disable=broad-exception-caught
                failed += 1
                said = str(fault) if isinstance(fault, AssertionError) else traceback.format_exc()
                print(f"NOT AS EXPECTED, {name}: {said[:3000]}", file=sys.stderr, flush=True)
    finally:
        subprocess.run(
            [sys.executable, str(LAUNCH), "stop", *map(str, started["pids"])], check=False
        )
        shutil.rmtree(started["folder"], ignore_errors=True)
    if not failed:
        print("as expected")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
