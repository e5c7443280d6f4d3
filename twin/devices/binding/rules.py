"""Rules of binding, from YAML: which names are compared, how, and how sure it must be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import yaml

from twin.devices.ontology.model import Entity
from twin.errors import Invalid, NotFound

DEFAULT = Path(__file__).with_name("default_rules.yaml")
MAX_BYTES: Final = 1 << 20
MAX_PATTERN: Final = 300
SORTS = ("location", "equipment")
FIELDS = ("name", "tag", "long_name")
_KEYS = {"name", "sort", "class", "entity", "of", "fields", "target", "types", "layers", "threshold", "margin"}
_OTHER = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True)
class Rule:
    """One way to find an object.

    sorts, classes: which entities, classes as globs; entity, target: patterns with a group `key`, which is what is
    compared; None compares whole names. of: id or name of the entity; fields: of the objects; types, layers: only
    these objects. threshold: likeness from which two names may be one, 1 for equal ones; margin: how much less like the
    next one must be.
    """

    name: str
    sorts: tuple[str, ...] = SORTS
    classes: tuple[str, ...] = ()
    entity: re.Pattern[str] | None = None
    of: str = ""
    fields: tuple[str, ...] = FIELDS
    target: re.Pattern[str] | None = None
    types: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    threshold: float = 1.0
    margin: float = 0.05

    def takes(self, one: Entity) -> bool:
        """Whether an entity is among those of the rule."""
        return one.sort in self.sorts and (not self.classes or any(fnmatchcase(one.cls, glob) for glob in self.classes))

    def keys(self, one: Entity) -> list[str]:
        """What is compared of an entity: of its name and its id, or of the one that is asked for."""
        texts = {"id": [one.id], "name": [one.name]}.get(self.of, [one.name, one.id])
        return [key for text in dict.fromkeys(texts) if text and (key := _key(self.entity, text))]


@dataclass(frozen=True)
class Rules:
    """All rules, and what is done to names before they are compared."""

    normalise: tuple[tuple[re.Pattern[str], str], ...]
    rules: tuple[Rule, ...]

    def plain(self, text: str) -> str:
        """A name as it is compared."""
        for find, replace in self.normalise:
            text = find.sub(replace, text)
        return _OTHER.sub(" ", text).strip().casefold()


def key_of(rule: Rule, text: str) -> str:
    """What is compared of an object's text; empty where the rule's pattern does not fit."""
    return _key(rule.target, text)


def read_rules(path: Path | None = None) -> Rules:
    """Rules of a file, or the ones that come along. Raises NotFound, Invalid naming the rule and what was expected."""
    source = path or DEFAULT
    if not source.is_file():
        raise NotFound(f"{source} does not exist: expected a YAML file of binding rules", code="no-file")
    if source.stat().st_size > MAX_BYTES:
        raise Invalid(f"{source} is larger than {MAX_BYTES:,} bytes", code="binding-rules")
    return rules_from(source.read_bytes(), source.name)


def rules_from(data: bytes, where: str = "rules") -> Rules:
    """Rules of YAML text. Raises Invalid."""
    try:
        rows = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Invalid(f"{where} is no YAML: {error}", code="binding-rules") from error
    if not isinstance(rows, dict) or set(rows) - {"normalise", "rules"} or not isinstance(rows.get("rules"), list):
        raise Invalid(f"{where}: expected a table with a list `rules` and maybe `normalise`", code="binding-rules")
    steps = []
    for number, step in enumerate(rows.get("normalise") or (), 1):
        if not isinstance(step, dict) or set(step) != {"find", "replace"}:
            raise Invalid(f"{where}: normalise {number} is {step!r}; expected find and replace", code="binding-rules")
        steps.append((_pattern(where, f"normalise {number}", step["find"]), str(step["replace"])))
    return Rules(tuple(steps), tuple(_rule(where, number, row) for number, row in enumerate(rows["rules"], 1)))


def _rule(where: str, number: int, row: Any) -> Rule:
    if not isinstance(row, Mapping) or set(row) - _KEYS:
        wrong = sorted(set(row) - _KEYS) if isinstance(row, Mapping) else row
        raise Invalid(f"{where}: rule {number} has {wrong!r}; expected some of {', '.join(sorted(_KEYS))}", code="binding-rules")  # fmt: skip
    name = str(row.get("name") or f"rule {number}")
    threshold, margin = row.get("threshold", 1), row.get("margin", 0.05)
    for key, value, low in (("threshold", threshold, 0.5), ("margin", margin, 0.0)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= 1:
            raise Invalid(f"{where}: {key} of {name!r} is {value!r}; expected a number from {low:g} to 1", code="binding-rules")  # fmt: skip
    if row.get("of", "") not in {"", "id", "name"}:
        raise Invalid(f"{where}: of in {name!r} is {row['of']!r}; expected id or name", code="binding-rules")
    return Rule(
        name=name,
        sorts=_names(where, name, row, "sort", SORTS) or SORTS,
        classes=_names(where, name, row, "class"),
        entity=_keyed(where, name, row.get("entity")),
        of=row.get("of", ""),
        fields=_names(where, name, row, "fields", FIELDS) or FIELDS,
        target=_keyed(where, name, row.get("target")),
        types=_names(where, name, row, "types"),
        layers=_names(where, name, row, "layers"),
        threshold=float(threshold),
        margin=float(margin),
    )


def _names(where: str, rule: str, row: Mapping[str, Any], key: str, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    value = row.get(key, [])
    given = [value] if isinstance(value, str) else value
    if (
        not isinstance(given, list)
        or not all(isinstance(one, str) for one in given)
        or (known and set(given) - set(known))
    ):
        expected = f"some of {', '.join(known)}" if known else "a list of texts"
        raise Invalid(f"{where}: {key} of {rule!r} is {value!r}; expected {expected}", code="binding-rules")
    return tuple(given)


def _keyed(where: str, rule: str, text: object) -> re.Pattern[str] | None:
    if text is None:
        return None
    made = _pattern(where, rule, text)
    if "key" not in made.groupindex:
        raise Invalid(f"{where}: the pattern {text!r} of {rule!r} has no group (?P<key>…)", code="binding-rules")
    return made


def _pattern(where: str, rule: str, text: object) -> re.Pattern[str]:
    if not isinstance(text, str) or len(text) > MAX_PATTERN:
        raise Invalid(
            f"{where}: the pattern of {rule!r} is {text!r}; expected at most {MAX_PATTERN} signs", code="binding-rules"
        )
    try:
        return re.compile(text)
    except re.error as error:
        raise Invalid(f"{where}: the pattern {text!r} of {rule!r} is wrong: {error}", code="binding-rules") from error


def _key(pattern: re.Pattern[str] | None, text: str) -> str:
    if pattern is None:
        return text
    found = pattern.search(text[:300])
    return (found["key"] or "") if found else ""
