"""Pages made from registries: review rules, indicators, kinds of features and points, alarm rules, graph tables."""

from __future__ import annotations

from typing import Any

from bim.review.checks import REGISTRY
from bim.review.rules import load_rules
from gis import words
from gis.families import block, placed, surface, swept
from gis.kinds.catalogue import KINDS as FEATURES
from gis.kinds.kind import Kind
from gis.kinds.osm import REST, RULES
from gis.words import PIPE_MEDIA
from scenes.schemes.compare import INDICATORS as PLANNING
from scenes.schemes.plot import OPERATORS
from tools.reference_text import code, first_line, table
from twin.graph import schema
from twin.indicators.registry import INDICATORS as LIVE
from twin.layer import RELATION_KINDS
from twin.state.kinds import ALIASES, KINDS
from twin.state.quality import NAMES

MARK = (
    "Mark `GK`: from general knowledge and not yet compared with the published text. Screens and reports show the mark; such a"
    " limit is no legal verdict."
)


def rules() -> str:
    """The page of review rules."""
    parts = [
        "# Review rules",
        f"Rules stand in `bim/review/rules.yaml`; a function in `bim/review/checks/` does the check. {MARK}",
        "Verdicts: `pass`, `fail`, `insufficient` (the model lacks the data), `na` (nothing in the model that it concerns).",
    ]
    for rule in load_rules():
        facts: list[tuple[str, object]] = [
            ("stage", rule.stage),
            ("severity", rule.severity.value),
            ("要求 requirement", f"{rule.text_zh} {rule.text_en}"),
            ("整改 fix", f"{rule.fix_zh} {rule.fix_en}"),
            ("limit", "" if rule.limit is None else f"{rule.limit:g} {rule.unit}"),
            ("further limits", ", ".join(f"{name} {value:g} {rule.unit}" for name, value in rule.parameters.items())),
            ("clause", rule.clause),
            ("source", rule.source),
            ("mark", rule.mark),
            ("check", _where(REGISTRY.get(rule.id))),
        ]
        parts += [
            f"## {rule.id}",
            f"{rule.title_zh} · {rule.title_en}",
            table(["", ""], [row for row in facts if row[1]]),
        ]
    return "\n\n".join(parts)


def _where(function: Any) -> str:
    return "" if function is None else f"`{function.__module__}.{function.__name__}`"


def indicators() -> str:
    """The page of indicators."""
    live = [
        (code(one.name), one.title_zh, one.title_en, one.unit, one.formula, f"{one.source} {one.mark}".strip())
        for one in LIVE.values()
    ]
    planning = [
        (code(one.name), one.title_zh, one.title_en, one.unit, OPERATORS.get(one.name, ""), one.better)
        for one in PLANNING
    ]
    return "\n\n".join(
        [
            "# Indicators",
            "## Live, of the park brain",
            (
                "Computed in `twin/indicators` from good values only; `GET /api/v1/indicators` also gives how many points were used"
                " of how many, a trend, a breakdown, and the reason where there is no value."
            ),
            table(["name", "中文", "English", "unit", "formula", "source and mark"], live),
            "## Planning, of the scheme comparison",
            (
                "Computed in `scenes/schemes/compare.py` from the geometry of the schemes' layers; `GET /api/v1/schemes/comparison`"
                " gives every value with its formula, the objects it was measured on and the verdict against `[plot.limits]`."
            ),
            table(["name", "中文", "English", "unit", "limit reads", "better"], planning),
        ]
    )


FAMILIES = {
    block.Block: "raised block",
    surface.Drape: "draped surface",
    surface.Outline: "outline",
    surface.Ribbon: "strip",
    surface.Water: "level water surface",
    placed.Place: "model at the point",
    placed.Trees: "trees",
    swept.Tube: "tube",
    swept.Barrier: "upright slab",
}

FIELDS = {
    "kind": words.KIND_FIELDS,
    "name": words.NAME,
    "description": words.DESCRIPTION,
    "tag": words.TAG,
    "height": words.HEIGHT,
    "storeys": words.LEVELS,
    "height of the underside": words.MIN_HEIGHT,
    "lowest storey": words.MIN_LEVEL,
    "width": words.WIDTH,
    "lanes": words.LANES,
    "class": words.CLASS,
    "diameter": words.DIAMETER,
    "depth of cover": words.DEPTH,
    "depth at the start": words.DEPTH_START,
    "depth at the end": words.DEPTH_END,
    "pipe medium": words.MEDIUM,
    "crown": words.CROWN,
    "trunk": words.TRUNK,
    "species": words.SPECIES,
    "heading": words.HEADING,
}


