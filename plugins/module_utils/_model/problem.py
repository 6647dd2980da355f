# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one kind of error that people read: a sentence made of parts; knows neither HTTP nor Ansible."""

from __future__ import annotations

HINTS = {
    401: "check the credentials, for example the token",
    403: "the credentials are known but not allowed to do this",
    404: "check server_url and that the resource still exists",
    405: "the service does not offer this; see the option capabilities",
    409: "something on the service that is invisible to these credentials already holds one of its keys",
    412: "it was changed by someone else meanwhile; run again",
    413: "the request is larger than the service takes; lower a limit in the option capabilities",
    429: "the service asks to slow down; run again later, or raise retries or retry_max_wait",
    501: "the service does not implement this; see the option capabilities",
}


def shortened(text: str, most: int) -> str:
    """A text of a service, at most so long that a person still reads it; cut between words where there are any, so through no secret."""
    if len(text) <= most:
        return text
    head = text[:most]
    return f"{head.rsplit(None, 1)[0] if any(char.isspace() for char in head.strip()) else head} …"


class ScimError(Exception):
    """A failure as one clear sentence, built from parts.

    ``doing`` (``"creating user 'pam'"``), ``reason`` (what went wrong), ``status`` (HTTP), ``detail`` and ``scim_type``
    as the service gave them (RFC 7644 section 3.12), ``hint`` (what to do; by default the one for the status).
    ``lines`` are further independent problems, each a sentence of its own.
    """

    def __init__(
        self,
        reason: str,
        *,
        doing: str = "",
        status: int | None = None,
        detail: str = "",
        scim_type: str = "",
        hint: str = "",
        lines: tuple[str, ...] = (),
    ) -> None:
        self.reason = reason
        self.doing = doing
        self.status = status
        self.detail = detail
        self.scim_type = scim_type
        self.hint = hint or (HINTS.get(status, "") if status else "")
        self.lines = lines
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """The whole failure as one line of text."""
        said = " ".join(
            part
            for part in (self.detail.strip(), f"({self.scim_type})" if self.scim_type else "")
            if part
        )
        text = f"{self.doing}: {self.reason}" if self.doing else self.reason
        if said:
            text = f"{text}: {said}"
        if self.hint:
            text = f"{text.rstrip('.')}; {self.hint}"
        return " | ".join((text, *self.lines))


def all_of(problems: list[str]) -> ScimError:
    """Several sentences → one error that says them all, the first twenty in full."""
    shown = problems[:20]
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - 20} more")
    return ScimError(shown[0], lines=tuple(shown[1:]))
