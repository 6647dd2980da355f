# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter identity.scim.quote.

Knows how a template calls it, not how SCIM writes a literal.
"""

from __future__ import annotations

DOCUMENTATION = r"""
name: quote
short_description: Quotes a value for a SCIM filter
version_added: 0.1.0
author:
  - The identity.scim contributors (@identity-scim)
description:
  - Returns a value as a literal for a SCIM filter (RFC 7644 section 3.4.2.2), including the quotes.
    No value can break the filter or change its meaning.
  - Strings are quoted, and C("), C(\\) and control characters are escaped. Numbers, true, false and null stay unchanged.
  - Dates become strings in ISO 8601 form.
positional: []
options:
  _input:
    description: A string, number, boolean, date or null. A list or a dictionary is an error.
    type: raw
    required: true
seealso:
  - plugin: identity.scim.resources
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Read a user by a name that may contain any characters
  identity.scim.scim_user_info:
    filter: "userName eq {{ login | identity.scim.quote }}"

- name: Read the same user with the lookup
  ansible.builtin.debug:
    msg: "{{ query('identity.scim.resources', 'Users', filter='userName eq ' ~ (login | identity.scim.quote)) }}"
  vars:
    login: 'o"brien\'

- name: Quote a string and a boolean
  ansible.builtin.assert:
    that:
      - ('say "hi"' | identity.scim.quote) == '"say \\"hi\\""'
      - (true | identity.scim.quote) == 'true'
"""

RETURN = r"""
_value:
  description: The literal, with its quotes.
  type: str
  sample: '"mscott"'
"""

import datetime
import math
from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.identity.scim.plugins.module_utils._protocol.filters import literal


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "a dictionary"
    if isinstance(value, (list, tuple)):
        return "a list"
    return f"a {type(value).__name__}"


def quote(value: Any) -> str:
    """Return a value as a SCIM literal.

    Raise AnsibleFilterError with one sentence that does not show the value.
    """
    if isinstance(value, (datetime.date, datetime.datetime)):
        value = value.isoformat()
    if value is not None and not isinstance(value, (str, bool, int, float)):
        raise AnsibleFilterError(
            "identity.scim.quote accepts text, a number, a boolean, a date or null, not "
            f"{_kind(value)}"
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise AnsibleFilterError("identity.scim.quote does not accept infinite numbers or NaN")
    try:
        return literal(value)
    except ValueError:
        raise AnsibleFilterError(
            "identity.scim.quote does not accept text with half of a surrogate pair, "
            "which is not a character"
        ) from None


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {"quote": quote}
