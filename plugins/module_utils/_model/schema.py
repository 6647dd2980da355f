# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attributes of SCIM users and groups, as one table.

Knows no service, no HTTP and no Ansible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
READ_ONLY = frozenset({"id", "meta", "groups"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribute:
    """One attribute of a resource, or a sub-attribute (RFC 7643 sections 2.2, 7).

    ``type`` is the SCIM data type, or ``any`` for an attribute outside the table.
    ``many`` marks a multi-valued attribute, ``sub`` holds the sub-attributes of a complex one.
    ``case_exact`` says whether case counts when the attribute is looked up.
    ``references`` names the resource types that the value may refer to.
    ``by_value``: the value of an entry is its identity, whatever its type.
    ``form`` names what makes two spellings of a value the same, see sameness.py.
    ``by_name`` maps lower-case names to sub-attributes.
    """

    name: str
    doc: str
    type: str = "string"
    many: bool = False
    sub: tuple[Attribute, ...] = ()
    case_exact: bool = False
    secret: bool = False
    references: tuple[str, ...] = ()
    by_value: bool = False
    form: str = ""
    by_name: Mapping[str, Attribute] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", _by_name(self.sub))

    @property
    def option(self) -> str:
        """Return the name of the option: the SCIM name in snake case."""
        return snake(self.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """The attributes under a schema URN (RFC 7643 section 3.3).

    They are offered as one dictionary option.
    """

    option: str
    urn: str
    doc: str
    attributes: tuple[Attribute, ...]
    by_name: Mapping[str, Attribute] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", _by_name(self.attributes))


def _by_name(attributes: tuple[Attribute, ...]) -> dict[str, Attribute]:
    """Return the attributes by lower-case name (RFC 7643 section 2.1)."""
    return {one.name.lower(): one for one in attributes}


@dataclass(frozen=True, kw_only=True, slots=True)
class PathIndex:
    """The lower-case paths of one resource type, so that a look-up needs no search.

    ``attributes`` maps a path to its attribute, ``spellings`` to the path as the table spells it.
    ``core`` maps names to core attributes, ``extensions`` maps URNs to extensions.
    ``kind`` keeps the tables alive that INDEXES knows by identity.
    """

    kind: ResourceType
    attributes: Mapping[str, Attribute]
    spellings: Mapping[str, str]
    core: Mapping[str, Attribute]
    extensions: Mapping[str, Extension]


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceType:
    """A SCIM resource type: its endpoint, schema and attributes (RFC 7643 section 6).

    ``name_attribute`` is the attribute with the resource's name for readers.
    ``match_by`` lists the attributes that find a resource, the most trusted first.
    """

    name: str
    endpoint: str
    schema: str
    attributes: tuple[Attribute, ...]
    name_attribute: str
    match_by: tuple[str, ...]
    extensions: tuple[Extension, ...] = ()
    index: PathIndex = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", _index_of(self))

    def find(self, name: str) -> Attribute | None:
        """Return the core attribute of a SCIM name, or None; names ignore case."""
        return self.index.core.get(name.lower())

    def extension(self, urn: str) -> Extension | None:
        """Return the known extension of a URN, or None; URNs ignore case."""
        return self.index.extensions.get(urn.lower())

    def spelt(self, path: str) -> str:
        """Return a path as the table spells it (RFC 7643 section 2.1).

        The schema's own URN is dropped. Unknown names stay as they are.
        """
        spellings = self.index.spellings
        known = spellings.get(path.lower())
        if known is not None:
            return known
        urn, name, sub = split_path(path)
        top = spellings.get(top_path(path).lower()) or self._unknown_path(urn, name)
        return f"{top}.{sub}" if sub else top

    def _unknown_path(self, urn: str, name: str) -> str:
        extension = self.extension(urn)
        if extension is not None:
            return f"{extension.urn}:{name}"
        if not urn or urn.lower() == self.schema.lower():
            return name
        return f"{urn}:{name}"

    def at(self, path: str) -> Attribute:
        """Return the attribute at a SCIM path such as ``title`` or ``name.givenName``.

        Paths are written as in RFC 7644 section 3.10, those of extensions with their URN
        (``urn:…:User:department``). An unknown attribute is case-exact and of any shape.
        """
        found = self.index.attributes.get(path)
        if found is None:
            found = self.index.attributes.get(path.lower().removesuffix("."))
        return found or unknown(path)


INDEXES: dict[tuple[int, int, str], PathIndex] = {}


def _index_of(kind: ResourceType) -> PathIndex:
    """Return the index of a resource type; copies with the same tables share one."""
    tables = (id(kind.attributes), id(kind.extensions), kind.schema)
    if tables not in INDEXES:
        INDEXES[tables] = _made_index(kind)
    return INDEXES[tables]


def _made_index(kind: ResourceType) -> PathIndex:
    attributes: dict[str, Attribute] = {}
    spellings: dict[str, str] = {}
    for path, attribute in _paths(kind.attributes):
        spellings[path.lower()] = path
        attributes[path.lower()] = attributes[path] = attribute
        if kind.schema:
            spellings[f"{kind.schema}:{path}".lower()] = path
            attributes[f"{kind.schema}:{path}".lower()] = attribute
    for extension in kind.extensions:
        spellings[extension.urn.lower()] = extension.urn
        for path, attribute in _paths(extension.attributes, f"{extension.urn}:"):
            spellings[path.lower()] = path
            attributes[path.lower()] = attributes[path] = attribute
    return PathIndex(
        kind=kind,
        attributes=attributes,
        spellings=spellings,
        core=_by_name(kind.attributes),
        extensions={one.urn.lower(): one for one in kind.extensions},
    )


def _paths(table: tuple[Attribute, ...], prefix: str = "") -> Iterator[tuple[str, Attribute]]:
    for attribute in table:
        yield prefix + attribute.name, attribute
        for sub in attribute.sub:
            yield f"{prefix}{attribute.name}.{sub.name}", sub


@lru_cache(maxsize=1024)
def unknown(path: str) -> Attribute:
    """Return the attribute for a path that no table has: case-exact and of any shape."""
    _urn, name, sub = split_path(path)
    return Attribute(name=sub or name, doc="", type="any", case_exact=True)


@lru_cache(maxsize=1024)
def snake(name: str) -> str:
    """Return a SCIM name in snake case: ``userName`` becomes ``user_name``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@lru_cache(maxsize=4096)
def split_path(path: str) -> tuple[str, str, str]:
    """Split a SCIM path into URN, attribute and sub-attribute (RFC 7644 section 3.10).

    A part that the path does not have is "".
    """
    urn, rest = "", path
    if path.lower().startswith("urn:"):
        urn, _colon, rest = path.rpartition(":")
    name, _dot, sub = rest.partition(".")
    return urn, name, sub


@lru_cache(maxsize=4096)
def top_path(path: str) -> str:
    """Return the path without its sub-attribute: ``name.givenName`` becomes ``name``."""
    urn, name, _sub = split_path(path)
    return f"{urn}:{name}" if urn else name


def _plain(name: str, doc: str, **more: object) -> Attribute:
    return Attribute(name=name, doc=doc, **more)  # type: ignore[arg-type]


def _entries(name: str, doc: str, value: Attribute, *, by_value: bool = False) -> Attribute:
    """Return a multi-valued attribute with the sub-attributes of RFC 7643 section 2.4."""
    return Attribute(
        name=name,
        doc=doc,
        type="complex",
        many=True,
        sub=(value, *ENTRY_LABELS),
        by_value=by_value,
    )


ENTRY_LABELS = (
    _plain("type", "A label of the entry, for example V(work), V(home) or V(other)."),
    _plain(
        "primary",
        "Whether this is the preferred entry. Only one entry can be. If you set it on one entry, "
        "it is unset on the others.",
        type="boolean",
    ),
    _plain("display", "A name of the entry for readers."),
)

NAME = Attribute(
    name="name",
    doc="The parts of the user's name. Omitted parts keep their values.",
    type="complex",
    sub=(
        _plain("formatted", "The whole name, formatted for display."),
        _plain("familyName", "The family name."),
        _plain("givenName", "The given name."),
        _plain("middleName", "The middle names."),
        _plain("honorificPrefix", "The title before the name, for example V(Dr.)."),
        _plain("honorificSuffix", "The suffix after the name, for example V(III)."),
    ),
)

ADDRESSES = Attribute(
    name="addresses",
    doc=(
        "Postal addresses, merged by C(type). If the user has one address of a type "
        "and you set one of that type, omitted parts keep their values. An omitted "
        "C(formatted) is removed when another part changes, because it would be out "
        "of date. With O(multi_valued=exact), omitted parts are removed."
    ),
    type="complex",
    many=True,
    sub=(
        _plain("formatted", "The whole address, with line breaks."),
        _plain("streetAddress", "The street, house number and apartment."),
        _plain("locality", "The city."),
        _plain("region", "The state or region."),
        _plain("postalCode", "The postal code."),
        _plain("country", "The country as an ISO 3166-1 alpha-2 code."),
        _plain("type", "A label of the address, for example V(work) or V(home)."),
        _plain("primary", "Whether this is the preferred address.", type="boolean"),
    ),
)

ENTERPRISE = Extension(
    option="enterprise",
    urn=ENTERPRISE_URN,
    doc="The attributes of the enterprise extension (RFC 7643 section 4.3).",
    attributes=(
        _plain("employeeNumber", "The number that the organization assigned to the user."),
        _plain("costCenter", "The cost center."),
        _plain("organization", "The organization."),
        _plain("division", "The division."),
        _plain("department", "The department."),
        _plain(
            "manager",
            "The user's manager: a user name, or a dictionary with one of C(id), C(user_name), "
            "C(external_id), C(email).",
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
    "The identifier of the resource in the system that provisions it. Compared exactly.",
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
            "The unique name of the user. Required to create a user. Case does not matter.",
        ),
        EXTERNAL_ID,
        _plain("displayName", "The display name of the user."),
        _plain("active", "Whether the user may log in. Unchanged if omitted.", type="boolean"),
        NAME,
        _plain("nickName", "The casual name of the user."),
        _plain("title", "The job title, for example V(Regional Manager)."),
        _plain(
            "userType",
            "The relation to the organization, for example V(Employee) or V(Contractor).",
        ),
        _plain("profileUrl", "The URL of a page about the user.", type="reference"),
        _plain(
            "preferredLanguage",
            "The preferred languages, as in the C(Accept-Language) header, for example V(en-US).",
        ),
        _plain(
            "locale",
            "The language tag for the format of numbers, dates and money, for example V(en-US).",
        ),
        _plain("timezone", "The time zone as an IANA name, for example V(America/New_York)."),
        _entries(
            "emails",
            "E-mail addresses, merged by C(type).",
            _plain("value", "The e-mail address. Case does not matter.", form="caseless"),
        ),
        _entries(
            "phoneNumbers",
            "Phone numbers, merged by C(type).",
            _plain("value", "The phone number, preferably in RFC 3966 form.", form="phone"),
        ),
        _entries(
            "ims",
            "Instant messaging addresses, merged by C(type).",
            _plain("value", "The messaging address.", form="caseless"),
        ),
        _entries(
            "photos",
            "URLs of photos of the user, merged by C(type).",
            _plain("value", "The URL of the photo.", case_exact=True),
        ),
        _entries(
            "entitlements",
            "Entitlements of the user. Those that you set are added, others stay.",
            _plain("value", "The entitlement.", case_exact=True),
            by_value=True,
        ),
        _entries(
            "roles",
            "Roles of the user. Those that you set are added, others stay.",
            _plain("value", "The role.", form="caseless"),
            by_value=True,
        ),
        _entries(
            "x509Certificates",
            "Certificates of the user. Those that you set are added, others stay.",
            _plain(
                "value",
                "The DER certificate in base64. White space is ignored.",
                case_exact=True,
                type="binary",
            ),
            by_value=True,
        ),
        ADDRESSES,
        _plain(
            "password",
            "The password to set. Services do not return it; see O(update_password).",
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
            "displayName",
            "The name of the group. Required to create a group. Case does not matter.",
        ),
        EXTERNAL_ID,
    ),
)

KINDS = {"User": USER, "Group": GROUP}