def _family(family: object) -> str:
    text = FAMILIES.get(type(family), type(family).__name__)
    return f"{text}, {family.default:g} m wide" if isinstance(family, surface.Ribbon) else text


def _widths() -> list[tuple[str, str]]:
    """Kind and its usual widths by class."""
    rows = [(one.name, one.line.widths) for one in FEATURES if isinstance(one.line, surface.Ribbon) and one.line.widths]
    return [(code(name), ", ".join(f"{word} {width:g}" for word, width in widths.items())) for name, widths in rows]


def _media() -> list[tuple[str, str, str, str]]:
    """Medium, words, usual diameter, usual depth."""
    tube = next(one.line for one in FEATURES if isinstance(one.line, swept.Tube))
    rows = [(name, medium, ", ".join(sorted(PIPE_MEDIA[name]))) for name, medium in tube.media.items()]
    rows.append(("other", tube.other, ""))
    return [(code(name), said, f"{medium.diameter:g}", f"{medium.depth:g}") for name, medium, said in rows]


def _words(kind: Kind) -> str:
    return ", ".join(sorted(kind.words, key=lambda word: (not word.isascii(), word)))


def feature_kinds() -> str:
    """The page of GIS feature kinds."""
    kinds = [
        (
            code(one.name),
            one.type,
            _family(one.polygon),
            _family(one.line),
            _family(one.point),
            one.discipline,
            one.cim_level,
        )
        for one in FEATURES
    ]
    osm = [
        (
            code(rule.key),
            ", ".join(name for number, name in enumerate(("points", "lines", "areas")) if number in rule.dimensions),
            _tag_values(dict(rule.values)),
        )
        for rule in RULES
    ]
    return "\n\n".join(
        [
            "# Kinds of GIS features",
            (
                "What a feature is, is decided in this order, and the first that says something wins: a kind field, OpenStreetMap"
                " tags, the layer's name, attributes that only one kind has, else `feature` (`gis/kinds/decide.py`). How sources"
                " are read is told in [the modellers' guide](../guides/modellers.md)."
            ),
            "## Kinds and their shapes",
            table(["kind", "object type", "areas", "lines", "points", "discipline", "CIM level"], kinds),
            "## Words",
            "Compared without case, blanks and marks.",
            table(["kind", "words"], [(code(one.name), _words(one)) for one in FEATURES if one.words]),
            "## Attributes that are read",
            (
                "The first that exists and is not empty counts, by feature. Lengths are metres unless the value names another unit;"
                " pipe diameters above 5 are millimetres."
            ),
            table(["what", "field names"], [(name, ", ".join(fields)) for name, fields in FIELDS.items()]),
            "## Usual widths in metres, where neither a width nor lanes are told",
            table(["kind", "class and width"], _widths()),
            "## Pipes",
            table(["medium", "words", "usual diameter, m", "usual cover, m"], _media()),
            "## OpenStreetMap tags",
            "Rules in order; `*` stands for all other values.",
            table(["tag", "for", "value → kind"], osm),
        ]
    )


def _tag_values(values: dict[str, str]) -> str:
    byname: dict[str, list[str]] = {}
    for value, kind in values.items():
        byname.setdefault(kind or "(other tags decide)", []).append("*" if value == REST else value)
    return "; ".join(f"{', '.join(found)} → {kind}" for kind, found in byname.items())


def point_kinds() -> str:
    """The page of point kinds."""
    aliases: dict[str, list[str]] = {}
    for alias, name in ALIASES.items():
        aliases.setdefault(name, []).append(alias)
    rows = [
        (code(one.name), one.zh, one.en, one.unit, f"{one.period_s:g}", ", ".join(aliases.get(one.name, ())))
        for one in KINDS.values()
    ]
    return "\n\n".join(
        [
            "# Kinds of points",
            (
                "The `kind` column of `points.csv`. Other kinds are taken as well, with the default period. A point is stale after"
                " three of its periods without a value; `[state] period_s` of [park.toml](park-toml.md) changes the period by kind."
            ),
            table(["kind", "中文", "English", "unit", "period, s", "also called"], rows),
            "Qualities: " + ", ".join(f"{number} {name}" for number, name in enumerate(NAMES)) + ".",
        ]
    )


