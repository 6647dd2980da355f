# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with options, as sentences.

Knows neither an option table nor Ansible.
"""

from __future__ import annotations

import re
from typing import Any

from .._model.errors import MASK, all_of

LONGEST_KEY = 1000
MASKED = f"contains {MASK}, which stands for a secret masked in the result of another task"
SURROGATE = re.compile(r"[\ud800-\udfff]")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# A star is left to the sentence about masked values.
NO_DOMAIN = re.compile(r"[/!#$%&'+=?^`{|}~]")
NO_ADDRESS = re.compile(r"[\s@<>()\[\],;:\\\"]")
OMIT = "omit it to keep the current value, or list it in clear to remove it"


class InputErrors:
    """Collect sentences about the options at one place.

    ``place`` is where they were written (``teams[0].members[3]``), empty for a single module.
    """

    def __init__(self, place: str = "") -> None:
        self.place = place
        self.sentences: list[str] = []

    def add(self, option: str, text: str) -> None:
        """Add one sentence about an option."""
        subject = ".".join(filter(None, (self.place, option)))
        self.sentences.append(f"{subject} {text}")

    def check_text(self, option: str, value: Any, *, key: bool = False, empty: str = OMIT) -> bool:
        """Return whether a value may be sent, and add a sentence if not.

        Anything but a string may. ``key``: the value is looked up, so it must be short and on one
        line. ``empty`` says what to do about an empty string.
        """
        if not isinstance(value, str):
            return True
        problem = _problem(value, key=key, empty=empty)
        if problem:
            self.add(option, problem)
        return not problem

    def raise_any(self) -> None:
        """Raise ScimError with every sentence, if there is one."""
        if self.sentences:
            raise all_of(self.sentences)


def is_address(text: str) -> bool:
    """Return whether a text is an e-mail address (RFC 5321 section 4.1.2).

    Quoted names are none: services do not take them. A domain need not have a dot.
    """
    local, _at, domain = text.rpartition("@")
    labels = domain.split(".")
    is_domain = all(label and label.strip("-") == label for label in labels)
    is_domain = is_domain and NO_DOMAIN.search(domain) is None
    return bool(local) and is_domain and NO_ADDRESS.search(text.replace("@", "", 1)) is None


def _problem(text: str, *, key: bool, empty: str) -> str:
    if not text.strip():
        return f"is an empty string; {empty}"
    if SURROGATE.search(text):
        return "contains half of a surrogate pair, which is not valid text"
    if MASK in text:
        return MASKED
    if key:
        return _key_problem(text)
    return ""


def _key_problem(text: str) -> str:
    if CONTROL.search(text):
        return "contains a control character"
    if len(text) > LONGEST_KEY:
        return f"is {len(text)} characters long; at most {LONGEST_KEY} are allowed"
    return ""
