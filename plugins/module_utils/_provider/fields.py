# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a capability is: its name, meaning and values, and who says so.

Knows no service.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple, TypeVar, get_args

Value = TypeVar("Value")
Result = TypeVar("Result")
DICTS = frozenset({"texts", "numbers", "choices"})


class Rank(IntEnum):
    """How much the source of a value is trusted; a higher rank wins."""

    ASSUMED = 0
    ANNOUNCED = 1
    PROFILE = 2
    REFUSAL = 3
    OPTION = 4


class Source(NamedTuple):
    """Where a value comes from: a text for readers, and how much it is trusted."""

    text: str
    rank: Rank


ASSUMED = Source("assumed", Rank.ASSUMED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One capability: its name, its meaning, its default and the values it takes.

    ``choices`` are the values of a text, of each item of a list, or of each key in a dict.
    ``least`` is the smallest number. ``by_type``: the option may set it for each resource type.
    ``adds``: a list that grows with each source. ``counts``: a bool that may be a number too.
    ``holds``: a list of texts instead of paths, or a dict of "texts", "numbers" or "choices".
    ``keys``: those that a dict takes. Without them it takes SCIM paths.
    """

    name: str
    doc: str
    default: Any
    choices: tuple[str, ...] = ()
    least: int = 1
    by_type: bool = False
    adds: bool = False
    counts: bool = False
    holds: str = ""
    keys: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """Return ``bool``, ``int``, ``float``, ``list`` (of strings), ``dict`` or ``str``."""
        if self.holds in DICTS:
            return "dict"
        names = {bool: "bool", int: "int", float: "float", tuple: "list"}
        return names.get(type(self.default), "str")


def capability(default: Value, doc: str, *, choices: Any = None, **more: Any) -> Value:
    """Return the dataclass field of a capability.

    ``choices`` is the Literal with its values, ``more`` is the rest of a Field.
    """
    metadata = {"doc": doc, "choices": get_args(choices), **more}
    # pylint: disable-next=invalid-field-call
    found: Value = field(default=default, metadata=metadata)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembering:
    """A value that remembers what follows from it.

    A plan asks the same for each resource.
    """

    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, question: Hashable, answer: Callable[[], Result]) -> Result:
        """Return an answer that depends on this value and the question alone.

        It is worked out once.
        """
        if question not in self._known:
            self._known[question] = answer()
        found: Result = self._known[question]
        return found
