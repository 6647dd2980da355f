# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is rehearsed on every imitation, and what the service must hold afterwards.

Knows no service by name.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.identity.scim.tests.rehearsal import rosters
from ansible_collections.identity.scim.tests.rehearsal.imitation import Imitation
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Refusal, Rehearsal, Wrong
from ansible_collections.identity.scim.tests.rehearsal.rosters import (
    NAMES,
    TEAMS,
    first_roster,
    second_roster,
)
from ansible_collections.identity.scim.tests.rehearsal.serve import serving

Row = dict[str, Any]
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
FREE = {"max_removals": "none", "members_removed_per_group": "100%"}
OFFICE = (
    *("mscott", "jhalpert", "dschrute", "pbeesly", "rhoward", "abernard", "kmalone"),
    *("omartinez", "amartin", "shudson", "pvance", "mpalmer", "cbratton", "kkapoor"),
    "tflenderson",
)
FOUNDERS = ["mscott", "pbeesly", "rhoward"]


def person(it: Rehearsal, name: str, domain: str = "example.com", /, **more: Any) -> Row:
    """Return a user with a name, an address, and what the service demands."""
    return rosters.person(it.demands, name, domain, **more)


def user(it: Rehearsal, **options: Any) -> None:
    """Converge one user."""
    it.step("scim_user", **options)


def users(it: Rehearsal) -> None:
    """Create, change, deactivate, reactivate and delete a user, and read it."""
    user(it, **person(it, "ann", external_id="id-ann", active=True))
    found = it.read("scim_user_info", user_name="ann")
    it.demand(len(found.result["users"]) == 1, "scim_user_info does not find the user")
    it.read("scim_service_provider_info")
    ident = found.result["users"][0]["id"]
    read = it.read("scim_resource_info", endpoint="Users", id=ident).result["resources"]
    it.demand(len(read) == 1, "scim_resource_info does not find the user")
    user(it, **person(it, "ann", "example.org", external_id="id-ann"))
    check_mail(it, "ann", "example.org")
    user(it, user_name="ann", external_id="id-ann", state="inactive")
    it.demand(not it.is_active("ann"), "the user is still active")
    user(it, **person(it, "ann", "example.org", external_id="id-ann", active=True))
    it.demand(it.is_active("ann"), "the user is not active again")
    if not it.learns:  # what is not kept is sent in each run again without a profile
        _managed(it)
    user(it, user_name="ann", external_id="id-ann", state="absent")
    it.demand(not it.is_active("ann"), "the user is still active after its deletion")


def _managed(it: Rehearsal) -> None:
    """Give a user a manager and another one, by name."""
    for boss in ("bob", "cid"):
        user(it, **person(it, boss, external_id=f"id-{boss}", active=True))
        ann = person(it, "ann", "example.org", external_id="id-ann", active=True)
        user(it, **ann, enterprise={"manager": boss})
        kept = ((it.user("ann") or {}).get(ENTERPRISE) or {}).get("manager", {}).get("value")
        is_told = any(one.startswith(ENTERPRISE) for one in it.told.get("ann", ()))
        is_new = kept == (it.user(boss) or {}).get("id")
        it.demand(is_new or is_told, f"{boss} is not the manager, and nothing says so")


def check_mail(it: Rehearsal, name: str, domain: str) -> None:
    """Raise Wrong if an address is another and that was not said."""
    is_new = it.mail(name) == f"{name}@{domain}"
    is_told = "emails" in it.told.get(name, ())
    it.demand(is_new or is_told, f"{name} has not the new address, and nothing says so")


