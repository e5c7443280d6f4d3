"""How far a changed shape or look is followed before the file is read whole."""

from __future__ import annotations

import pytest

from bim.changes import Whole
from bim.changes.shape_reach import MOST, shape_reach
from bim.changes.texts import Texts

WALLS = MOST + 50
FIRST = 100
HEAD = "ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"


def text(lines: list[str]) -> bytes:
    return (HEAD + "\n".join(lines) + "\nENDSEC;\nEND-ISO-10303-21;\n").encode()


def walls(count: int) -> list[str]:
    return [f"#{FIRST + number}=IFCWALL('wall{number}',$,$,$,$,#10,$,$,$);" for number in range(count)]


def moved(count: int) -> Texts:
    """Walls at one placement, whose origin is another now."""
    old, new = (
        text(
            [
                f"#1=IFCCARTESIANPOINT(({x},0.,0.));",
                "#2=IFCAXIS2PLACEMENT3D(#1,$,$);",
                "#10=IFCLOCALPLACEMENT($,#2);",
                *walls(count),
            ]
        )
        for x in ("0.", "5.")
    )
    return Texts(old, new, "IFC4")


def recoloured(count: int) -> Texts:
    """Walls of one material, whose colour is another now."""
    owners = ",".join(f"#{FIRST + number}" for number in range(count))
    old, new = (
        text(
            [
                f"#1=IFCCOLOURRGB($,{red},0.,0.);",
                "#2=IFCSURFACESTYLERENDERING(#1,0.,$,$,$,$,$,$,.FLAT.);",
                "#3=IFCSURFACESTYLE($,.BOTH.,(#2));",
                "#4=IFCSTYLEDITEM($,(#3),$);",
                "#5=IFCSTYLEDREPRESENTATION($,$,$,(#4));",
                "#6=IFCMATERIAL('brick',$,$);",
                "#7=IFCMATERIALDEFINITIONREPRESENTATION($,$,(#5),#6);",
                f"#8=IFCRELASSOCIATESMATERIAL('rel',$,$,$,({owners}),#6);",
                *walls(count),
            ]
        )
        for red in ("0.1", "0.9")
    )
    return Texts(old, new, "IFC4")


@pytest.mark.parametrize("change", [moved, recoloured])
def test_all_that_stands_or_looks_otherwise_is_found(change) -> None:
    texts = change(3)
    assert shape_reach(texts, {1}).products == {FIRST, FIRST + 1, FIRST + 2}


@pytest.mark.parametrize("change", [moved, recoloured])
def test_many_are_read_whole(change) -> None:
    with pytest.raises(Whole, match=f"more than {MOST}"):
        shape_reach(change(WALLS), {1})