TABLES = {
    "layer": "Published layers, one row each.",
    "object": "Things: products of IFC models, features, terrain tiles.",
    "concept": "What is no thing but relates things: types, systems, zones, groups, materials, classifications, openings, boundaries.",
    "relation": "`source` and `target` are gids of objects or concepts. Kinds: "
    + ", ".join(f"`{kind}`" for kind in sorted(RELATION_KINDS))
    + ".",
    "property": "Property values of objects and concepts.",
    "quantity": "Quantities in SI units.",
    "point": "What is measured, and on what.",
    "fingerprint": "What `parktwin diff` compares; in the tables of layer versions (`tables/fingerprint.parquet`) only, one row per object.",
}
COLUMNS = {
    "gid": "`<layer>/<id>`: the id everywhere",
    "layer": "name of the layer",
    "ordinal": "place inside the layer version; state index = layer's base + ordinal",
    "id": "IFC GlobalId or feature id",
    "type": "object type: Wall, Space, Road …",
    "ifc_class": "IFC class; empty for GIS objects",
    "predefined_type": "IFC predefined type",
    "parent": "gid of what contains or aggregates it",
    "storey": "gid of its storey",
    "building": "gid of its building",
    "discipline": "architecture, structure, hvac, electrical, plumbing, fire, site, space, other",
    "cim_level": "1 to 7",
    "elevation": "storeys: metres in the park frame",
    "engine": "what made the mesh; empty without one",
    "min_x": "box in the park frame, metres",
    "kind": "kind",
    "source": "where it comes from: a file, an object, an address",
    "target": "gid",
    "set": "property or quantity set",
    "value": "value",
    "number": "SI value where it is a number or a boolean",
    "unit": "unit symbol",
    "origin": "occurrence or type; declared or measured",
    "version": "layer version, a hash of its input",
    "title": "shown name",
    "sha256": "of the source file",
    "crs": "coordinate system of the source",
    "georef": "how the place was found, with all candidates",
    "stats": "objects, triangles, tiles, bytes, seconds",
    "findings": "what the reader noticed",
    "base": "first state index",
    "count": "objects",
    "group": "terrain, base, building, underground, neighbour, scheme, submission",
    "point_id": "id of the point",
    "device": "gid of what measures",
    "role": "measured, setpoint, state …",
    "min": "least value the sensor can measure",
    "max": "greatest value the sensor can measure",
    "area": "of the surface, m2",
    "volume": "enclosed, m3; empty where the surface is open",
    "centre": "of the surface, metres in the source's own frame",
    "second": "∫ d dᵀ dA / A about the centre, m2: xx xy xz yy yz zz",
    "third": "∫ d⊗d⊗d dA / A about the centre, m3: xxx xxy xxz xyy xyz xzz yyy yyz yzz zzz",
    "placement": "the source's own placement, rows of a (3, 4) matrix, metres",
    "properties": "hash of the properties, whatever their order",
    "quantities": "hash of the declared quantities",
}


def columns(text: str) -> list[tuple[str, str]]:
    """(name, type) of a DDL column list."""
    return [(name.strip('"'), kind) for name, kind in (part.strip().split(" ", 1) for part in text.split(","))]


def graph_tables() -> dict[str, list[tuple[str, str]]]:
    """Columns by table of the scene graph."""
    texts = {
        "layer": schema.LAYER_COLUMNS,
        **schema.GRAPH_TABLES,
        "point": schema.POINT_COLUMNS,
        **schema.VERSION_TABLES,
    }
    return {name: columns(text) for name, text in texts.items()}


def tables() -> str:
    """The page of graph tables."""
    parts = [
        "# Tables of the scene graph",
        'In `park.duckdb`, read with `parktwin sql PARK "SELECT …"`, also while the park is served. '
        + first_line(schema.__doc__),
    ]
    for name, found in graph_tables().items():
        rows = [(code(column), kind, COLUMNS.get(column, "")) for column, kind in found]
        parts += [f"## {name}", TABLES.get(name, ""), table(["column", "type", "what"], rows)]
    return "\n\n".join(part for part in parts if part)
