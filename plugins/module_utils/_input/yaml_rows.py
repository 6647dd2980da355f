# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a YAML file, composed one at a time from the events of the parser.

Values stay as they were written: ``no``, ``00123`` and ``2026-11-24`` are texts, only ``null``,
``~`` and nothing are null. ``true``, ``false`` and numbers are what they are in JSON only where no
text belongs: in ``attributes`` and ``secret_attributes``, ``active`` and ``primary``. Knows no
other option.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TextIO

from .._model.errors import ScimError
from .items import EMPTY, KNOWN, BadFile, Item, Lined, is_aside, section_of

DEEPEST = 40
LARGEST = 2**63
LONGEST = len(str(-LARGEST))
# The characters that all aliases of a file may stand for.
MOST_ALIASED = 2**24
NULLS = frozenset({"", "~", "null"})
FREE = frozenset({"attributes", "secret_attributes", "active", "primary"})
MEMBERS = "members"
NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")
TRUTHS = {"true": True, "false": False}
STANDARD = "tag:yaml.org,2002:"
NULL = f"{STANDARD}null"
TAGS = frozenset({None, "!", NULL, f"{STANDARD}str", f"{STANDARD}map", f"{STANDARD}seq"})


def yaml_items(file: TextIO) -> Iterator[Item]:
    """Yield the items of a list, or of the lists of a dictionary.

    Raise BadFile if the file is something else, or not valid.
    """
    try:
        import yaml
    except ImportError:
        raise ScimError(
            "src needs the Python library PyYAML to read YAML",
            hint="install it for the interpreter that runs the module, or use CSV or JSON",
        ) from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(file)
    try:
        yield from Composer(loader).items()
    except yaml.YAMLError as error:
        raise BadFile(_in_words(error)) from None
    finally:
        loader.dispose()


def _in_words(error: Any) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable"
    place = f"line {mark.line + 1} " if mark is not None else ""
    if mark is None and isinstance(getattr(error, "character", None), int):
        problem = f"the character U+{error.character:04X} is not allowed"
    return f"{place}is not valid YAML: {problem}"


def _kind(event: Any) -> str:
    return str(type(event).__name__)


