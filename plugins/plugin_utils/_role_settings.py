# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the role identity.scim.team: names, types and choices.

Ansible would refuse them with the whole specification of the role. Knows values, no variables and
no roster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._input.directory_options import (
    DIRECTORY_OPTIONS,
)
from ansible_collections.identity.scim.plugins.module_utils._input.row_checks import (
    converted,
    refused,
    unknown_names,
)
from ansible_collections.identity.scim.plugins.module_utils._input.types import type_errors
from ansible_collections.identity.scim.plugins.module_utils._model.errors import all_of

# Options of scim_directory that the role passes on as they are.
PASSED_ON = (
    "src",
    "mapping",
    "match_by",
    "membership",
    "leavers",
    "leavers_ignore_groups",
    "protect",
    "thresholds",
    "scope",
    "verify",
)
NOUN = "the role identity.scim.team"
TABLE = tuple(
    replace(one, name=f"team_{one.name}") for one in DIRECTORY_OPTIONS if one.name in PASSED_ON
)
SETTINGS = tuple(one.name for one in TABLE)
DICTIONARIES = frozenset(one.name for one in TABLE if one.type == "dict")


def wrong_settings(given: Mapping[str, Any]) -> str | None:
    """Return what is wrong with settings of the role, by variable, or None."""
    values = {name: one for name, one in given.items() if name in SETTINGS and one is not None}
    problems = [*unknown_names(TABLE, values, NOUN), *type_errors(TABLE, values)]
    if not problems:
        # Ansible makes a dictionary of a text, and the module checks it.
        values = {name: one for name, one in values.items() if not _is_text(name, one)}
        problems = list(refused(TABLE, converted(TABLE, values)))
    return str(all_of(problems)) if problems else None


def _is_text(name: str, value: Any) -> bool:
    """Return whether a dictionary is a text, such as an extra variable."""
    return name in DICTIONARIES and isinstance(value, str)
