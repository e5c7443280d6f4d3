"""Every kind of relation and of concept that a reader makes has a name on the object's card, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bim.graph.associations import OF_RESOURCES, RESOURCES
from bim.graph.concepts import ROOTED
from twin.layer import RELATION_KINDS

ROOT = Path(__file__).parents[2]
CONCEPTS = {kind for _, kind in ROOTED} | {row[2] for row in RESOURCES} | {row[3] for row in OF_RESOURCES} | {
    "material", "material_set", "classification", "classification_reference", "person", "organization",
}  # fmt: skip


def words(language, block):
    text = (ROOT / f"web/src/i18n/{language}/objects.ts").read_text()
    found = re.search(rf"^  {block}: \{{\n(.*?)^  \}},", text, re.DOTALL | re.MULTILINE)
    assert found, block
    return set(re.findall(r"^    (\w+):", found.group(1), re.MULTILINE))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_has_a_name(language):
    assert words(language, "relation") == RELATION_KINDS
    assert words(language, "concept") == CONCEPTS
