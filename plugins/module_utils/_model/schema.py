# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a SCIM user and group consist of: one table of attributes; knows no service, no HTTP and no Ansible."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
READ_ONLY = frozenset({"id", "meta", "groups"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribute:
    """One attribute of a resource or sub-attribute of a complex one (RFC 7643 section 2.2, 7).

    ``type`` is the SCIM data type; ``case_exact`` says how the attribute is looked up;
    ``references`` names the kinds of resource that a reference may point at;
    ``option`` overrides the option's name where snake case of ``name`` would not be it.
    """

    name: str
    doc: str
    type: str = "string"
    many: bool = False
    sub: tuple[Attribute, ...] = ()
    case_exact: bool = False
    secret: bool = False
    references: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        """The name that a playbook uses: snake case of the SCIM name."""
        return snake(self.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """Attributes that live under a schema URN (RFC 7643 section 3.3), offered as one dictionary option."""

    option: str
    urn: str
    doc: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceType:
    """A kind of resource: where it lives and what it consists of (RFC 7643 section 6).

    ``name_attribute`` is the attribute by which people call such a resource.
    ``match_by`` lists the attributes by which one is found, in the order of trust.
    """

    name: str
    endpoint: str
    schema: str
    attributes: tuple[Attribute, ...]
    name_attribute: str
    match_by: tuple[str, ...]
    extensions: tuple[Extension, ...] = ()

    def find(self, name: str) -> Attribute | None:
        """The core attribute of that SCIM name, ignoring case (RFC 7643 section 2.1), or None."""
        wanted = name.lower()
        return next((a for a in self.attributes if a.name.lower() == wanted), None)

    def extension(self, urn: str) -> Extension | None:
        """The known extension of that URN, ignoring case, or None."""
        return next((e for e in self.extensions if e.urn.lower() == urn.lower()), None)

    def spelt(self, path: str) -> str:
        """A path as this table spells it: names ignore case (RFC 7643 section 2.1), and the schema's own URN says nothing."""
        whole = self.extension(path)
        if whole is not None:
            return whole.urn
        urn, name, sub = split_path(path)
        extension = self.extension(urn) if urn else None
        urn = (
            ""
            if urn.lower() == self.schema.lower()
            else extension.urn
            if extension is not None
            else urn
        )
        known = self.at(f"{urn}:{name}" if urn else name)
        inner = next((one.name for one in known.sub if one.name.lower() == sub.lower()), sub)
        return f"{urn + ':' if urn else ''}{known.name}{'.' + inner if inner else ''}"

    def at(self, path: str) -> Attribute:
        """The attribute at a SCIM path; an unknown one is taken as a case-exact string of any shape.

        ``path`` as in RFC 7644 section 3.10: ``title``, ``name.givenName``, ``urn:…:User:department``.
        """
        urn, name, sub = split_path(path)
        extension = self.extension(urn) if urn and urn != self.schema else None
        pool = (
            extension.attributes
            if extension
            else ()
            if urn and urn != self.schema
            else self.attributes
        )
        found = next((a for a in pool if a.name.lower() == name.lower()), None)
        if found and sub:
            found = next((a for a in found.sub if a.name.lower() == sub.lower()), None)
        return found or Attribute(name=sub or name, doc="", type="any", case_exact=True)


@lru_cache(maxsize=1024)
def snake(name: str) -> str:
    """``userName`` → ``user_name``, ``x509Certificates`` → ``x509_certificates``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@lru_cache(maxsize=4096)
def split_path(path: str) -> tuple[str, str, str]:
    """A SCIM path → (schema URN or "", attribute, sub-attribute or ""), RFC 7644 section 3.10."""
    urn, _colon, rest = path.rpartition(":") if path.lower().startswith("urn:") else ("", "", path)
    name, _dot, sub = rest.partition(".")
    return urn, name, sub


def top_path(path: str) -> str:
    """The path without its sub-attribute: ``name.givenName`` → ``name``."""
    urn, name, _sub = split_path(path)
    return f"{urn}:{name}" if urn else name


def _plain(name: str, doc: str, **more: object) -> Attribute:
    return Attribute(name=name, doc=doc, **more)  # type: ignore[arg-type]


def _entries(
    name: str, doc: str, value: str, case_exact: bool = False, value_type: str = "string"
) -> Attribute:
    """A multi-valued attribute with the default sub-attributes of RFC 7643 section 2.4."""
    return Attribute(
        name=name,
        doc=doc,
        type="complex",
        many=True,
        sub=(
            _plain("value", value, case_exact=case_exact, type=value_type),
            _plain(
                "type",
                "A label that tells the entries apart, for example V(work), V(home) or V(other).",
            ),
            _plain(
                "primary",
                "Whether this is the preferred entry. At most one is; stating one unsets the other on the service.",
                type="boolean",
            ),
            _plain("display", "A name for people to read."),
        ),
    )


NAME = Attribute(
    name="name",
    doc="The parts of the person's name. Parts that are not stated stay as they are.",
    type="complex",
    sub=(
        _plain("formatted", "The whole name, as it is shown."),
        _plain("familyName", "The family name."),
        _plain("givenName", "The given name."),
        _plain("middleName", "The middle names."),
        _plain("honorificPrefix", "What stands before the name, for example V(Dr.)."),
        _plain("honorificSuffix", "What stands after the name, for example V(III)."),
    ),
)

ADDRESSES = Attribute(
    name="addresses",
    doc=(
        "Postal addresses, merged by O(addresses[].type). Where the user has one address of a type and one is stated, its parts that are not stated stay, "
        "but for the formatted address, which would no longer be right. With O(multi_valued=exact) nothing else stays."
    ),
    type="complex",
    many=True,
    sub=(
        _plain("formatted", "The whole address, with line breaks."),
        _plain("streetAddress", "Street, house number, flat."),
        _plain("locality", "City."),
        _plain("region", "State or region."),
        _plain("postalCode", "Postal code."),
        _plain("country", "Country, as an ISO 3166-1 alpha-2 code."),
        _plain("type", "A label that tells the entries apart, for example V(work) or V(home)."),
        _plain("primary", "Whether this is the preferred entry.", type="boolean"),
    ),
)

ENTERPRISE = Extension(
    option="enterprise",
    urn=ENTERPRISE_URN,
    doc="The attributes of the enterprise extension (RFC 7643 section 4.3).",
    attributes=(
        _plain("employeeNumber", "The number that the organization gave the person."),
        _plain("costCenter", "The cost center."),
        _plain("organization", "The organization."),
        _plain("division", "The division."),
        _plain("department", "The department."),
        _plain(
            "manager",
            "The person's manager: a user name, or a dictionary with one of C(id), C(user_name), C(external_id), C(email).",
            type="complex",
            references=("User",),
            sub=(
                _plain("value", "The id of the manager.", case_exact=True),
                _plain("displayName", "The name of the manager."),
            ),
        ),
    ),
)

EXTERNAL_ID = _plain(
    "externalId",
    "The identifier that the provisioning side gave the resource. Compared exactly.",
    case_exact=True,
)

USER = ResourceType(
    name="User",
    endpoint="Users",
    schema="urn:ietf:params:scim:schemas:core:2.0:User",
    name_attribute="userName",
    match_by=("id", "externalId", "userName"),
    extensions=(ENTERPRISE,),
    attributes=(
        _plain(
            "userName",
            "The unique name of the user. Required to create one; compared ignoring case.",
        ),
        EXTERNAL_ID,
        _plain("displayName", "The name to show for the user."),
        _plain("active", "Whether the user may log in. Left alone unless stated.", type="boolean"),
        NAME,
        _plain("nickName", "What the person is casually called."),
        _plain("title", "The job title, for example V(Regional Manager)."),
        _plain(
            "userType",
            "The relation to the organization, for example V(Employee) or V(Contractor).",
        ),
        _plain("profileUrl", "The address of a page about the person.", type="reference"),
        _plain(
            "preferredLanguage",
            "The preferred languages, as in the C(Accept-Language) header, for example V(en-US).",
        ),
        _plain(
            "locale",
            "The region for numbers, dates and money, as a language tag, for example V(en-US).",
        ),
        _plain("timezone", "The time zone as an IANA name, for example V(America/New_York)."),
        _entries("emails", "E-mail addresses, merged by O(emails[].type).", "The e-mail address."),
        _entries(
            "phoneNumbers",
            "Phone numbers, merged by O(phone_numbers[].type).",
            "The phone number, best in RFC 3966 form.",
        ),
        _entries(
            "ims", "Instant messaging addresses, merged by O(ims[].type).", "The messaging address."
        ),
        _entries(
            "photos",
            "Addresses of pictures of the person, merged by O(photos[].type).",
            "The address of the picture.",
            True,
        ),
        _entries(
            "entitlements",
            "Things the person is entitled to, merged by O(entitlements[].type).",
            "The entitlement.",
            True,
        ),
        _entries("roles", "Roles of the person, merged by O(roles[].type).", "The role."),
        _entries(
            "x509Certificates",
            "Certificates of the person, merged by O(x509_certificates[].type).",
            "The DER certificate in base64. White space in it does not count.",
            True,
            "binary",
        ),
        ADDRESSES,
        _plain(
            "password",
            "The password to set. It is never read back; see O(update_password).",
            secret=True,
            case_exact=True,
        ),
    ),
)

GROUP = ResourceType(
    name="Group",
    endpoint="Groups",
    schema="urn:ietf:params:scim:schemas:core:2.0:Group",
    name_attribute="displayName",
    match_by=("id", "externalId", "displayName"),
    attributes=(
        _plain(
            "displayName", "The name of the group. Required to create one; compared ignoring case."
        ),
        EXTERNAL_ID,
    ),
)

KINDS = {"User": USER, "Group": GROUP}