class Composer:
    """Makes values of the events of a parser, and of aliases what their anchors hold."""

    def __init__(self, loader: Any) -> None:
        self._event = loader.get_event
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._size = 0
        self._aliased = 0
        self._problem = ""

    def items(self) -> Iterator[Item]:
        """Yield the items of the only document."""
        self._event()
        if _kind(self._event()) == "StreamEndEvent":
            raise BadFile(EMPTY)
        count = 0
        for item in self._document(self._event()):
            count += 1
            yield item
        self._event()
        following = self._event()
        if _kind(following) != "StreamEndEvent":
            raise BadFile(f"line {_line(following)} begins a second document; put all into one")
        if not count:
            raise BadFile(EMPTY)

    def _document(self, event: Any) -> Iterator[Item]:
        if _kind(event) == "SequenceStartEvent":
            yield from self._entries(event, "")
        elif _kind(event) == "MappingStartEvent":
            yield from self._sections()
        elif _kind(event) != "ScalarEvent" or not _is_null(event):
            raise BadFile(f"is not a roster; {KNOWN}")

    def _sections(self) -> Iterator[Item]:
        seen: set[str] = set()
        while True:
            event = self._event()
            if _kind(event) == "MappingEndEvent":
                return
            name = self._key(event)
            if is_aside(name):
                self._value(self._event(), 1)
                continue
            section = section_of(name, seen, _line(event))
            yield from self._entries(self._event(), section)

    def _entries(self, event: Any, section: str) -> Iterator[Item]:
        """Yield the items of a list; there are none below null."""
        if _kind(event) == "ScalarEvent" and _is_null(event):
            return
        if _kind(event) != "SequenceStartEvent":
            raise BadFile(f"line {_line(event)} must begin a list of rows below {section}")
        while True:
            event = self._event()
            if _kind(event) == "SequenceEndEvent":
                return
            self._problem = ""
            value = self._value(event, 1, lined=True)
            yield Item(_line(event), value, section, self._problem)

    def _value(self, event: Any, depth: int, *, free: bool = False, lined: bool = False) -> Any:
        """Return the value that an event begins.

        ``free``: it may be of any type of JSON. ``lined``: a dictionary notes its line.
        """
        kind = _kind(event)
        if kind == "AliasEvent":
            return self._alias(event)
        if event.tag not in TAGS:
            tag = str(event.tag).removeprefix(STANDARD)
            raise BadFile(f"line {_line(event)} has the tag {tag[:40]}; write the value without it")
        if depth > DEEPEST:
            raise BadFile(f"line {_line(event)} is nested too deeply")
        before = self._size
        self._size += 1
        if kind == "ScalarEvent":
            value = self._scalar(event, free=free)
        elif kind == "SequenceStartEvent":
            value = self._list(depth, free=free, lined=lined)
        else:
            value = self._dictionary(Lined(_line(event)) if lined else {}, depth, free=free)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._size - before)
        return value

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self._anchors:
            raise BadFile(
                f"line {_line(event)} has the alias *{event.anchor[:40]} without an anchor"
            )
        value, size = self._anchors[event.anchor]
        self._size += size
        self._aliased += size
        if self._aliased > MOST_ALIASED:
            raise BadFile(
                f"line {_line(event)} has an alias with which all aliases stand for more than "
                f"{MOST_ALIASED // 2**20} MiB; write fewer"
            )
        return value

    def _scalar(self, event: Any, *, free: bool) -> Any:
        text = event.value
        self._size += len(text)
        if not event.implicit[0]:
            return None if event.tag == NULL else text
        if text in NULLS:
            return None
        return _json_value(text, _line(event)) if free else text

    def _list(self, depth: int, *, free: bool, lined: bool) -> list[Any]:
        found: list[Any] = []
        while True:
            event = self._event()
            if _kind(event) == "SequenceEndEvent":
                return found
            found.append(self._value(event, depth + 1, free=free, lined=lined))

    def _dictionary(self, found: dict[str, Any], depth: int, *, free: bool) -> dict[str, Any]:
        merged: list[Any] = []
        while True:
            event = self._event()
            if _kind(event) == "MappingEndEvent":
                return _merged(found, merged)
            name = self._key(event)
            value = self._value(
                self._event(), depth + 1, free=free or name in FREE, lined=name == MEMBERS
            )
            is_merge = name == "<<" and event.implicit[0]
            if is_merge and not merged:
                merged.append((value, _line(event)))
            elif is_merge or name in found:
                self._problem = self._problem or f"has the key {name[:60]} twice; remove one"
            else:
                found[name] = value

    def _key(self, event: Any) -> str:
        if _kind(event) == "AliasEvent":
            value = self._alias(event)
            if isinstance(value, str):
                return value
        elif _kind(event) == "ScalarEvent":
            self._size += len(event.value)
            if event.anchor is not None:
                self._anchors[event.anchor] = (event.value, len(event.value))
            return str(event.value)
        raise BadFile(f"line {_line(event)} has a key that is not text; a file is not templated")


def _merged(found: dict[str, Any], merged: list[Any]) -> dict[str, Any]:
    """Return a dictionary with what ``<<`` adds.

    What it has itself stays, and so does what an earlier one has added.
    """
    for value, line in merged:
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, dict):
                raise BadFile(f"line {line} has a << that is not a dictionary")
            for name, inner in one.items():
                found.setdefault(name, inner)
    return found


def _is_null(event: Any) -> bool:
    return bool(event.implicit[0]) and event.value in NULLS


def _json_value(text: str, line: int) -> Any:
    """Return a plain scalar as JSON would have it."""
    if text in TRUTHS:
        return TRUTHS[text]
    match = NUMBER.fullmatch(text)
    if match is None:
        return text
    if match[1] or match[2]:
        return float(text)
    number = int(text) if len(text) <= LONGEST else LARGEST
    if not -LARGEST <= number < LARGEST:
        raise BadFile(f"line {line} has a number of more than 64 bits; quote it")
    return number


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
