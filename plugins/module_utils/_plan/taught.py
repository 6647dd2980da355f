# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answers to one question teach about a service; knows no key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from .._model.errors import ScimError
from .._model.schema import ResourceType
from .._provider.capabilities import Capabilities
from .lessons import Lesson
from .reading import REFUSED_LENGTH

NOT_HONOURED = "a filter that was not honoured"


class Taught:
    """The lessons of one question, and one that is on trial.

    A number of comparisons is a lesson only after a filter of several was accepted.
    """

    def __init__(self, kind: ResourceType) -> None:
        self.lessons: list[Lesson] = []
        self._kind = kind
        self._trial: Lesson | None = None
        self._is_number_tried = False

    def known(self, capabilities: Capabilities) -> Capabilities:
        """Return the capabilities of the type with what was taught so far."""
        for lesson in self.lessons:
            capabilities = lesson.applied(capabilities)
        if self._trial is not None:
            capabilities = self._trial.applied(capabilities)
        return capabilities.of(self._kind.name)

    @property
    def learnt(self) -> list[Lesson]:
        """Return what the service is known by after the question.

        A number of comparisons that was not accepted either counts as one: what is refused for one
        type is not sent again for another.
        """
        found = self.lessons[:]
        for number, lesson in enumerate(found):
            if self._is_number_tried and lesson.values.get("filter_clauses", 1) > 1:
                found[number] = replace(lesson, values={"filter_clauses": 1})
        return found

    def learn(self, source: str, **values: Any) -> None:
        """Take in a lesson about the type. One that was on trial is dropped."""
        self.lessons.append(Lesson(source=source, values=values, kind=self._kind.name))
        self._trial = None

    def take_refusal(self, lesson: Lesson, status: int | None, *, on_trial: bool) -> None:
        """Take in what the refusal of several comparisons teaches about their number."""
        if on_trial:
            self._trial = lesson
        else:
            self.lessons.append(lesson)
        self._is_number_tried = status not in REFUSED_LENGTH

    def take_answer(self, comparisons: Iterable[Any]) -> None:
        """Take in that a filter of these comparisons was accepted."""
        if len(tuple(comparisons)) > 1:
            self._is_number_tried = False

    def keep_trial(self) -> None:
        """Take in that what was on trial works."""
        if self._trial is not None:
            self.lessons.append(self._trial)
            self._trial = None

    def take_ignored(self, capabilities: Capabilities) -> None:
        """Take in that the service does not honour filters.

        Raise ScimError if the option ``capabilities`` says that it does.
        """
        if capabilities.of(self._kind.name).set_by_option("filters"):
            raise ScimError(
                "the service does not honour filters, although the option capabilities says so",
                doing=f"looking up {self._kind.endpoint.lower()}",
                hint="leave filters out of capabilities, or set it to false",
            )
        self.learn(NOT_HONOURED, filters=False)
