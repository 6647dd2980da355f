# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs modules on an imitation, and holds what every run promises.

Check mode predicts the run, a second run writes nothing, and a refusal comes before any write.
Knows no scenario.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.identity.scim.tests.rehearsal.attributes import slug
from ansible_collections.identity.scim.tests.rehearsal.serve import Served
from ansible_collections.identity.scim.tests.unit.faults.hostile import Said, run

Row = dict[str, Any]
LONGEST = 400


class Wrong(Exception):
    """A promise that does not hold, as one sentence."""


class Refusal(Exception):
    """A task that fails with one sentence before it writes anything."""


@dataclass
class Rehearsal:
    """One imitation, and how the tasks reach it.

    ``provider`` and ``capabilities`` are the options of the connection. ``not_saved`` are the
    attributes that the service did not keep, ``refusals`` the sentences of tasks that were done in
    another way then, ``told`` are the attributes that it did not keep by user. ``limits`` are what
    the collection said that it does not do here. ``warnings`` are all of them.
    ``connection`` are further options, ``paced``: no faster than the profile says.
    ``learns``: a run learns of the service what check mode cannot know, so that it may send other
    requests.
    """

    served: Served
    provider: str
    capabilities: Row = field(default_factory=dict)
    not_saved: set[str] = field(default_factory=set)
    told: dict[str, set[str]] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    learns: bool = False
    connection: Row = field(default_factory=dict)
    paced: bool = False

    def task(
        self, module: str, /, *, check: bool = False, reads: bool = False, **options: Any
    ) -> Said:
        """Run one task, with the token that may only read if it ``reads``."""
        served = self.served
        token = served.reader if reads else served.token
        # One request at a time: so ids are given in the same order in each run.
        connection = {
            "token": token,
            "service_provider": self.provider,
            "capabilities": self.capabilities,
            "concurrency": 1,
            **self.connection,
        }
        given = {"check": check, "connection": connection, "paced": self.paced}
        said = run(served, module, **given, **options)  # type: ignore[arg-type]
        if served.broken:
            raise Wrong(f"{module} sent what SCIM forbids: {served.broken[0][:LONGEST]}")
        if (check or reads) and served.writes:
            why = "in check mode" if check else "with a token that may only read"
            raise Wrong(f"{module} writes {why}: {served.writes[0]}")
        return said

    def step(self, module: str, /, **options: Any) -> Said:
        """Run a task in check mode, really, and once more.

        Raise Refusal if it is refused before any write, and Wrong if a promise does not hold.
        """
        predicted = self.task(module, check=True, **options)
        said = self.task(module, **options)
        writes = len(self.served.writes)
        if said.failure:
            self._judge_failure(module, predicted, said, writes)
        self._note(said, str(options.get("user_name", "")))
        if predicted.failure:
            raise Wrong(f"{module} fails only in check mode: {predicted.failure[:LONGEST]}")
        if said.result.get("not_saved") and predicted.changed and not said.changed:
            self.limits.append("check mode predicted a change that the service did not keep")
        else:
            self._compare(module, "changed", predicted.result, said.result)
        if not self.learns:
            self._compare(module, "operations", predicted.result, said.result)
        again = self.task(module, **options)
        if again.failure:
            raise Wrong(f"{module} fails when run again: {again.failure[:LONGEST]}")
        if again.changed or self.served.writes:
            raise Wrong(f"{module} writes when run again: {', '.join(self.served.writes[:3])}")
        return said

    def read(self, module: str, /, **options: Any) -> Said:
        """Run a task that only reads. Raise Refusal if the service refuses."""
        said = self.task(module, **options)
        if said.changed or self.served.writes:
            raise Wrong(f"{module} writes")
        if said.failure:
            raise Refusal(said.failure[:LONGEST])
        return said

    def _judge_failure(self, module: str, predicted: Said, said: Said, writes: int) -> None:
        failure = said.failure[:LONGEST]
        if writes:
            raise Wrong(f"{module} fails after {writes} writes: {failure}")
        if predicted.failure != said.failure and not _foretold(predicted, said):
            raise Wrong(f"{module} fails, and check mode says otherwise: {failure}")
        raise Refusal(failure)

    def _compare(self, module: str, name: str, predicted: Row, said: Row) -> None:
        before, after = _plain(predicted.get(name)), _plain(said.get(name))
        if before == after:
            return
        if isinstance(before, list) and isinstance(after, list):
            for one, two in itertools.zip_longest(before, after):
                if one != two:
                    before, after = one, two
                    break
        told = f"{json.dumps(before)} predicted, {json.dumps(after)} done"
        raise Wrong(f"{module}: {name} differs between check mode and run: {told[:LONGEST]}")

    def _note(self, said: Said, name: str) -> None:
        self.warnings += said.warnings
        for warning in said.warnings:
            if "not all are known" in warning:
                self.limits.append(warning.partition(": ")[0])
        found = said.result.get("not_saved") or {}
        if not isinstance(found, Mapping):
            found = {name: found}
        for one, paths in found.items():
            self.not_saved |= set(paths)
            self.told.setdefault(one, set()).update(paths)

    @property
    def demands(self) -> Mapping[str, Any]:
        """Return the options that the service demands, but for those that the profile sets."""
        imitation = self.served.imitation
        made = imitation.made if self.provider == imitation.name else ()
        return {name: value for name, value in imitation.user.items() if name not in made}

    # --- what the service holds --------------------------------------------------------------

    def members(self, group: str) -> set[str]:
        """Return the user names of the members of a group."""
        store = self.served.store
        for one in store.held["Groups"].values():
            if slug(one["displayName"]) == slug(group):
                return store.members(one["displayName"])
        raise Wrong(f"the group {group} does not exist")

    def user(self, name: str) -> Row | None:
        """Return a user as the service holds it."""
        for one in self.served.store.held["Users"].values():
            if one["userName"] == name:
                return one
        return None

    def is_active(self, name: str) -> bool:
        """Return whether a user exists and is active."""
        found = self.user(name)
        return found is not None and found.get("active", True) is True

    def mail(self, name: str) -> str:
        """Return the first e-mail address of a user."""
        mails = (self.user(name) or {}).get("emails") or [{}]
        return str(mails[0].get("value", ""))

    def demand(self, holds: bool, sentence: str) -> None:
        """Raise Wrong with a sentence if something does not hold."""
        if not holds:
            raise Wrong(sentence)

    def demand_left(self, name: str) -> None:
        """Raise Wrong if a leaver is active and no warning names the user."""
        if not self.is_active(name):
            return
        for warning in self.warnings:
            if "no leaver is deactivated" in warning and name in warning:
                self.limits.append(warning.partition(": ")[0])
                return
        raise Wrong(f"{name} left and is active")


def _foretold(predicted: Said, said: Said) -> bool:
    """Return whether check mode warned of those for whose lack a run fails.

    It does not fail itself, since an earlier task may create them.
    """
    warned = [one for one in predicted.warnings if "an earlier task" in one]
    lacking = set(re.findall(r"user '[^']*'", said.failure))
    named = set(re.findall(r"user '[^']*'", " ".join(warned)))
    return bool(lacking) and lacking <= named


def _plain(value: Any) -> Any:
    """Return a result as JSON holds it."""
    return json.loads(json.dumps(value, sort_keys=True))
