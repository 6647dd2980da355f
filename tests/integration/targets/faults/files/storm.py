"""Knows a directory of 200 people in teams that is onboarded and then changed while every fault strikes at random; F30."""

from __future__ import annotations

import random
from typing import Any

from driving import Said, Server

PEOPLE = 200
TEAMS = 8
CHANCE = 0.05
TRIES = 3


def roster(seed: int, moved: bool) -> dict[str, Any]:
    """The people in teams.

    ``moved``: some have moved, some have left, some have a new title.
    """
    luck = random.Random(seed)
    teams: list[list[int]] = [
        [one for one in range(PEOPLE) if one % TEAMS == number] for number in range(TEAMS)
    ]
    teams[0] += luck.sample(teams[1], 5)  # users in two teams
    titles = dict.fromkeys(range(PEOPLE), "Clerk")
    if moved:
        for one in luck.sample(range(PEOPLE), 16):  # movers, and users that stay
            for team in teams:
                team[:] = [other for other in team if other != one]
            luck.choice(teams).append(one)
        for one in luck.sample(range(PEOPLE), 8):  # leavers
            for team in teams:
                team[:] = [other for other in team if other != one]
        titles |= dict.fromkeys(luck.sample(range(PEOPLE), 20), "Manager")
    return {
        "teams": [
            {
                "name": f"Team {number}",
                "external_id": f"t-{number}",
                "members": [
                    {
                        "user_name": f"p{one}",
                        "external_id": f"x-{one}",
                        "title": titles[one],
                        "emails": [{"value": f"p{one}@example.com", "type": "work"}],
                    }
                    for one in team
                ],
            }
            for number, team in enumerate(teams)
        ]
    }


def wanted(seed: int) -> dict[str, Any]:
    """What the server is to hold in the end."""
    before, after = roster(seed, False)["teams"], roster(seed, True)["teams"]
    groups = {team["name"]: sorted(one["user_name"] for one in team["members"]) for team in after}
    staying = {one["user_name"]: one["title"] for team in after for one in team["members"]}
    everybody = {one["user_name"] for team in before for one in team["members"]}
    return {**groups, **{name: (staying.get(name, "Clerk"), name in staying) for name in everybody}}


def plain(state: dict[str, Any]) -> dict[str, Any]:
    return {
        name: one["members"] if "members" in one else (one.get("title"), one.get("active"))
        for name, one in state.items()
    }


def honest(said: Said, before: Any, after: Any) -> None:
    """``changed`` only for what the server did.

    And nothing done without it being told, unless the run failed.
    """
    assert before != after or not said.changed, (
        f"reports a change, and nothing is changed: {said.result['summary']}, faults {said.faults}"
    )
    assert before == after or said.changed or said.failure, (
        f"changed something and does not say so; faults {said.faults}"
    )


def until_done(
    server: Server, seed: int, step: int, given: dict[str, Any], again: list[str]
) -> int:
    """Run until it succeeds, three times at most → the number of faults met."""
    met = 0
    after = server.state()
    for attempt in range(TRIES):
        server.spoil({"chance": CHANCE, "seed": seed * 100 + step * 10 + attempt})
        before = after
        said = server.run(
            "scim_directory", options={"timeout": 2}, thresholds={"max_removals": "none"}, **given
        )
        after = server.state()
        met += len(said.faults)
        honest(said, before, after)
        if not said.failure:
            return met
        again.append(said.failure)
    raise AssertionError(
        f"did not succeed within {TRIES} runs: {said.failure}; faults {said.faults}"
    )


def storm(server: Server, seed: int) -> str:
    """One seed, from nothing to the changed directory → a line about it."""
    again: list[str] = []
    met = sum(until_done(server, seed, step, roster(seed, bool(step)), again) for step in (0, 1))
    server.spoil()
    last = server.run("scim_directory", **roster(seed, True))
    assert not last.failure and not last.changed and not last.writes, (
        f"the last run: {last.failure or last.result['summary']}"
    )
    held, ought = plain(server.state()), wanted(seed)
    odd = {
        name: (held.get(name), ought.get(name))
        for name in {*held, *ought}
        if held.get(name) != ought.get(name)
    }
    assert not odd, f"{len(odd)} are not as desired: {dict(list(odd.items())[:5])}"
    server.clear()
    return f"seed {seed}: {met} faults, {len(again)} runs failed and were repeated"
