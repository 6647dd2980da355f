# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The former name of ``errors``; knows nothing else."""

from __future__ import annotations

from .errors import HINTS, ScimError, all_of, shortened

__all__ = ["HINTS", "ScimError", "all_of", "shortened"]