def story(it: Rehearsal) -> None:
    """Play the story of an office in seven steps with all modules."""
    team = {
        "name": "Dunder Mifflin",
        "external_id": "g-1",
        "members": [person(it, one, external_id=f"id-{one}") for one in OFFICE],
    }
    it.step("scim_directory", membership="additive", teams=[team])
    it.demand(it.members("Dunder Mifflin") == set(OFFICE), "step 1: the members are others")
    user(it, **person(it, "cminer", external_id="id-cminer", active=True))
    joining = {"group": "Dunder Mifflin", "members": ["cminer"]}
    it.step("scim_group_membership", **joining)
    user(it, user_name="mscott", external_id="id-mscott", state="inactive")
    it.step("scim_group_membership", group="Dunder Mifflin", members=["mscott"], state="absent")
    company = "Micheal Scott Paper Company"
    it.step("scim_group", display_name=company, external_id="g-2")
    it.step("scim_group_membership", group=company, members=FOUNDERS, state="exact")
    leaving = {"group": "Dunder Mifflin", "members": FOUNDERS[1:], "state": "absent"}
    it.step("scim_group_membership", **leaving)
    left = {*OFFICE, "cminer"} - set(FOUNDERS)
    it.demand(it.members("Dunder Mifflin") == left, "step 4: the members who stay are others")
    it.demand(it.members(company) == set(FOUNDERS), "step 4: the founders are others")
    _story_reads(it, company)
    _story_changes(it)
    for name in ("Dunder Mifflin", company):
        it.step("scim_group", display_name=name, state="absent")
    it.demand(not it.served.store.held["Groups"], "step 7: a group is left")


def _story_reads(it: Rehearsal, company: str) -> None:
    shown = ["displayName", "members"]
    name = it.served.store.held["Groups"]
    read = it.read("scim_group_info", display_name=company, attributes=shown).result["groups"]
    it.demand(len(read) == 1, "step 5: scim_group_info does not find the company")
    ids = {one["value"] for one in read[0].get("members", ())}
    held = {
        one["id"] for one in it.served.store.held["Users"].values() if one["userName"] in FOUNDERS
    }
    it.demand(ids == held, f"step 5: scim_group_info shows {len(ids)} of 3 members")
    it.demand(read[0]["id"] in name, "step 5: the company has another id")
    for one in FOUNDERS:
        found = it.read("scim_user_info", user_name=one, attributes=["userName"])
        it.demand(len(found.result["users"]) == 1, f"step 5: {one} is not found")


def _story_changes(it: Rehearsal) -> None:
    moved = {"mscott": False, "pbeesly": True}
    for name, active in moved.items():
        user(it, **{**person(it, name, "example.org", external_id=f"id-{name}"), "active": active})
        check_mail(it, name, "example.org")
    replaced = person(it, "rhoward", "example.org", external_id="id-rhoward")
    before = (it.user("rhoward") or {}).get("id")
    try:
        user(it, **replaced, update_method="put")
    except Refusal as refusal:
        it.refusals.append(str(refusal))
        user(it, **replaced)
    check_mail(it, "rhoward", "example.org")
    it.demand((it.user("rhoward") or {}).get("id") == before, "step 6: Ryan has another id")
    printers = {"displayName": "Printers"}
    matching: Row = {"endpoint": "Groups", "attributes": printers, "match_by": ["displayName"]}
    it.step("scim_resource", **matching)
    it.step("scim_resource", **matching, state="absent")


def role(it: Rehearsal) -> None:
    """Onboard two teams, move a user between them, and offboard one."""
    it.step("scim_group", display_name="Branch")
    members = {name: person(it, name) for name in ("ann", "bob", "cid", "dan", "eve")}

    def team(name: str, *names: str, **more: Any) -> Row:
        rows = [members[one] for one in names]
        return {"name": name, "groups": ["Branch"], "members": rows, **more}

    def converge(*teams: Row) -> None:
        it.step(
            "scim_directory", teams=list(teams), leavers_ignore_groups=["Branch"], thresholds=FREE
        )

    converge(team("Sales", "ann", "bob", "cid"), team("Stamford", "dan", "eve"))
    it.demand(it.members("Sales") == {"ann", "bob", "cid"}, "the members of Sales are others")
    it.demand(it.members("Branch") == set(members), "the members of Branch are others")
    converge(team("Sales", "ann", "dan"), team("Stamford", "bob", "eve"))
    it.demand(it.members("Sales") == {"ann", "dan"}, "a user did not move to Sales")
    it.demand(it.members("Stamford") == {"bob", "eve"}, "a user did not move to Stamford")
    it.demand(it.is_active("bob"), "a user who moved is not active")
    it.demand_left("cid")
    converge(team("Sales", "ann", "dan"), team("Stamford", "bob", "eve", state="offboarded"))
    it.demand(not it.members("Stamford"), "an offboarded team has members")
    it.demand(it.is_active("ann"), "a user who stays is not active")
    it.demand_left("eve")


