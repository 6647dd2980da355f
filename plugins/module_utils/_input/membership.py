# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of scim_group_membership to the desired members of one group.

Knows no attribute.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.schema import GROUP
from .._plan.desired import ANY, Desired, Members, Reference
from .._plan.policy import Policy
from .input_errors import InputErrors
from .references import MEMBER_KEYS, references_of

PATHS = {"group": GROUP.name_attribute, "group_id": "id"}


def membership_desired(params: Mapping[str, Any]) -> Desired:
    """Return the desired members of one group, which must exist.

    Raise ScimError with every error in the options.
    """
    errors = InputErrors()
    option = "group" if params.get("group") is not None else "group_id"
    errors.check_text(option, params[option], key=True)
    named = references_of(params["members"], errors, "members", MEMBER_KEYS)
    errors.raise_any()
    return Desired(
        kind=GROUP,
        keys=((PATHS[option], params[option]),),
        state=ANY,
        members=(_members(params["state"], named),),
        creates=False,
        method=params["update_method"],
    )


def _members(state: str, named: frozenset[Reference]) -> Members:
    if state == "exact":
        return Members(exactly=named)
    if state == "absent":
        return Members(remove=named)
    return Members(add=named)


def membership_policy(params: Mapping[str, Any]) -> Policy:
    """Return what a run for one membership may do."""
    return Policy(
        verify=params["verify"],
        ignore_missing=params["missing_members"] == "ignore",
        advice=", or set missing_members: ignore",
    )
