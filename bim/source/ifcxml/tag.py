"""The XML attributes of an element, told apart: those of the notation and those of the class."""

from __future__ import annotations

from dataclasses import dataclass

_META = frozenset(
    {"id", "ref", "href", "nil", "type", "pos", "cType", "itemType", "arraySize", "schemaLocation", "path", "uuid"}
    | {"extraBits", "context", "edo", "configuration", "description", "base", "lang", "space"}
)
"""XML attributes that are no attributes of a class."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The XML attributes of an element. meta: of the notation, whatever their namespace; own: of the class."""

    meta: dict[str, str]
    own: dict[str, str]

    @classmethod
    def of(cls, attributes: dict[str, str]) -> Tag:
        """Told apart by name. attributes: with the namespace before a blank."""
        if not attributes:
            return NO_TAG
        meta, own = {}, {}
        for key, value in attributes.items():
            local = key.rpartition(" ")[2]
            if local in _META:
                meta[local] = value.strip()
            elif local == key:
                own[key] = value
        return cls(meta, own)

    @property
    def reference(self) -> str:
        """The id of the instance that stands elsewhere; '' where the element is the instance."""
        return (self.meta.get("ref") or self.meta.get("href") or "").removeprefix("#")

    @property
    def type_name(self) -> str:
        """The class or type that xsi:type names, without its prefix and `-wrapper`."""
        return self.meta.get("type", "").rpartition(":")[2].removesuffix("-wrapper")


NO_TAG = Tag({}, {})
