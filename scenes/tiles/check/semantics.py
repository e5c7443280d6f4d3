"""The semantics of 3D Metadata and which types they go with (3D Metadata Semantic Reference)."""

from __future__ import annotations

from dataclasses import dataclass

from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import Property

FLOATS = ("FLOAT32", "FLOAT64")
UNSIGNED = ("UINT8", "UINT16", "UINT32", "UINT64")


@dataclass(frozen=True)
class Semantic:
    """types and component types allowed; count: elements of the array, 0 for any number, None for no array."""

    types: tuple[str, ...]
    components: tuple[str, ...] = ()
    count: int | None = None


TEXT = Semantic(("STRING",))
TEXTS = Semantic(("STRING",), count=0)
NUMBER = Semantic(("SCALAR",), FLOATS)
VOLUME = {
    "BOUNDING_BOX": Semantic(("SCALAR",), FLOATS, 12),
    "BOUNDING_REGION": Semantic(("SCALAR",), ("FLOAT64",), 6),
    "BOUNDING_SPHERE": Semantic(("SCALAR",), FLOATS, 4),
    "BOUNDING_S2_CELL": Semantic(("SCALAR",), ("UINT64",)),
    "MINIMUM_HEIGHT": NUMBER,
    "MAXIMUM_HEIGHT": NUMBER,
    "HORIZON_OCCLUSION_POINT": Semantic(("VEC3",), FLOATS),
}
SEMANTICS: dict[str, Semantic] = {
    "ID": TEXT,
    "NAME": TEXT,
    "DESCRIPTION": TEXT,
    "ATTRIBUTION": TEXT,
    "ATTRIBUTION_IDS": Semantic(("SCALAR",), UNSIGNED, 0),
    "ATTRIBUTION_STRINGS": TEXTS,
    "TILESET_FEATURE_ID_LABELS": TEXTS,
    "TILESET_CRS_GEOCENTRIC": TEXT,
    "TILESET_CRS_COORDINATE_EPOCH": TEXT,
    **{f"TILE_{name}": value for name, value in VOLUME.items()},
    **{f"CONTENT_{name}": value for name, value in VOLUME.items()},
    "TILE_GEOMETRIC_ERROR": NUMBER,
    "TILE_REFINE": Semantic(("SCALAR",), ("UINT8",)),
    "TILE_TRANSFORM": Semantic(("MAT4",), FLOATS),
    "CONTENT_URI": TEXT,
    "CONTENT_GROUP_ID": Semantic(("SCALAR",), UNSIGNED),
}


def check_semantic(issues: Issues, path: str, prop: Property) -> bool:
    """Whether the property's semantic is known and fits its type."""
    name = prop.raw.get("semantic")
    if name is None:
        return True
    path = f"{path}/semantic"
    wanted = SEMANTICS.get(name)
    if wanted is None:
        # A semantic of one's own is allowed: worth a word, no error.
        issues.add("METADATA_SEMANTIC_UNKNOWN", path, f"{name!r} is none of the known semantics")
        return True
    problem = ""
    if prop.type not in wanted.types:
        problem = f"type {' or '.join(wanted.types)}, not {prop.type}"
    elif wanted.components and prop.component not in wanted.components:
        problem = f"component type {' or '.join(wanted.components)}, not {prop.component}"
    elif prop.array != (wanted.count is not None):
        problem = "no array" if prop.array else "an array"
    elif wanted.count and prop.count != wanted.count:
        problem = f"count {wanted.count}, not {prop.count}"
    elif prop.normalized:
        problem = "numbers that are not normalized"
    return not problem or issues.add("METADATA_SEMANTIC_INVALID", path, f"{name} needs {problem}")
