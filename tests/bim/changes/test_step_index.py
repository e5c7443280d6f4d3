"""An index of a text, kept and moved to the next version of it, is what one finds by looking."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from bim.source.step_diff import difference
from bim.source.step_index import LISTED, StepIndex
from bim.source.step_scan import StepScan, Unusual
from bim.source.step_text import StepText
from tests.bim.changes.test_texts import changed, text  # noqa: F401 - a fixture
from tests.support.ifc_edits import LOCAL, SHAPED, WIDE, edited

LACKED = {"number", "amount", "history", "colour", "resized_with_quantity", "swapped", "rehomed", "material"}
"""What the text has nothing for, or what is another order of instances."""
EDITS = [name for name in (*LOCAL, *SHAPED, *WIDE) if name not in LACKED]


def same(one: StepIndex | None, other: StepIndex | None) -> bool:
    if one is None or other is None:
        return one is other
    arrays = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("marks", "begin", "number"))
    return arrays and (one.size, one.listed) == (other.size, other.listed)


def index_of(data: bytes) -> StepIndex | None:
    """As the reader makes it."""
    read = StepText.of(data)
    return None if read is None else read.index()


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_what_is_kept_comes_back(text, ending):  # noqa: F811
    data = text.replace(b"\n", ending)
    index = index_of(data)
    assert index is not None
    back = StepIndex.decoded(index.encoded())
    assert same(back, index)
    assert [len(one) for one in index.listed] == [1, 0]
    scan, known = StepScan(data), StepScan(data, back)
    assert np.array_equal(scan.begin, known.begin)
    assert np.array_equal(scan.number, known.number)
    for number in scan.number.tolist():
        assert known.statement(number) == scan.statement(number)
        assert known.naming({number}) == scan.naming({number})
    for name in (*LISTED, b"IFCWALL", b"IFCPROPERTYSET", b"IFCPROPERTYSINGLEVALUE"):
        assert known.of_class(name) == scan.of_class(name)
    assert StepIndex.decoded(index.encoded().replace(b'"form": 1', b'"form": 0')) is None


@pytest.mark.parametrize("edit", EDITS)
def test_an_index_moves_with_the_text(text, edit):  # noqa: F811
    known, before = index_of(text), text
    assert known is not None
    moves = 0
    for seed in range(4):
        after = edited(before, {**LOCAL, **SHAPED, **WIDE}[edit], Random(seed))
        if after is None:
            continue
        try:
            windows = difference(before, after).windows
        except Unusual:
            continue
        known = known.moved(windows, after)
        assert known is not None
        assert same(known, index_of(after))
        before, moves = after, moves + 1
    assert moves


@pytest.mark.parametrize(
    ("pattern", "by"),
    [
        (rb"\n#3=", rb" #3="),
        (rb"'own 1'", rb"'own #3 =x'"),
        (rb"\n#3=", rb"\n#12345678="),
    ],
)
def test_a_text_that_is_laid_out_otherwise_has_none(text, pattern, by):  # noqa: F811
    known, other = index_of(text), changed(text, pattern, by)
    read = StepText.of(other)
    assert read is None or read.index() is None
    assert known is not None
    assert known.moved(difference(text, other).windows, other) is None


def test_an_equals_sign_in_a_text_is_none_of_an_instance(text):  # noqa: F811
    known, other = index_of(text), changed(text, rb"'own 1'", rb"'a = b'")
    assert known is not None
    assert same(known.moved(difference(text, other).windows, other), index_of(other))
    assert index_of(other) is not None


def test_projects_and_images_are_told(text):  # noqa: F811
    known = index_of(text)
    image = b"#99990=IFCIMAGETEXTURE(.F.,.F.,$,$,$,'a.png');\n"
    other = text.replace(b"ENDSEC;\nEND-", image + b"ENDSEC;\nEND-")
    assert known is not None
    more = known.moved(difference(text, other).windows, other)
    assert more is not None
    assert more.listed[1] == (99990,)
    assert same(more, index_of(other))
    less = more.moved(difference(other, text).windows, text)
    assert same(less, known)
