# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directories of every kind, sense or not.

They are refused before any write, or made so and then left alone; on a service without faults.
"""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    run,
)

PEOPLE = tuple("abcde")
GROUPS = ("G1", "G2", "G3")


def sometimes(value: Any, *others: Any, of: int = 4) -> st.SearchStrategy[Any]:
    """Mostly nothing: a value in one of so many cases."""
    return st.integers(1, of).flatmap(
        lambda luck: st.sampled_from((value, *others)) if luck == 1 else st.none()
    )


def only_set(**options: Any) -> dict[str, Any]:
    return {key: value for key, value in options.items() if value is not None}


@st.composite
def services(draw: st.DrawFn) -> Faulty:
    """People and groups, nested too, some of them known by more than their name.

    Some services number both alike.
    """
    store = Faulty(alike=draw(st.booleans()))
    for name in draw(st.lists(st.sampled_from(PEOPLE), unique=True, min_size=3)):
        more = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "externalId": st.just(f"E{name}"),
                    "emails": st.just([{"value": f"{name}@x", "type": "work"}]),
                },
            )
        )
        store.user(
            draw(st.sampled_from((name, name, name.upper()))),
            active=draw(st.sampled_from((True, True, False))),
            **more,
        )
    for name in draw(st.lists(st.sampled_from(GROUPS), unique=True, min_size=1)):
        inside = draw(
            st.lists(
                st.sampled_from(
                    sorted(store.names("Users") | (set() if store.alike else store.names("Groups")))
                ),
                unique=True,
            )
        )
        store.group(
            name,
            inside,
            **draw(st.fixed_dictionaries({}, optional={"externalId": st.just(f"X{name}")})),
        )
    return store


@st.composite
def inputs(draw: st.DrawFn, store: Faulty) -> dict[str, Any]:
    """Return ``users``, ``groups`` and ``teams`` that set the same for a user everywhere.

    What they refer to mostly exists.
    """
    groups_there = st.sampled_from(sorted(store.names("Groups")) * 5 + list(GROUPS))

    def reference() -> Any:
        one = draw(st.sampled_from([*store.held["Users"].values()]))
        forms: list[Any] = [one["userName"], one["userName"].lower()]
        forms += [{"external_id": one["externalId"]}] if "externalId" in one else []
        forms += [{"email": one["emails"][0]["value"]}] if "emails" in one else []
        return draw(
            st.sampled_from(
                forms + ([draw(st.sampled_from(PEOPLE))] if draw(st.integers(1, 8)) == 1 else [])
            )
        )

    def person(name: str) -> dict[str, Any]:
        mail = draw(sometimes([{"value": f"{name}@x", "type": "work"}]))
        return only_set(
            user_name=draw(st.sampled_from((name, name, name.upper()))),
            external_id=draw(sometimes(f"E{name}")),
            title=draw(sometimes("x")),
            emails=mail,
            enterprise={"manager": reference()} if draw(st.integers(1, 8)) == 1 else None,
            match_by=mail and draw(sometimes(["email", "user_name"])),
            groups=draw(
                sometimes({"add": ["G1"]}, {"remove": ["G2"]}, {"set": ["G3"]}, {"set": []}, of=12)
            ),
            **draw(
                st.sampled_from(
                    (
                        *[{}] * 5,
                        {"state": "present"},
                        {"state": "inactive"},
                        {"state": "absent"},
                        {"active": True},
                        {"active": False},
                    )
                )
            ),
        )

    said = {name: person(name) for name in PEOPLE}
    order = draw(st.permutations(GROUPS))
    cut = draw(st.integers(0, 2))
    some = st.lists(st.sampled_from(PEOPLE), unique=True, max_size=4)
    teams = [
        only_set(
            name=draw(st.sampled_from((name, name, name.lower()))),
            state=draw(st.sampled_from(("onboarded", "onboarded", "offboarded"))),
            membership=draw(sometimes("additive", "exact")),
            groups=[one for one in [draw(groups_there)] if draw(st.integers(1, 5)) == 1],
            members=[said[one] for one in draw(some)],
            external_id=draw(sometimes(f"X{name}")),
        )
        for name in (*order[:cut], *([order[0]] if draw(st.integers(1, 8)) == 1 else ()))
    ]
    groups = []
    for name in order[cut:]:
        members = draw(
            st.sampled_from(("none", "none", "set", "change", "none" if store.alike else "nest"))
        )
        given = {
            "set": {"set": [reference()]},
            "change": {"add": [reference()], "remove": [reference()]},
            "nest": {"add": [{"group": draw(groups_there)}]},
        }
        state = draw(sometimes("absent", of=6))
        names = draw(
            st.sampled_from(
                (
                    {"display_name": name},
                    {"display_name": name},
                    {"display_name": f"{name}new", "previous_names": [name]},
                )
            )
        )
        groups.append(only_set(**names, state=state, members=None if state else given.get(members)))
    users = [said[one] for one in draw(st.sampled_from((PEOPLE, (), ())))] or [
        said[one] for one in draw(some)
    ]
    teams = [one for one in teams if one["members"] or one["state"] == "onboarded"]
    return {
        "teams": teams,
        "users": users or [said["a"]],
        "groups": draw(st.sampled_from((groups, groups[:1], []))),
    }


POLICIES = st.builds(
    lambda leavers, ignored, users, groups: Policy(
        leavers=leavers,
        ignored_groups=ignored,
        purge={"User": users, "Group": groups},
        reads_names=True,
    ),
    st.sampled_from(("inactive", "absent", "keep")),
    st.sampled_from(((), (), ("g3",))),
    st.sampled_from(("none", "none", "inactive", "absent")),
    st.sampled_from(("none", "none", "absent")),
)


@settings(max_examples=300)
@given(
    services().flatmap(lambda store: st.tuples(st.just(store), inputs(store))),
    POLICIES,
    st.sampled_from(("exact", "exact", "additive")),
)
def test_p1_p3_any_directory_is_refused_unwritten_or_made_so_and_left_alone(
    made: tuple[Faulty, dict[str, Any]], policy: Policy, membership: str
) -> None:
    """P1, P3: a second run changes nothing, check mode tells the first, a refusal comes before any write."""
    store, directory = made
    try:
        predicted = run(store, check=True, policy=policy, membership=membership, **directory)
    except ScimError:
        predicted = None
    assert not store.log
    try:
        did = run(store, policy=policy, membership=membership, **directory)
    except ScimError as refusal:
        assert not store.log
        event(f"refused: {str(refusal)[:40]}")
        return
    assert predicted is not None and not did.failures, [str(one.error) for one in did.failures]
    assert (did.changed, did.operations, did.plan) == (
        predicted.changed,
        predicted.operations,
        predicted.plan,
    )
    assert not [one.not_saved for one in did.done if one.not_saved]
    written, state = len(store.log), copy.deepcopy(store.state())
    again = run(store, policy=policy, membership=membership, **directory)
    assert not again.changed and len(store.log) == written and store.state() == state
