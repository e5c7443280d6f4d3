"""Columns of a STEP file's text: numbers, references, reals, and the ways of writing that are left to the parser."""

from __future__ import annotations

import numpy as np
import pytest

from bim.source.step_columns import fields, named, reals, references, vectors, whole_numbers
from bim.source.step_text import StepText

HEAD = "ISO-10303-21;\nHEADER;\n/* a comment of the header */\nENDSEC;\nDATA;\n"
TAIL = "ENDSEC;\nEND-ISO-10303-21;\n" + " " * 64


def text_of(*lines, head=HEAD, end="\n"):
    return StepText.of((head + end.join(lines) + end + TAIL).encode())


def lines_of(ifc_class, *arguments, lead=0):
    text = text_of(*(f"#{n}={ifc_class.upper()}({inner});" for n, inner in enumerate(arguments, 1)))
    rows = text.rows(np.arange(1, len(arguments) + 1))
    assert text.are(rows, ifc_class).all()
    return text.lines(rows, ifc_class, lead)


def test_numbers_of_up_to_seven_digits():
    written = b"1,23,4567890,12345678,x,0,"
    begin = np.array([0, 2, 5, 13, 22, 24])
    value, digits = whole_numbers(np.frombuffer(written + bytes(8), np.uint8), begin)
    assert value.tolist() == [1, 23, 4567890, -1, -1, 0]
    assert digits[:3].tolist() == [1, 2, 7]


@pytest.mark.parametrize("equals", ["=", "= ", " = ", " ="])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_instances_are_found_by_number_and_class(equals, end):
    text = text_of(
        f"#12{equals}IFCFACE((#7));",
        f"#7{equals}IFCFACEBOUND(#12,.T.);",
        f"#3{equals}IFCFACEOUTERBOUND(#1,.F.);",
        end=end,
    )
    rows = text.rows([12, 7, 3, 99, 0, -4, 10**9])
    assert (rows >= 0).tolist() == [True] * 3 + [False] * 4
    assert text.are(rows, "IfcFace").tolist() == [True] + [False] * 6
    assert text.are(rows, "IfcFaceBound").tolist() == [False, True] + [False] * 5
    found, after = text.number(text.arguments(rows[1:2], "IfcFaceBound"))
    assert found.tolist() == [12]
    assert text.follows(after, b",.T.)").all()


def test_an_instance_twice_or_a_comment_among_them_is_read_by_the_parser():
    assert text_of("#1=IFCFACE((#2));", "#1=IFCFACE((#3));") is None
    assert text_of("#1=IFCFACE((#2));", "/*", "#2=IFCFACE((#3));", "*/") is None
    assert text_of("no instance") is None


def test_an_instance_in_a_wrapped_list_is_none():
    text = text_of("#1=IFCCLOSEDSHELL((#4,", "#5,#6));", "#5=IFCFACE((#7));")
    rows = text.rows([1, 5])
    value, count = references(text.lines(rows[:1], "IfcClosedShell"))
    assert value.tolist() == [4, 5, 6]
    assert count.tolist() == [3]
    assert text.are(rows[1:], "IfcFace").all()


def test_references_by_line():
    value, count = references(lines_of("IfcPolyLoop", "(#1,#22)", "()", "(#333, #4)"))
    assert value.tolist() == [1, 22, 333, 4]
    assert count.tolist() == [2, 0, 2]


def test_fields_and_what_is_no_plain_argument():
    lines = lines_of(
        "IfcExtrudedAreaSolid",
        "#1,$,#3,2.5",
        "#1, #2, #3, -1.E-3",
        "#1,#2",
        "(#1),#2,#3,4.",
        "'a',#2,#3,4.",
        "#5,*,#3,7",
    )
    found = fields(lines, 4)
    assert found.plain.tolist() == [True, True, False, False, False, True]
    begin, end = found.begin[found.plain], found.end[found.plain]
    assert named(lines, begin[:, 0]).tolist() == [1, 1, 5]
    assert named(lines, begin[:, 1]).tolist() == [0, 2, -1]
    np.testing.assert_array_equal(reals(lines, begin[:, 3], end[:, 3]), [2.5, -0.001, np.nan])


def test_vectors_of_two_and_three_and_what_is_none():
    value, count = vectors(
        lines_of("IfcDirection", "(1.,2.,3.)", "(0.5, -7.)", "(1,2.,3.)", "()", "(1.,2.,3.,4.)", lead=1)
    )
    assert count.tolist() == [3, 2, 0, 0, 0]
    np.testing.assert_array_equal(value[:2], [[1.0, 2.0, 3.0], [0.5, -7.0, 0.0]])


def test_numbers_are_read_to_the_last_bit():
    written = ["0.1", "2.220446049250313E-16", "-123456.789012345678", "1.7976931348623157E+308", "8.955"]
    value, _ = vectors(lines_of("IfcDirection", *(f"({one},0.)" for one in written), lead=1))
    assert value[:, 0].tolist() == [float(one) for one in written]
