# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An unexpected exception as one sentence.

Knows where it was raised, not what it says.
"""

from __future__ import annotations

import os
import traceback


def defect(error: Exception) -> str:
    """Return an unexpected exception as a sentence.

    It says where the exception was raised and nothing of its text, which may hold a secret.
    """
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"
    return (
        f"internal error ({type(error).__name__} at {place}); "
        "this is a defect of identity.scim, please report it"
    )
