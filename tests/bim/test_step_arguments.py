"""Arguments of STEP instances with texts and lists among them, and what is told apart as written otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from bim.source.lists import Lists, distinct_numbers
from bim.source.step_arguments import arguments
from tests.bim.test_step_text import text_of
from twin.ranges import ranges


def arguments_of(*written, count=3, ends=");"):
    text = text_of(*(f"#{n}=IFCFACE({inner}{ends}" for n, inner in enumerate(written, 1)))
    return arguments(text.lines(text.rows(np.arange(1, len(written) + 1)), "IfcFace", -1), count)


def test_texts_and_lists_are_arguments_whatever_stands_in_them():
    found = arguments_of("'a,b',(#1,#2),$", "'it''s (so',(),IFCLABEL(')')", " 'x' , #7, 2.5")
    assert found.plain.all()
    assert found.texts(np.arange(3), 0, 0).to_pylist() == ["'a,b'", "'it''s (so'", "'x' "]
    assert found.texts(np.arange(3), 1, 2).to_pylist() == ["(#1,#2),$", "(),IFCLABEL(')')", "#7, 2.5"]


@pytest.mark.parametrize(
    "odd", ["'a',#1", "'a',#1,$,$", "'a,#1,$", "'a',(#1,$", "'a',#1),$", "'a',#1)(,$", "'é',#1,$", "'a',#1,$);#9=IFCX("]
)
def test_an_odd_line_is_told_apart_and_spoils_no_other(odd):
    found = arguments_of("'a',#1,$", odd, "'b',#2,$")
    assert found.plain.tolist() == [True, False, True]
    assert found.texts(np.array([0, 2]), 0, 0).to_pylist() == ["'a'", "'b'"]
    assert found.named(1).tolist() == [1, -1, 2]


def test_a_statement_that_does_not_end_is_not_plain():
    assert not arguments_of("'a',#1,$", ends=")").plain.any()
    assert not arguments_of("$,$,$", ends="").plain.any()


def test_references_alone_and_in_lists():
    found = arguments_of("$,#12,(#1, #22)", "$,#12345678,()", "$,12,(#1,$)", "$,#1 ,((#1))", "$,*,(#1,5)", "$,$,#1")
    assert found.named(1).tolist() == [12, -1, -1, -1, -1, -1]
    lists, fine = found.lists(2)
    assert fine.tolist() == [True, True, False, False, False, False]
    assert lists.lists(np.flatnonzero(fine)).python() == [[1, 22], []]


def test_an_instance_behind_what_does_not_end_stands_not_alone():
    text = text_of(
        "#1=IFCFACE((#2));", "#2=IFCFACE((#3)); ", '"0"', "#3=IFCFACE((#4));", "#4=IFCFACE((#5))", "#5=IFCFACE(());"
    )
    assert text.alone(text.rows([2, 3, 4, 5])).tolist() == [True, False, True, False]


def test_lists_of_lists_as_columns():
    lists = Lists.of([[1, 2], [], [3]])
    assert lists.put((np.array([1, 0]), Lists.of([[7, 8], [9]]))).python() == [[9], [7, 8], [3]]
    assert lists.take(np.array([2, 0])).tolist() == [3, 1, 2]
    assert lists.sums(np.array([1, 10, 100])).tolist() == [11, 0, 100]
    assert Lists.none(2).python() == [[], []]
    assert ranges(np.array([5, 0]), np.array([2, 1])).tolist() == [5, 6, 0]


def test_distinct_numbers_in_the_order_in_which_they_come():
    found, first, code = distinct_numbers(np.array([9, 4, 9, 7, 4]))
    assert (found.tolist(), first.tolist(), code.tolist()) == ([9, 4, 7], [0, 1, 3], [0, 1, 0, 2, 1])
