# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of services before anything is asked: their profiles.

Knows no request. The values are in ``large_services.py`` and ``other_services.py``.
"""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from urllib.parse import urlsplit

from .capabilities import Capabilities
from .fields import Rank, Source
from .large_services import PROFILES as LARGE
from .other_services import PROFILES as OTHERS
from .tokens import Token

PROFILES = {**LARGE, **OTHERS}
AUTO = "auto"
# Name, host and path. Compiled here and not in each worker that Ansible forks.
ADDRESSES = tuple(
    (name, re.compile(one.host), re.compile(one.path))
    for name, profile in PROFILES.items()
    for one in profile.addresses
)


def names() -> tuple[str, ...]:
    """Return the names of all profiles, in order."""
    return tuple(sorted(PROFILES))


@lru_cache(maxsize=8)
def profile_at(url: str) -> str:
    """Return the name of the profile of a base URL, empty if there is none.

    Nothing is sent. The host and the path must fit as a whole, so no address that only contains a
    name does. One with credentials, or with other letters than ASCII in its host, has none.
    """
    parts = urlsplit(url)
    if "@" in parts.netloc or not parts.netloc.isascii():
        return ""
    host = (parts.hostname or "").removesuffix(".")
    for name, host_pattern, path_pattern in ADDRESSES:
        if host_pattern.fullmatch(host) and path_pattern.match(parts.path):
            return name
    return ""


def profile_named(name: str) -> Capabilities:
    """Return the capabilities of a profile. Raise ValueError if there is none."""
    if name not in PROFILES:
        near = difflib.get_close_matches(name.lower(), PROFILES, 1)
        meant = f"; did you mean '{near[0]}'?" if near else ""
        raise ValueError(
            f"service_provider must be auto or one of {', '.join(names())}, not '{name}'{meant}"
        )
    found = Capabilities()
    for capability, (value, source) in PROFILES[name].values.items():
        found = found.stated({capability: value}, Source(f"profile {name}: {source}", Rank.PROFILE))
    return found


def token_of(name: str) -> Token:
    """Return how a client gets in at the service of a profile.

    Nothing is known of it if there is no such profile.
    """
    return PROFILES[name].token if name in PROFILES else Token()


def chosen(option: str | None, url: str) -> str:
    """Return the name of the profile for an option, empty for none.

    ``auto`` and an omitted option recognise the address.
    """
    if option in (None, "", AUTO):
        return profile_at(url)
    return str(option)
