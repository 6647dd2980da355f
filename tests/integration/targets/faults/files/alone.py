"""Knows a short life of each kind of resource, and how each fault strikes each of its requests, alone and always."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from driving import Said, Server
from faults import FAULTS

Step = tuple[str, Mapping[str, Any]]
GIVES_UP = {"429 huge"}
# Faults that differ from one of the others only in what the retry policy reads, or that take time: they strike one request of each step.
BRIEFLY = {
    name: 1
    for name in FAULTS
    if name.partition(" ")[2] in ("date", "past date", "no zone", "junk")
    or name[:3] in ("502", "504")
}
BRIEFLY |= {
    "429 plain": 1,
    "503 plain": 0,
    "503 done": 1,
    "closed": 1,
    "cut": 1,
    "stalled": 1,
    "dripping": 0,
}
NOT_NEEDED = (
    "/Me ",
    "/ServiceProviderConfig ",
    "/ResourceTypes ",
    "/Schemas ",
)  # what cannot be read of these is no failure
PATIENCE = {"timeout": 0.3, "retries": 1, "retry_max_wait": 0.2}
PEOPLE = ("pam", "jim", "toby")
USER = {"user_name": "pam", "external_id": "pam-1"}
URN = "urn:ietf:params:scim:schemas:core:2.0:User"


def team(name: str, *members: str) -> dict[str, Any]:
    return {"name": name, "members": [{"user_name": one} for one in members]}


# What is there, and what is then done, one step after the other.
LIVES: dict[str, tuple[tuple[str, ...], list[Step]]] = {
    "scim_user": (
        ("Office",),
        [
            ("scim_user", {**USER, "title": "Clerk", "groups": {"add": ["Office"]}}),
            (
                "scim_user",
                {
                    **USER,
                    "title": "Painter",
                    "emails": [{"value": "pam@example.com", "type": "work"}],
                    "active": True,
                },
            ),
            ("scim_user", {**USER, "nick_name": "Pam", "update_method": "put"}),
            ("scim_user", {**USER, "state": "inactive"}),
            ("scim_user", {**USER, "state": "absent"}),
        ],
    ),
    "scim_group": (
        PEOPLE,
        [
            (
                "scim_group",
                {"display_name": "Sales", "external_id": "s", "members": {"set": ["pam", "jim"]}},
            ),
            (
                "scim_group",
                {
                    "display_name": "Art",
                    "external_id": "s",
                    "members": {"add": ["toby"], "remove": ["jim"]},
                },
            ),
            ("scim_group", {"display_name": "Art", "state": "absent"}),
        ],
    ),
    "scim_group_membership": (
        (*PEOPLE, "Party"),
        [
            ("scim_group_membership", {"group": "Party", "members": ["pam", "jim"]}),
            (
                "scim_group_membership",
                {"group": "Party", "members": ["jim", "toby"], "state": "exact"},
            ),
            ("scim_group_membership", {"group": "Party", "members": ["jim"], "state": "absent"}),
        ],
    ),
    "scim_directory": (
        (),
        [
            ("scim_directory", {"teams": [team("A", "pam", "jim"), team("B", "toby")]}),
            (
                "scim_directory",
                {
                    "teams": [team("A", "pam"), team("B", "pam", "jim")],
                    "thresholds": {"max_removals": "none", "members_removed_per_group": "none"},
                },
            ),
        ],
    ),
    "scim_resource": (
        (),
        [
            (
                "scim_resource",
                {
                    "endpoint": "Users",
                    "schema": URN,
                    "match_by": ["userName"],
                    "attributes": {"userName": "pam", "title": "Clerk"},
                },
            ),
            (
                "scim_resource",
                {
                    "endpoint": "Users",
                    "match_by": ["userName"],
                    "attributes": {"userName": "pam"},
                    "state": "absent",
                },
            ),
        ],
    ),
    "scim_user_info": (
        PEOPLE,
        [("scim_user_info", {"page_size": 2}), ("scim_user_info", {"user_name": "pam"})],
    ),
    "scim_group_info": (("Office",), [("scim_group_info", {"display_name": "Office"})]),
    "scim_resource_info": (PEOPLE, [("scim_resource_info", {"endpoint": "Users"})]),
    "scim_service_provider_info": ((), [("scim_service_provider_info", {})]),
}


def one_sentence(said: str) -> None:
    assert said, "no failure"
    assert (
        "\n" not in said
        and "Traceback" not in said
        and "internal error" not in said
        and len(said) < 700
    ), said


def struck(server: Server, step: Step, name: str, number: int, before: Any) -> tuple[bool, Any]:
    """One step with its request number ``number`` (from 0) spoilt → (whether there was such a request, what is held afterwards)."""
    module, given = step
    server.spoil({"fault": name, "skip": number})
    said = server.run(module, options={"timeout": 1.5}, **given)
    after = server.state()
    place = f"{module} {dict(given)}, request {number + 1} {name}"
    assert before != after or not said.changed, (
        f"{place}: reports a change, and nothing is changed; {seen(said)}"
    )
    assert before == after or said.changed or said.failure, (
        f"{place}: changed something and does not say so; {seen(said)}"
    )
    needed = [one for one in said.faults if not any(path in one for path in NOT_NEEDED)]
    if name in GIVES_UP and needed:
        # A read that only proves or judges may fail: then the task says so and goes on.
        goes_on = not said.failure and (said.result["warnings"] or not said.writes)
        assert goes_on or one_sentence(said.failure) is None, f"{place}: {seen(said)}"
    else:
        assert not said.failure, f"{place}: {said.failure}; {seen(said)}"
    server.spoil()
    if said.failure:
        said = server.run(module, **given)
        assert not said.failure, f"{place}: the second run failed too: {said.failure}"
        after = server.state()
    again = server.run(module, **given)
    assert not again.failure and not again.changed and not again.writes, (
        f"{place}: the last run is not without a change; {seen(again)}"
    )
    return said.seen["requests"] > number, after


def seen(said: Said) -> list[str]:
    return [
        f"{one['method']} {one['path']} {one['status']} {one.get('fault', '')}".strip()
        for one in said.seen["entries"]
    ]


def prepared(server: Server, module: str) -> list[Step]:
    """Only what the life of a module begins with is there → its steps."""
    server.clear()
    there, steps = LIVES[module]
    for name in there:
        kind, key = ("Group", "displayName") if name[0].isupper() else ("User", "userName")
        server.ask(
            f"{server.direct_url}/{kind}s",
            "POST",
            {"schemas": [f"urn:ietf:params:scim:schemas:core:2.0:{kind}"], key: name},
        )
    return steps


def alone(server: Server, module: str) -> str:
    """Each fault strikes each request of a module's life by itself.

    It ends as it does without.
    """
    server.spoil()
    ends: list[Any] = []
    for one, given in prepared(server, module):
        said = server.run(one, **given)
        assert not said.failure, said.failure
        ends.append(server.state())
    struck_at = 0
    for name in FAULTS:
        number = BRIEFLY.get(name, 0)
        met = True
        while met:
            steps = prepared(server, module)
            held = server.state()
            met = False
            for step, end in zip(steps, ends):
                hit, held = struck(server, step, name, number, held)
                met = met or hit
                struck_at += hit
                assert held == end, (
                    f"{step} with request {number + 1} {name}: ends as {held}, not {end}"
                )
            number += 1
            met = met and name not in BRIEFLY
    return f"{module}: {struck_at} faults"


def always(server: Server) -> Iterator[str]:
    """Each fault at every request.

    Every module gives up in time, with one sentence, and nothing is done twice.
    """
    server.spoil()
    prepared(server, "scim_group_membership")
    for name in FAULTS:
        before = server.state()
        server.spoil({"fault": name, "times": None})
        with ThreadPoolExecutor(len(LIVES)) as pool:
            seconds = list(
                pool.map(lambda module, fault=name: given_up(server, module, fault), LIVES)
            )  # type: ignore[misc]
        after = server.state()
        assert (
            name.endswith("done")
            or name in ("lost", "truncated", "cut", "stalled", "dripping")
            or before == after
        ), f"{name}: {before} is now {after}"
        yield f"{name} always: {max(seconds):.1f} seconds at most"


def given_up(server: Server, module: str, name: str) -> float:
    task, given = LIVES[module][1][0]
    said = server.run(task, sleep=time.sleep, options=PATIENCE, count=False, **given)
    if module == "scim_service_provider_info":
        assert not said.failure and len(said.result["warnings"]) == 3, (
            f"{said.failure} {said.result}"
        )
    else:
        assert said.failure, f"{task} with {name} always: succeeded"
        one_sentence(said.failure)
        assert not said.changed, f"{task} with {name} always: reports a change"
    return said.seconds
