# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON objects that are not decoded yet.

Knows no JSON: how an object is written is known by its layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .frames import Layout


class Unread(Mapping[str, Any]):
    """An object of which the texts are known, and which is decoded if more is asked."""

    __slots__ = ("_whole", "layout", "texts")

    def __init__(self, layout: Layout, texts: tuple[str, ...]) -> None:
        self.layout = layout
        self.texts = texts
        self._whole: dict[str, Any] | None = None

    @property
    def whole(self) -> dict[str, Any]:
        """Return the object, decoded."""
        if self._whole is None:
            self._whole = self.layout.decoded(self.texts)
        return self._whole

    def __getitem__(self, name: str) -> Any:
        slot = self.layout.top.get(name)
        if slot is not None:
            return self.texts[slot]
        if name not in self.layout.frame:
            raise KeyError(name)
        return self.whole[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.layout.frame)

    def __len__(self) -> int:
        return len(self.layout.frame)


def decoded(one: Any) -> Any:
    """Return an object as a dictionary; what is decoded stays as it is."""
    return one.whole if isinstance(one, Unread) else one


def all_decoded(found: Iterable[Any]) -> tuple[Any, ...]:
    """Return objects as dictionaries."""
    return tuple(map(decoded, found))
