"""EXT_structural_metadata: schema, property tables, property textures, property attributes."""

from __future__ import annotations

from typing import Any

from scenes.tiles.check.gltf.attributes import ATTRIBUTE, check_attribute
from scenes.tiles.check.gltf.document import Document
from scenes.tiles.check.gltf.property_textures import PROPERTY_TEXTURE, check_property_texture
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import Schema
from scenes.tiles.check.schema import check_schema
from scenes.tiles.check.shape import Field, Table, check_object, mapping, objects
from scenes.tiles.check.source import Unreadable, parse
from scenes.tiles.check.table import check_table, check_table_data

NAME = "EXT_structural_metadata"
PATH = f"/extensions/{NAME}"
METADATA: Table = {
    "schema": Field("object"),
    "schemaUri": Field("string"),
    "propertyTables": Field("array", length=(1, None), items=Field("object")),
    "propertyTextures": Field("array", length=(1, None), items=Field("object", fields=PROPERTY_TEXTURE)),
    "propertyAttributes": Field("array", length=(1, None), items=Field("object", fields=ATTRIBUTE)),
}
INDICES = Field("array", length=(1, None), items=Field("integer", low=0))
PRIMITIVE: Table = {"propertyTextures": INDICES, "propertyAttributes": INDICES}


def check_metadata(issues: Issues, document: Document) -> bool:
    """Judge the extension; True where the feature ids that refer to it can be judged too."""
    users = _users(document)
    raw = document.metadata
    if raw is None:
        for path, _, _ in users:
            issues.add("INVALID_GLTF_STRUCTURE", path, f"the primitive uses {NAME}, which the glTF does not have")
        return not users
    if not check_object(issues, PATH, raw, METADATA):
        return False
    schema = _schema(issues, document, raw)
    if schema is None or not _tables(issues, document, raw, schema):
        return False
    primitives = [user for user in users if _primitive(issues, raw, *user[:2])]
    if len(primitives) < len(users):
        return False
    for kind, check in (("propertyTextures", check_property_texture), ("propertyAttributes", check_attribute)):
        for index, one in enumerate(raw.get(kind) or []):
            path = f"{PATH}/{kind}/{index}"
            properties = schema.classes.get(one["class"])
            if properties is None:
                issues.add("IDENTIFIER_NOT_FOUND", f"{path}/class", f"the schema has no class {one['class']!r}")
                continue
            readers = [(where, attributes) for where, use, attributes in primitives if index in (use.get(kind) or [])]
            check(issues, document, path, one, properties, readers)
    return True


def _users(document: Document) -> list[tuple[str, Any, dict[str, int]]]:
    """The primitives with the extension: their place, its object, their attributes."""
    return [
        (f"/meshes/{i}/primitives/{j}/extensions/{NAME}", use, primitive.get("attributes") or {})
        for i, mesh in enumerate(objects(document.get("meshes")))
        for j, primitive in enumerate(objects(mesh.get("primitives")))
        if (use := mapping(primitive.get("extensions")).get(NAME)) is not None
    ]


def _schema(issues: Issues, document: Document, raw: dict[str, Any]) -> Schema | None:
    schema, uri = raw.get("schema"), raw.get("schemaUri")
    if schema is not None and uri is not None:
        issues.add("ONE_OF_ERROR", PATH, "there is a schema or a schemaUri, not both")
        return None
    if schema is not None:
        return check_schema(issues, f"{PATH}/schema", schema)
    if uri is None:
        issues.add("ANY_OF_ERROR", PATH, "a schema or a schemaUri is needed")
        return None
    try:
        return check_schema(issues, f"{PATH}/schemaUri", parse(document.place.read(uri)[0]))
    except Unreadable as error:
        issues.add(error.kind, f"{PATH}/schemaUri", str(error))
        return None


def _tables(issues: Issues, document: Document, raw: dict[str, Any], schema: Schema) -> bool:
    fine = True
    for index, table in enumerate(raw.get("propertyTables") or []):
        path = f"{PATH}/propertyTables/{index}"
        if not check_table(issues, path, table, schema, document.get("bufferViews") or []):
            fine = False
            continue
        keys = ("values", "arrayOffsets", "stringOffsets")
        used = {c[k] for c in (table.get("properties") or {}).values() for k in keys if c.get(k) is not None}
        views = [document.view(i) if i in used else b"" for i in range(document.count("bufferViews"))]
        fine &= check_table_data(issues, path, table, schema, views)
    return fine


def _primitive(issues: Issues, raw: dict[str, Any], path: str, use: Any) -> bool:
    if not check_object(issues, path, use, PRIMITIVE):
        return False
    fine = True
    for kind in PRIMITIVE:
        there = len(raw.get(kind) or [])
        for position, index in enumerate(use.get(kind) or []):
            if index >= there:
                fine = issues.add("VALUE_NOT_IN_RANGE", f"{path}/{kind}/{position}", f"there are {there} {kind}")
    return fine
