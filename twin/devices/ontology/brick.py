"""Reads Brick: Turtle of the versions 1.0 to 1.4, without fetching anything that it names."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import unquote

from twin.devices.ontology.model import Description, Entity, Sort
from twin.devices.ontology.tables import tables
from twin.errors import Invalid, NotFound

MAX_BYTES = 16 << 20
OURS = "urn:parktwin:schema#"
"""Predicates for what Brick has no word for."""
UP = {"isPointOf", "isPartOf", "hasLocation", "isFedBy"}
DOWN = {"hasPoint": "isPointOf", "hasPart": "isPartOf", "isLocationOf": "hasLocation"}
REFERENCES = {"ifcGlobalID": "ifc", "hasTimeseriesId": "point"}


def read_brick(data: bytes) -> Description:
    """A description from Turtle. Raises Invalid where it is too large or no Turtle."""
    import rdflib  # noqa: PLC0415  a third of a second, needed only where Brick is read

    if len(data) > MAX_BYTES:
        raise Invalid(f"The Brick file has {len(data):,} bytes: expected at most {MAX_BYTES:,}", code="brick")
    graph = rdflib.Graph()
    try:
        graph.parse(data=data, format="turtle")
    except Exception as error:  # whatever the parser says of broken text
        first = str(error).strip().split("\n", 1)[0]
        raise Invalid(f"The file is no Turtle: {first[:300]}", code="brick") from error
    classes: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    links: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    refs: dict[str, dict[str, str]] = defaultdict(dict)
    nodes: dict[str, rdflib.term.Node] = {}
    for subject, predicate, value in graph:
        node, word, target = _local(subject), _local(predicate), _local(value)
        nodes[node] = subject
        if word == "type" and isinstance(subject, rdflib.URIRef):
            classes[node].append(target)
        elif word == "label":
            names[node] = str(value)
        elif word in UP:
            links[node][word].append(target)
        elif word in DOWN:
            links[target][DOWN[word]].append(node)
        elif word == "feeds":
            links[node]["feeds"].append(target)
        elif word == "hasUnit":
            refs[node]["unit"] = target
        elif str(predicate).startswith(OURS):
            refs[node][word] = str(value)
        elif word == "hasExternalReference":
            for _, inner, text in graph.triples((value, None, None)):
                if _local(inner) in REFERENCES:
                    refs[node][REFERENCES[_local(inner)]] = str(text)
    return _described(classes, names, links, refs)


def read_brick_file(path: Path) -> Description:
    """The same of a file. Raises NotFound, Invalid."""
    if not path.is_file():
        raise NotFound(f"{path} does not exist: check the path", code="no-file")
    if path.stat().st_size > MAX_BYTES:
        raise Invalid(f"{path} has {path.stat().st_size:,} bytes: expected at most {MAX_BYTES:,}", code="brick")
    return read_brick(path.read_bytes())


def _described(
    classes: dict[str, list[str]],
    names: dict[str, str],
    links: dict[str, dict[str, list[str]]],
    refs: dict[str, dict[str, str]],
) -> Description:
    known = tables()
    found: dict[str, Entity] = {}
    skipped: Counter[str] = Counter()
    for node, given in sorted(classes.items()):
        # The most telling class: one of ours before others, then the longest name.
        cls = max(given, key=lambda one: (one in known.kind_of or one in known.location_of, len(one)))
        link, ref = links[node], dict(refs[node])
        sort = _sort(cls, link, ref)
        if sort is None:
            skipped[cls] += 1
            continue
        unit = ref.pop("unit", "")
        kind = ref.pop("kind", "")
        parents = sorted(link["isPointOf"] if sort == "point" else link["isPartOf"])
        places = sorted(link["hasLocation"]) or sorted(link["feeds"])
        found[node] = Entity(
            id=node,
            sort=sort,
            cls=cls,
            name=names.get(node, ""),
            kind=kind or _kind(sort, cls),
            role=ref.pop("role", "") or (known.role_of(cls) if sort == "point" else ""),
            unit=known.unit(unit) if unit else "",
            parent=parents[0] if parents else "",
            location=places[0] if places else "",
            tags=tuple(part for part in ref.pop("tags", "").split(";") if part),
            refs=ref,
        )
    return Description(found, skipped)


def _sort(cls: str, link: dict[str, list[str]], ref: dict[str, str]) -> Sort | None:
    known = tables()
    if cls in {"Ontology", "Class", "ifcProject"} or cls.startswith("Tag"):
        return None
    if link["isPointOf"] or cls in known.kind_of or known.role_of(cls) or "point" in ref:
        return "point"
    if cls in known.location_of or cls.endswith(("_Zone", "_Room", "_Space")):
        return "location"
    return None if cls.endswith(("_Collection", "_System", "_Loop")) else "equipment"


def _kind(sort: Sort, cls: str) -> str:
    known = tables()
    table = {"point": known.kind_of, "equipment": known.equipment_of, "location": known.location_of}[sort]
    return table.get(cls, "")


def _local(node: object) -> str:
    """The last part of a name: what stands after '#', else after '/'."""
    text = str(node)
    if text.startswith(("http", "urn:")):
        head, _, tail = text.rpartition("#")
        text = tail if head else text.rpartition("/")[2]
    return unquote(text)