ALL = "Everyone"


def company(roster: list[Row]) -> Row:
    """Return the options of a run: teams, and one group of all their members."""
    names = [one["user_name"] for row in roster for one in row["members"]]
    return {
        "teams": roster,
        "groups": [{"display_name": ALL, "members": {"set": names}}],
        "thresholds": FREE,
    }


def large(it: Rehearsal) -> None:
    """Converge 120 users in six teams, then change the roster.

    The requests are those of the other scenarios, which are judged.
    """
    it.served.store.judged = False
    it.step("scim_directory", **company(first_roster(it.demands)))
    it.demand(it.members(ALL) == set(NAMES[:120]), f"the members of {ALL} are others")
    for number in range(TEAMS):
        wanted = set(NAMES[number * 20 : number * 20 + 20])
        it.demand(
            it.members(f"Team {number}") == wanted, f"the members of Team {number} are others"
        )
    it.step("scim_directory", **company(second_roster(it.demands)))
    is_renamed = not {"userName", "User.userName"} & it.not_saved
    everyone: set[str] = set()
    for row in second_roster(it.demands):
        wanted = {one["user_name"] for one in row["members"]}
        if not is_renamed:
            wanted = {one.removesuffix("x") for one in wanted}
        it.demand(it.members(row["name"]) == wanted, f"the members of {row['name']} are others")
        for one in wanted:
            it.demand(it.is_active(one), f"{one} is not active")
        everyone |= wanted
    it.demand(it.members(ALL) == everyone, f"the members of {ALL} are others afterwards")
    for number in range(TEAMS):
        it.demand_left(NAMES[number * 20 + 1])
        for one in NAMES[number * 20 + 3 : number * 20 + 5]:
            check_mail(it, one, "example.org")


def large_without_groups(it: Rehearsal) -> None:
    """Converge 120 users where there are no groups, then change them."""
    it.step("scim_directory", users=rosters.first_users(it.demands), thresholds=FREE)
    it.step("scim_directory", users=rosters.second_users(it.demands), thresholds=FREE)
    for one in NAMES[:6]:
        it.demand(not it.is_active(one), f"{one} left and is active")
    for one in NAMES[6:16]:
        check_mail(it, one, "example.org")
    is_renamed = not {"userName", "User.userName"} & it.not_saved
    for one in NAMES[rosters.RENAMED_USERS]:
        it.demand((it.user(f"{one}x") is not None) == is_renamed, f"{one} has not the new name")
    for one in NAMES[6:]:
        new = f"{one}x" if is_renamed and one in NAMES[rosters.RENAMED_USERS] else one
        it.demand(it.is_active(new), f"{new} is not active")
    it.demand(len(it.served.held["emails"]) <= 126, "a user who was renamed is there twice")


def read_only(it: Rehearsal) -> None:
    """Predict changes and read with a token that may only read."""
    store = it.served.store
    roster = [{"name": "Sales", "members": [person(it, "ann"), person(it, "bob")]}]
    try:
        it.step("scim_directory", teams=roster, thresholds=FREE)
        roster[0]["members"].append(person(it, "cid"))
        options: Row = {"teams": roster, "thresholds": FREE}
    except Refusal as refusal:
        it.refusals.append(str(refusal))
        it.step("scim_directory", users=[person(it, "ann"), person(it, "bob")])
        options = {"users": [person(it, one) for one in ("ann", "bob", "cid")]}
    before = copy.deepcopy(store.held)
    said = it.task("scim_directory", check=True, reads=True, **options)
    it.demand(not said.failure, f"check mode fails: {said.failure}")
    it.demand(said.changed, "check mode predicts no change")
    is_grouped = bool(store.held["Groups"])
    _predicted(it, is_grouped)
    ident = next(iter(store.held["Users"]))
    modules: list[tuple[str, str, Row]] = [
        ("scim_user_info", "users", {"user_name": "ann"}),
        ("scim_service_provider_info", "", {}),
        ("scim_resource_info", "resources", {"endpoint": "Users", "id": ident}),
    ]
    if is_grouped:
        modules.append(("scim_group_info", "groups", {"display_name": "Sales"}))
    for module, rows, given in modules:
        found = it.task(module, reads=True, **given)
        it.demand(not found.failure, f"{module} fails: {found.failure}")
        it.demand(not rows or len(found.result[rows]) == 1, f"{module} does not find it")
    it.demand(store.held == before, "something was changed")


