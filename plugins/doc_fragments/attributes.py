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
    description: Can run in C(check_mode) and predict the result without changing anything.
  diff_mode:
    description: Returns what changed, or in C(check_mode) would change, when in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode with the same arguments, the second run changes nothing.
      - This assumes that nothing else changes the service in between.
  platform:
    description: The systems on which the module runs, usually the controller itself.
    support: full
    platforms: posix
  action_group:
    description: Use C(group/identity.scim.all) in C(module_defaults) to set defaults for all modules of the collection.
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
    details:
      - The diff consists of flat dictionaries by SCIM path.
      - It shows only attributes that the task sets.
      - For members it shows only those added and removed.
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
