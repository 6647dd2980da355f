# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attributes that the documentation of all modules shares."""

from __future__ import annotations


class ModuleDocFragment:
    """The doc fragments identity.scim.attributes, and .changes or .info beside it."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict the result.
  diff_mode:
    description: Returns what changes in diff mode.
  idempotent:
    description: A second run with the same arguments changes nothing.
  platform:
    description: Usually the controller itself.
    support: full
    platforms: posix
  action_group:
    description: C(group/identity.scim.all) in C(module_defaults) sets options of all modules.
    support: full
    membership:
      - identity.scim.all
"""

    # Modules that write
    CHANGES = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - Sends only reads, and predicts C(changed), the diff and the writes.
  diff_mode:
    support: full
    details: The diff is flat, by SCIM path. It shows only what the task sets.
"""

    # Modules that only read
    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This module only reads.
  diff_mode:
    support: N/A
    details:
      - This module only reads.
  idempotent:
    support: full
    details:
      - This module only reads.
"""
