# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to what a run may do.

Checks filters and expressions and keeps them as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._model.characters import described, unseen
from .._model.errors import MASK, ScimError, all_of
from .._model.schema import GROUP, USER, ResourceType
from .._plan.expressions import expression
from .._plan.matchers import EXPRESSION
from .._plan.policy import Limit, Policy, Scope, limit, limits
from .._plan.scope import BadFilter, condition
from .input_errors import MASKED

KINDS = {"users": USER, "groups": GROUP}


def policy_of(params: Mapping[str, Any]) -> Policy:
    """Return what a run of scim_directory may do.

    Raise ScimError if a limit, a filter or an expression is not valid.
    """
    protect = params.get("protect") or {}
    unusable = list(_unusable(params, protect))
    if unusable:
        raise all_of(unusable)
    purge = params.get("purge") or {}
    thresholds, stop_after = _limits(params)
    return Policy(
        leavers=params["leavers"],
        ignored_groups=tuple(params.get("leavers_ignore_groups") or ()),
        purge={kind.name: purge.get(option) or "none" for option, kind in KINDS.items()},
        scope=scope_of(params.get("scope") or {}),
        protected=_protected(protect),
        thresholds=thresholds,
        knows_itself=True,
        stop_on_error=params["on_error"] == "stop",
        stop_after=stop_after,
        verify=params["verify"],
        reads_names=True,
        bulk=params.get("bulk") or "never",
    )


def _unusable(params: Mapping[str, Any], protect: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for every list of names with one that cannot be meant as it is.

    It is empty, contains a masked value, or a character that nobody can see: it would protect
    nobody.
    """
    lists = {f"protect.{option}": names for option, names in protect.items()}
    for option in ("leavers_except", "leavers_ignore_groups"):
        lists[option] = params.get(option)
    for option, names in lists.items():
        given = [name for name in names or () if not name.startswith(EXPRESSION)]
        if any(MASK in name for name in names or ()):
            yield f"{option} {MASKED}"
        for name in given:
            yield from _unseen(name, option)


def _unseen(name: str, option: str) -> Iterator[str]:
    """Yield a sentence for a name that is empty or holds what nobody can see."""
    if not name.strip():
        yield f"{option} has an empty string, which names nobody; remove it"
    chars = " and ".join(map(described, unseen(name)))
    if chars:
        yield f"{option} '{name}' contains {chars}, which nobody can see; remove it"


def _protected(protect: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the protected names, globs and expressions of each kind."""
    protected: dict[str, tuple[str, ...]] = {}
    for option, kind in KINDS.items():
        entries = tuple(protect.get(option) or ())
        for entry in entries:
            if entry.startswith(EXPRESSION):
                expression(entry.removeprefix(EXPRESSION), f"protect.{option}")
        protected[kind.name] = entries
    return protected


def _limits(params: Mapping[str, Any]) -> tuple[dict[str, Limit], Limit]:
    """Return the thresholds and the number of failures that ends a run."""
    try:
        thresholds = limits(params.get("thresholds") or {})
        return thresholds, limit(params["stop_after_failures"], "stop_after_failures")
    except ValueError as error:
        raise ScimError(str(error)) from None


def scope_of(given: Mapping[str, Any]) -> dict[str, Scope]:
    """Return the option ``scope`` by kind.

    Raise ScimError for a wrong filter or expression.
    """
    found: dict[str, Scope] = {}
    for option, kind in KINDS.items():
        row = given.get(option) or {}
        for part, text in row.items():
            if text is not None and not text.strip():
                reason = f"scope.{option}.{part} is an empty string, which would be everybody"
                raise ScimError(reason, hint="omit it if that is meant")
        scope = Scope(filter=row.get("filter") or "", query=row.get("query") or "")
        if scope != Scope():
            _check_scope(scope, option, kind)
            found[kind.name] = scope
    return found


def _check_scope(scope: Scope, option: str, kind: ResourceType) -> None:
    if scope.filter:
        try:
            condition(scope.filter, kind)
        except BadFilter as error:
            reason = f"scope.{option}.filter is not a valid SCIM filter: {error}"
            raise ScimError(reason) from None
    if scope.query:
        expression(scope.query, f"scope.{option}.query")
