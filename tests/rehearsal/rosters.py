# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The users and teams of rehearsals, as options of the modules.

``python rosters.py --service NAME`` prints them as JSON for the integration target ``imitations``.
Knows no service by name, and nothing of the collection.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from ansible_collections.identity.scim.tests.rehearsal.imitations import imitation_named

Row = dict[str, Any]
NAMES = tuple(f"p{number:03}" for number in range(126))
TEAMS = 6
# Of each team of the first roster: who moves to the next team, who leaves, who is renamed.
MOVER, LEAVER, RENAMED = 0, 1, 2
# Of the users without teams, those who are renamed.
RENAMED_USERS = slice(16, 22)


def mails(name: str, domain: str = "example.com") -> list[Row]:
    """Return the e-mail addresses of a user: one."""
    return [{"value": f"{name}@{domain}", "type": "work", "primary": True}]


def row(demands: Mapping[str, Any], user_name: str, /, **more: Any) -> Row:
    """Return a user of a roster, with what a service demands of each.

    ``{user_name}`` in what it demands stands for the user name.
    """
    demanded = json.loads(json.dumps(demands).replace("{user_name}", user_name))
    return {"user_name": user_name, **demanded, **more}


def person(
    demands: Mapping[str, Any], name: str, domain: str = "example.com", /, **more: Any
) -> Row:
    """Return a user with a name and an address."""
    names = {"given_name": name[:1].upper(), "family_name": name[1:].capitalize()}
    return row(demands, name, name=names, emails=mails(name, domain), **more)


def first_roster(demands: Mapping[str, Any]) -> list[Row]:
    """Return 120 users in six teams."""
    rows = []
    for number in range(TEAMS):
        names = NAMES[number * 20 : number * 20 + 20]
        members = [person(demands, one) for one in names]
        rows.append({"name": f"Team {number}", "members": members})
    return rows


def second_roster(demands: Mapping[str, Any]) -> list[Row]:
    """Return the roster with joiners, movers, leavers, renames and new addresses.

    In each team the first user moves to the next team, the second leaves, the third is renamed,
    the fourth and fifth have new addresses, and one more joins.
    """
    rows = []
    for number in range(TEAMS):
        names = list(NAMES[number * 20 : number * 20 + 20])
        mover = NAMES[(number - 1) % TEAMS * 20 + MOVER]
        old = names[RENAMED]
        renamed = person(demands, f"{old}x", previous_user_names=[old])
        moved = [person(demands, one, "example.org") for one in names[3:5]]
        stay = [person(demands, one) for one in (*names[5:], mover, NAMES[120 + number])]
        rows.append({"name": f"Team {number}", "members": [renamed, *moved, *stay]})
    return rows


def first_users(demands: Mapping[str, Any]) -> list[Row]:
    """Return 120 users for a service without groups."""
    return [person(demands, one, active=True) for one in NAMES[:120]]


def second_users(demands: Mapping[str, Any]) -> list[Row]:
    """Return the 120 users with six leavers, ten new addresses, six renames and six joiners.

    A user who is renamed keeps its address and its external id.
    """
    rows = []
    for one in NAMES[:6]:
        whole = person(demands, one)
        keys = {name: whole[name] for name in ("external_id",) if name in demands}
        rows.append({"user_name": one, "state": "inactive", **keys})
    rows += [person(demands, one, "example.org", active=True) for one in NAMES[6:16]]
    for one in NAMES[RENAMED_USERS]:
        whole = person(demands, one, active=True)
        rows.append({**whole, "user_name": f"{one}x", "previous_user_names": [one]})
    return [*rows, *(person(demands, one, active=True) for one in NAMES[22:])]


def main() -> int:
    """Print the rosters for the imitation of a name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service", required=True)
    demands = imitation_named(parser.parse_args().service).user
    rosters = {
        "teams": [first_roster(demands), second_roster(demands)],
        "users": [first_users(demands), second_users(demands)],
        "leavers": [NAMES[number * 20 + LEAVER] for number in range(TEAMS)],
        "leavers_without_teams": NAMES[:6],
    }
    print(json.dumps(rosters))
    return 0


if __name__ == "__main__":
    sys.exit(main())
