# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would move a terminal is escaped."""

from __future__ import annotations

import pytest
from ansible_collections.identity.scim.plugins.module_utils._report.printable import (
    printable,
    sentence,
)


@pytest.mark.parametrize(
    "text, shown",
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\r\nb\tc", "a\\x0d\\x0ab\\x09c"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2028", "\\u2028"),
        ("\x9b", "\\x9b"),
        ("\U000e0001", "\\U000e0001"),
        ("\ud800", "\\ud800"),
        ("👩\u200d💻 Zoë 漢", "👩\u200d💻 Zoë 漢"),
        ("\\x1b", "\\x1b"),
    ],
)
def test_m10_control_characters_are_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no user " + "a" * 300 + " here", "no user " + "a" * 300 + " here"),
        ("no user " + "a" * 301 + " here", "no user " + "a" * 300 + "… here"),
        ("a" * 5000, "a" * 300 + "…"),
        ("a b " * 400, "a b " * 400),
        ("x\ny", "x\\x0ay"),
    ],
)
def test_n1_a_long_id_or_name_does_not_fill_a_sentence(text: str, shown: str) -> None:
    assert sentence(text) == shown
