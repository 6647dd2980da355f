# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of scim_directory as the role identity.scim.team calls them.

Knows sentences, no service and no task.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

ROLE = "identity.scim.team"
# Options whose names stand in sentences. A quoted one, or a part of a longer word, is data.
OPTIONS = re.compile(
    r"(?<![\w.'\"/-])"
    r"(thresholds\.(?=[a-z_]+)|protect\.(?=users\b|groups\b)|scope\.(?=users\b|groups\b)"
    r"|leavers_ignore_groups\b|mapping\.(?=\w)|mapping(?= is only for\b)"
    r"|src(?= '|, which| reads\b| needs\b)|match_by(?= to keep the account\b))"
)
# A place in the teams of the task, which are those of the variable if that is set.
PLACE = re.compile(r"(?<![\w.'\"/-])teams(?=\[\d+\])")
LISTED = ("failures",)


def in_words_of_the_role(text: str) -> str:
    """Return a sentence with the variables of the role in place of options."""
    return OPTIONS.sub(r"team_\1", text)


def said_by_the_role(result: Mapping[str, Any], *, has_roster: bool = False) -> dict[str, Any]:
    """Return a result of scim_directory whose sentences name variables of the role.

    ``has_roster``: the variable ``team_roster`` is set.
    """
    found = dict(result)
    if isinstance(found.get("msg"), str):
        found["msg"] = in_words_of_the_role(found["msg"])
        if has_roster:
            found["msg"] = PLACE.sub("team_roster", found["msg"])
        if found["msg"] != result["msg"]:
            # Of a module it holds the message once more. Without it, Ansible makes it of msg.
            found.pop("exception", None)
    for name in ("warnings", "notes"):
        if found.get(name):
            found[name] = [*map(_reworded, found[name])]
    for name in LISTED:
        if found.get(name):
            found[name] = list(_with_words(found[name]))
    return found


def _with_words(rows: Iterable[Any]) -> Iterable[Any]:
    for row in rows:
        yield said_by_the_role(row) if isinstance(row, Mapping) else row


def _reworded(text: Any) -> Any:
    return in_words_of_the_role(text) if isinstance(text, str) else text
