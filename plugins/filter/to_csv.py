# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter identity.scim.to_csv.

Knows rows of any names, no SCIM.
"""

from __future__ import annotations

DOCUMENTATION = r"""
name: to_csv
short_description: Writes rows as CSV
version_added: 0.1.0
author:
  - The identity.scim contributors (@identity-scim)
description:
  - Returns a list of dictionaries as CSV text with a header line (RFC 4180), for example the memberships that
    M(identity.scim.scim_group_info) returns.
  - Every value is quoted if it must be. Null is an empty cell, a list is joined by C(;), a dictionary is JSON.
  - The option O(identity.scim.scim_directory#module:src) reads such files.
  - Values are written as they are. A spreadsheet may take one that begins with C(=), C(+), C(-) or C(@) for a formula.
positional: []
options:
  _input:
    description: A list of dictionaries.
    type: list
    elements: dict
    required: true
  columns:
    description: The columns, in order. Defaults to all names, in the order in which they first occur.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Read who is in which group
  identity.scim.scim_group_info:
    members: names
  register: reading

- name: Write a file for a spreadsheet
  ansible.builtin.copy:
    content: "{{ reading.memberships | identity.scim.to_csv(columns=['group', 'user_name', 'email', 'id']) }}"
    dest: members.csv
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The text of the file.
  type: str
  sample: "group,user_name\nSales,jhalpert\n"
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def to_csv(rows: Any, columns: Any = None) -> str:
    """Return rows as CSV.

    Raise AnsibleFilterError with one sentence that shows no data.
    """
    if not isinstance(rows, (list, tuple)) or not all(isinstance(one, Mapping) for one in rows):
        raise AnsibleFilterError("identity.scim.to_csv accepts a list of dictionaries")
    if columns is not None and not isinstance(columns, (list, tuple)):
        raise AnsibleFilterError("columns of identity.scim.to_csv must be a list of names")
    names = list(columns or _names(rows))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in names])
    return text.getvalue()


def _names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    found: dict[str, None] = {}
    for row in rows:
        found.update(dict.fromkeys(row))
    return [*found]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ";".join(map(_cell, value))
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {"to_csv": to_csv}