def _keys(it: Rehearsal, name: str) -> Row:
    """Return how a user is named: by its external id too, where the service demands one."""
    whole = rosters.row(it.demands, name)
    return {key: whole[key] for key in ("user_name", "external_id") if key in whole}


def _predicted(it: Rehearsal, is_grouped: bool) -> None:
    """Predict a change by every module that writes, with a token that may only read."""
    ident = it.served.store.id_of("ann")
    changes: list[tuple[str, Row]] = [
        ("scim_user", {**_keys(it, "ann"), "state": "inactive"}),
        ("scim_resource", {"endpoint": "Users", "id": ident, "attributes": {"active": False}}),
    ]
    if is_grouped:
        leaving = {"group": "Sales", "members": ["ann"], "state": "absent"}
        changes.append(("scim_group_membership", leaving))
        changes.append(("scim_group", {"display_name": "Sales", "members": {"remove": ["bob"]}}))
    for module, given in changes:
        said = it.task(module, check=True, reads=True, **given)
        it.demand(not said.failure, f"{module} fails in check mode: {said.failure}")
        it.demand(said.changed, f"{module} predicts no change")


@dataclass(frozen=True)
class Outcome:
    """How a scenario ended on an imitation.

    ``verdict`` is ``works``, ``refused`` or ``fails``. ``sentence`` is the refusal or what is
    wrong. ``not_saved`` are attributes that the service did not keep, ``instead`` the refusals
    of tasks that were done in another way then, ``limits`` what the collection did not do.
    """

    service: str
    scenario: str
    verdict: str
    sentence: str = ""
    not_saved: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


# The groups of each scenario, for services where they are made before.
GROUPS = {
    "users": (),
    "story": ("Dunder Mifflin", "Micheal Scott Paper Company", "Printers"),
    "role": ("Branch", "Sales", "Stamford"),
    "120 users": (ALL, *(f"Team {number}" for number in range(TEAMS))),
    "read-only token": ("Sales",),
}
MADE = "its groups were made in the service before, since the service creates none"
SCENARIOS: dict[str, Callable[[Rehearsal], None]] = {
    "users": users,
    "story": story,
    "role": role,
    "120 users": large,
    "read-only token": read_only,
}


def rehearsed(imitation: Imitation, scenario: str) -> Outcome:
    """Return how a scenario ends on an imitation."""
    with serving(imitation) as served:
        it = Rehearsal(served, imitation.name)
        if imitation.groups_made and GROUPS[scenario]:
            it.limits.append(MADE)
            for name in GROUPS[scenario]:
                served.store.group(name)
        verdict, sentence = "works", ""
        try:
            _play(it, scenario)
        except Refusal as refusal:
            verdict, sentence = "refused", str(refusal)
        except Wrong as wrong:
            verdict, sentence = "fails", str(wrong)
        sentence = sentence.replace(served.url, "https://scim.example.com")
    saved, instead = tuple(sorted(it.not_saved)), tuple(dict.fromkeys(it.refusals))
    limits = tuple(dict.fromkeys(it.limits))
    return Outcome(imitation.name, scenario, verdict, sentence, saved, instead, limits)


def _play(it: Rehearsal, scenario: str) -> None:
    """Play a scenario; where there are no groups, the large one is played with users only."""
    try:
        SCENARIOS[scenario](it)
    except Refusal as refusal:
        if scenario != "120 users" or it.served.store.held["Users"]:
            raise
        it.refusals.append(str(refusal))
        large_without_groups(it)
