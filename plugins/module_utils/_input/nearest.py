# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which known name an unknown one is nearly.

Knows how names of people are called elsewhere, no option table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

CUTOFF = 0.7
# How directories and personnel systems call what is an option here.
ELSEWHERE = {
    "user_name": ("login", "loginname", "account", "accountname", "uid", "samaccountname"),
    "emails": ("mail", "email", "emailaddress", "mailaddress", "workemail", "workmail"),
    "phone_numbers": ("phone", "telephone", "telephonenumber", "mobile"),
    "external_id": ("employeeid", "personid", "personnelnumber"),
    "name": ("fullname",),
    "name.given_name": ("firstname", "givenname", "forename"),
    "name.family_name": ("lastname", "surname", "familyname", "sn"),
    "enterprise.department": ("department", "dept"),
    "enterprise.employee_number": ("employeenumber",),
    "enterprise.manager": ("manager",),
    "teams": ("team",),
}


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that a name is nearly, "" if there is none."""
    names = list(known)
    wanted = _plain(name)
    by_plain = {_plain(one): one for one in names}
    if wanted in by_plain:
        return by_plain[wanted]
    for one, others in ELSEWHERE.items():
        if wanted in others:
            for candidate in (f"{one}.work", one, one.partition(".")[0], one.rpartition(".")[2]):
                if candidate in names:
                    return candidate
    close = get_close_matches(wanted, by_plain, n=1, cutoff=CUTOFF)
    return by_plain[close[0]] if close else ""


def unknown(name: object, known: Iterable[str], noun: str, above: str = "") -> str:
    """Return a sentence about a name that no option has."""
    if not isinstance(name, str):
        return f"{above}{name} is a key that is not text; quote it"
    near = nearest(name, known)
    if near:
        return f"{above}{name[:60]}: did you mean {above}{_whole(name, near)}?"
    return f"{above}{name[:60]} is not an option of {noun}; remove it"


def _whole(name: str, near: str) -> str:
    """Return a known name with the part that was meant: ``enterprise.manager``."""
    wanted = _plain(name)
    parts = (one for one, others in ELSEWHERE.items() if wanted in others)
    return next((one for one in parts if one.startswith(f"{near}.")), near)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
