# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failed change means for those after it: who is not there cannot join, who did not join does not leave; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .._model.errors import ScimError
from .._model.schema import GROUP, USER, top_path
from .._plan.change import Change
from .._plan.guard import Limit
from .run import FORBIDDEN


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """One change that could not be made, and why."""

    change: Change
    error: ScimError


@dataclass(frozen=True, kw_only=True, slots=True)
class OnError:
    """Whether a failure ends the run (``stop``) or the rest still converges, and how many failures end it all the same."""

    stop: bool = True
    after: Limit = Limit(count=20)


def _enough(after: Limit, failed: int, planned: int) -> bool:
    if after.count is not None:
        return failed >= after.count
    return after.percent is not None and failed * 100 >= after.percent * planned


@dataclass(slots=True)
class Failures:
    """The failures of a run so far. ``missing`` are ids that were not created, ``staying`` are people who must not leave yet."""

    found: list[Failure] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    staying: set[str] = field(default_factory=set)

    def add(self, change: Change, error: ScimError) -> None:
        """Remember a failure and what follows from it: a mover stays in the old team, a leaver stays findable."""
        self.found.append(Failure(change=change, error=error))
        if change.verb == "create":
            self.missing.add(change.ident)
        if change.kind.name == GROUP.name:
            self.staying.update(change.joins)
        elif change.kind.name == USER.name and change.verb in ("deactivate", "delete"):
            self.staying.add(change.ident)

    def end(self, rule: OnError, planned: int) -> bool:
        """Whether the run ends here: by the rule, or because the credentials are refused."""
        return (
            rule.stop
            or self.found[-1].error.status in FORBIDDEN
            or _enough(rule.after, len(self.found), planned)
        )

    def feasible(self, change: Change) -> tuple[Change, Sequence[str]]:
        """What is left of a change after the failures before it, and the ids that it has to do without."""
        links = {
            str(value)
            for path, value in (change.after or {}).items()
            if change.kind.at(top_path(path)).references
        }
        if links & self.missing or change.ident in self.missing:
            return replace(change, before=None, after=None), sorted(
                links & self.missing or {change.ident}
            )
        without = {one for one in change.joins if one in self.missing} | {
            one for one in change.leaves if one in self.staying
        }
        if not without:
            return change, ()
        rest = replace(
            change,
            joins=tuple(one for one in change.joins if one not in without),
            leaves=tuple(one for one in change.leaves if one not in without),
            implied=change.implied - without,
        )
        return rest, sorted(without)
