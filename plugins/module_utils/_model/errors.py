# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one error for users: a sentence made of parts.

Knows neither HTTP nor Ansible.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

HINTS = {
    401: "check the credentials, for example the token",
    403: "the credentials are known but not allowed to do this",
    404: "check server_url and that the resource still exists",
    405: "the service does not offer this; see the option capabilities",
    409: "another resource may have one of these values, another client may be changing it, or its "
    "state may not allow this; look for it on the service, or run again",
    412: "another client may have changed it meanwhile; run again",
    413: "the request is larger than the service accepts; lower a limit in the option capabilities",
    429: "the service asks to slow down; run again later, or raise retries or retry_max_wait",
    501: "the service does not implement this; see the option capabilities",
}
# What a conflict (409) advises where its reason is known.
TAKEN = "another resource may have one of these values; look for it on the service"
CHANGED = "another client may be changing it, or its state may not allow this; run again"
KEPT = (
    "something may still use it, another client may be changing it, or its state may not allow "
    "this; look at it on the service, or run again"
)
# What is shown instead of a secret.
MASK = "********"
MOST_LINES = 20


def shortened(text: str, most: int) -> str:
    """Return a text of a service with at most ``most`` characters.

    It is cut between words if it has any, so that no secret is cut and then missed by the mask.
    """
    if len(text) <= most:
        return text
    head = text[:most]
    if len(head.split()) > 1:
        head = head.rsplit(None, 1)[0]
    return f"{head} …"


def first_of(names: Collection[str], most: int) -> str:
    """Return the first ``most`` names in their order, and how many there are more."""
    shown = ", ".join([*names][:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


@dataclass(eq=False, repr=False)
class ScimError(Exception):
    """A failure as one sentence, built from parts.

    ``reason`` says what is wrong and ``doing`` what was attempted (``"creating user 'pam'"``).
    ``status`` is the HTTP status; ``detail`` and ``scim_type`` come from the service (RFC 7644
    section 3.12). ``hint`` says what to do and defaults to the one for the status.
    ``lines`` are further independent failures, one sentence each.
    """

    reason: str
    doing: str = field(default="", kw_only=True)
    status: int | None = field(default=None, kw_only=True)
    detail: str = field(default="", kw_only=True)
    scim_type: str = field(default="", kw_only=True)
    hint: str = field(default="", kw_only=True)
    lines: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        if not self.hint and self.status is not None:
            self.hint = HINTS.get(self.status, "")
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """Return the whole failure as one line of text."""
        text = f"{self.doing}: {self.reason}" if self.doing else self.reason
        answer = self.detail.strip()
        if self.scim_type:
            answer = f"{answer} ({self.scim_type})".strip()
        if answer:
            text = f"{text}: {answer}"
        if self.hint:
            text = f"{text.rstrip('.')}; {self.hint}"
        return " | ".join((text, *self.lines))


def all_of(problems: list[str]) -> ScimError:
    """Return one error for several sentences, with the first twenty in full."""
    shown = problems[:MOST_LINES]
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - len(shown)} more")
    return ScimError(shown[0], lines=tuple(shown[1:]))
