# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a roster: opened, decoded, and split into items by its format.

Knows files and their endings, no option. Nothing is templated.
"""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Callable, Iterator
from typing import TextIO

from .._model.errors import ScimError
from .._model.layouts import Layouts
from .items import BadFile, Item

Reader = Callable[[TextIO, "Layouts | None"], Iterator[Item]]


def _yaml(file: TextIO, _layouts: Layouts | None) -> Iterator[Item]:
    from .yaml_rows import yaml_items

    return yaml_items(file)


def _json(file: TextIO, layouts: Layouts | None) -> Iterator[Item]:
    from .json_rows import json_items

    return json_items(file, layouts)


def _ndjson(file: TextIO, layouts: Layouts | None) -> Iterator[Item]:
    from .json_rows import ndjson_items

    return ndjson_items(file, layouts)


def _csv(file: TextIO, _layouts: Layouts | None) -> Iterator[Item]:
    from .csv_rows import csv_items

    return csv_items(file)


# Each imports its own reader only.
FORMATS: dict[str, Reader] = {
    ".yml": _yaml,
    ".yaml": _yaml,
    ".json": _json,
    ".ndjson": _ndjson,
    ".jsonl": _ndjson,
    ".csv": _csv,
}
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
VAULT = b"$ANSIBLE_VAULT"
DIRECTORY = "is a directory; name one file"
SAVE = "save the file as UTF-8"
COMPLETE = "run again when it is complete; write it under another name, and rename it then"


def items_of(path: str, layouts: Layouts | None = None) -> Iterator[Item]:
    """Yield the items of a file, one at a time.

    Those of JSON may stay unread if there are ``layouts`` to find. Raise ScimError, in one
    sentence, if the file cannot be read or is not of its format.
    """
    reader = _reader(path)
    name = os.path.basename(path)
    with _opened(path) as file:
        before = _state_of(file)
        try:
            yield from reader(file, layouts)
        except UnicodeDecodeError:
            line = _bad_line(path)
            raise ScimError(f"{name} line {line} is not UTF-8", hint=SAVE) from None
        except BadFile as error:
            raise ScimError(f"{name} {error}") from None
        if _state_of(file) != before:
            raise ScimError(f"{name} changed while it was read", hint=COMPLETE)


def is_table(path: str) -> bool:
    """Return whether the rows of a file have a header with their names."""
    return FORMATS.get(os.path.splitext(path)[1].lower()) is _csv


def _reader(path: str) -> Reader:
    reader = FORMATS.get(os.path.splitext(path)[1].lower())
    if reader is None and os.path.isdir(path):
        raise ScimError(f"src '{path}' {DIRECTORY}")
    if reader is None:
        endings = ", ".join(FORMATS)
        raise ScimError(f"src '{path}' must end with one of {endings}; the ending is the format")
    return reader


def _opened(path: str) -> TextIO:
    """Return a file as text, without a byte order mark."""
    try:
        # A pipe that nobody writes to would be waited for.
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise ScimError(_not_opened(path, error)) from None
    except ValueError:
        raise ScimError(f"src '{path}' has a character that no path may have") from None
    try:
        problem = _unreadable(os.fstat(number)) or _encoding(_head(number))
        if problem:
            raise ScimError(f"src '{path}' {problem}")
        return open(number, encoding="utf-8-sig", newline="")
    except BaseException:
        os.close(number)
        raise


def _state_of(file: TextIO) -> tuple[int, int]:
    """Return the size of a file and when it was changed."""
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def _head(number: int) -> bytes:
    return os.pread(number, 64, 0)


def _not_opened(path: str, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        advice = "it is read where the task runs, which is the managed node"
        where = "" if os.path.isabs(path) else f" in {os.getcwd()}"
        return f"src '{path}' does not exist{where}; {advice}"
    return f"src '{path}' cannot be read: {(error.strerror or 'unknown error').lower()}"


def _unreadable(status: os.stat_result) -> str:
    if stat.S_ISDIR(status.st_mode):
        return DIRECTORY
    if not stat.S_ISREG(status.st_mode):
        return "is not a regular file; name one file"
    return "" if status.st_size else "is empty; it must have at least one row"


def _encoding(head: bytes) -> str:
    """Return what is wrong with the first bytes of a file."""
    if head.startswith(VAULT):
        return "is encrypted with Ansible Vault; decrypt it where the task runs"
    if head.startswith(WIDE) or b"\0" in head:
        return f"is UTF-16 or binary; {SAVE}"
    return ""


def _bad_line(path: str) -> int:
    """Return the number of the first line that is not UTF-8."""
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 0
