# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page about capabilities and profiles, written from their tables.

Knows no other file of the documentation. ``docs.py`` makes the collection importable first.
"""

from __future__ import annotations

import textwrap
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import FIELDS
from ansible_collections.identity.scim.plugins.module_utils._provider.profiles import (
    PROFILES,
    names,
)

CAPABILITIES_HEAD = """\
<!-- {written} -->

# Capabilities

Services differ in what they support. The collection describes each difference as a capability:

- It assumes the defaults below.
- It reads what the service announces in its ServiceProviderConfig.
- It knows [services](services/README.md) by their profiles.
- It learns from the answers of the service. For example, after a PATCH is answered with 501, it
  sends PUT instead.
- The option `capabilities` takes precedence over all of these, and each over those before it.

`scim_service_provider_info` returns every capability with its source.

```yaml
- identity.scim.scim_group_membership:
    group: Dunder Mifflin
    members: [jhalpert]
    capabilities:
      members_per_patch: 100
      patch_mix: members_apart
```

An unknown capability or a value of the wrong type is an error.

## Resource types

Some services support less for groups than for users. A capability marked with "by type" can differ
between resource types:

- A bool takes a dictionary of types: `patch: {{users: true, groups: false}}`. A type that is not
  named keeps the default. A plain bool is for all types.
- A path in a list may begin with a type: `unsaved: [User.nickName]`. A plain path is for all types.
- A type without options of its own, for example `Devices`, is called by its endpoint.

What a refusal teaches is about one resource type.

## Profiles

The option `service_provider` names the profile of a service. If it is omitted or `auto`, a service
is recognised by the address in `server_url`, as far as that tells. Nothing is sent for that. Values
of a profile come from documentation, source code or issues of the service, and each has its source.

```yaml
module_defaults:
  group/identity.scim.all:
    service_provider: aws
```

{profiles}
## All capabilities

"""


def capability(one: Any) -> str:
    """Return the wrapped bullet that describes one capability."""
    kind = ", ".join(f"`{choice}`" for choice in one.choices)
    if one.type == "list":
        kind = f"list of {kind or 'strings'}"
    elif one.type == "dict":
        keys = ", ".join(f"`{key}`" for key in one.keys) or "SCIM paths"
        inner = {"numbers": "a number", "texts": "a path"}.get(one.holds, kind)
        kind = f"dict of {keys}, each with {inner}"
    elif not kind:
        kind = f"{one.type} or a number" if one.counts else one.type
    default = one.default
    if one.type == "bool":
        default = str(default).lower()
    elif one.type == "list":
        default = list(default)
    elif one.type == "dict":
        default = dict(default)
    if one.by_type:
        kind += ", by type"
    text = f"**`{one.name}`** ({kind}; default `{default}`): {one.doc}"
    return textwrap.fill(text, 120, initial_indent="- ", subsequent_indent="  ") + "\n"


def profile(name: str) -> str:
    """Return the wrapped bullet that describes one profile."""
    known = PROFILES[name]
    by_address = " Recognised by its address." if known.addresses else ""
    limits = "".join(f" {limit}" for limit in known.limits)
    text = f"**`{name}`**: {known.title}.{by_address}{limits}"
    return textwrap.fill(text, 120, initial_indent="- ", subsequent_indent="  ") + "\n"


def capabilities(written: str) -> str:
    """Return the text of docs/capabilities.md. ``written`` says what writes it."""
    head = CAPABILITIES_HEAD.format(written=written, profiles="".join(map(profile, names())))
    return head + "".join(map(capability, FIELDS.values()))
