# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs all rehearsals and writes their results to the documentation.

``python tools/results.py`` writes the page, ``python tools/results.py NAME…`` prints the results of
these services only.
"""

from __future__ import annotations

import sys

from docs import ROOT  # it makes the checkout importable

# pylint: disable=wrong-import-position
from ansible_collections.identity.scim.tests.rehearsal.imitations import (  # noqa: E402
    IMITATIONS,
)
from ansible_collections.identity.scim.tests.rehearsal.results import (  # noqa: E402
    PAGE,
    notes,
    outcomes_of,
    page,
    row,
)


def main(names: list[str]) -> int:
    """Write the page, or print some of it."""
    found = []
    for imitation in IMITATIONS.values():
        if not names or imitation.name in names:
            outcomes = outcomes_of(imitation)
            found.append((imitation, outcomes))
            if names:
                print(f"{row(imitation, outcomes)}\n\n{notes(imitation, outcomes)}")
    if not names:
        file = ROOT / PAGE
        file.parent.mkdir(exist_ok=True)
        file.write_text(page(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
