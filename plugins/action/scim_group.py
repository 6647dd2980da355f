# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of the module of this name; scim_directory says what it does."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.action.scim_directory import ActionModule
from ansible_collections.identity.scim.plugins.plugin_utils._in_worker import import_early

__all__ = ["ActionModule"]

import_early("scim_group", writes=True)
