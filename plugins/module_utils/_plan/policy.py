# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run may do, as data; compiles nothing.

Filters, globs and expressions stay text, so that a policy can be compared and written to a file.
matchers.py compiles them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SMALL = 5
THRESHOLDS = {
    "users_removed": ("20%", "users deactivated or deleted, among the active users of the service"),
    "groups_removed": ("20%", "groups deleted, among the groups of the service"),
    "memberships_removed": ("20%", "memberships removed, among those of the groups in the input"),
    "members_removed_per_group": ("50%", "members removed from one group, among its members"),
    "identities_changed": (
        "20%",
        "users with a changed user name, external id or primary e-mail address, "
        "among the existing users that the input matched",
    ),
    "users_created": ("none", "users created, among the users of the input"),
}
REMOVALS = ("users_removed", "groups_removed", "memberships_removed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """How many of a kind may change: ``count``, or ``percent`` of the kind.

    Neither means no limit.
    """

    count: int | None = None
    percent: float | None = None

    def exceeded(self, number: int, total: int, kind: int | None = None) -> bool:
        """Return whether ``number`` of ``total`` is more than allowed.

        Up to five changes pass a percentage if they affect fewer than half of the kind. ``kind`` is
        the size of the kind where that is not ``total``.
        """
        if self.count is not None:
            return number > self.count
        if self.percent is None or number == 0:
            return False
        size = total if kind is None else kind
        is_small = self.percent > 0 and number <= SMALL and number * 2 < size
        return number * 100 > self.percent * total and not is_small

    def __str__(self) -> str:
        return f"{self.percent:g}%" if self.percent is not None else str(self.count)


def limit(value: Any, option: str) -> Limit:
    """Return ``20``, ``"20"``, ``"20%"`` or ``"none"`` as a limit.

    Raise ValueError with one sentence otherwise.
    """
    text = str(value).strip().lower()
    if text == "none":
        return Limit()
    number = text.removesuffix("%").strip()
    is_percent = text.endswith("%")
    if not number.isdecimal() or (is_percent and int(number) > 100):
        raise ValueError(
            f"{option} must be a count, a percentage from 0% to 100% or 'none', not '{value}'"
        )
    return Limit(percent=float(number)) if is_percent else Limit(count=int(number))


def limits(given: Mapping[str, Any]) -> dict[str, Limit]:
    """Return the option ``thresholds`` as one limit for each kind.

    ``max_removals`` replaces the defaults of the kinds in REMOVALS. Raise ValueError with one
    sentence.
    """
    chosen = {name: default for name, (default, _doc) in THRESHOLDS.items()}
    general = given.get("max_removals")
    if general is not None:
        limit(general, "thresholds.max_removals")
        chosen.update(dict.fromkeys(REMOVALS, general))
    for name in THRESHOLDS:
        if given.get(name) is not None:
            chosen[name] = given[name]
    return {name: limit(value, f"thresholds.{name}") for name, value in chosen.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Which resources of one kind are managed.

    A SCIM filter and a JMESPath expression: both must hold.
    """

    filter: str = ""
    query: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What a run may do.

    The defaults are those of a single module: nothing is judged, purged or left. ``leavers`` is
    ``keep``, ``inactive`` or ``absent``; ``ignored_groups`` (names or globs) do not keep a leaver
    active. ``purge`` says per kind what happens to resources that the input does not name
    (``none``, ``inactive``, ``absent``); ``scope`` limits it. ``protected`` lists names, globs and
    ``jmespath:`` expressions per kind. Without ``thresholds`` nothing is judged. ``knows_itself``:
    the account of the credentials is asked for and protected. ``stop_on_error`` ends the run at the
    first failure, ``stop_on_attributes`` also if only attributes were refused, ``stop_after`` at so
    many. ``verify`` says when members are read back:
    ``removals``, ``writes`` or ``none``. ``reads_names``: users that leave a group are read for
    their names. ``ignore_missing``: references to resources that do not exist are left out.
    ``advice`` ends the sentence about them. ``bulk`` says whether changes are sent in bulk:
    ``auto``, ``always`` or ``never``.
    """

    leavers: str = "keep"
    ignored_groups: tuple[str, ...] = ()
    purge: Mapping[str, str] = field(default_factory=dict)
    scope: Mapping[str, Scope] = field(default_factory=dict)
    protected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    thresholds: Mapping[str, Limit] = field(default_factory=dict)
    knows_itself: bool = False
    stop_on_error: bool = True
    stop_on_attributes: bool = True
    stop_after: Limit = Limit(count=20)
    verify: str = "removals"
    reads_names: bool = False
    ignore_missing: bool = False
    advice: str = ""
    bulk: str = "never"

    def purges(self, kind: str) -> str:
        """Return what happens to resources that the input does not name.

        That is ``none``, ``inactive`` or ``absent``.
        """
        return self.purge.get(kind, "none")
