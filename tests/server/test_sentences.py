"""Errors in Chinese: every sentence that can be raised has one, with the same values; causes inside are translated too."""

import re
import string

import pytest

from server.problems import problem
from server.sentences.chinese import SLOT, chinese, table, told
from tools.reference_errors import error_rows

ROWS = sorted({(code, text) for code, _, text in error_rows() if re.search("[A-Za-z]{3}", text)})
WORDLESS = {("history-span", "History of … … … in … …: expected from < to and 1 … … …")}
"""Patterns of which the Chinese leaves out what is an English word."""


def slots(said):
    """Numbers of the values in a Chinese sentence."""
    return sorted(int(name) for _, name, _, _ in string.Formatter().parse(said) if name)


def test_every_sentence_that_can_be_raised_is_known_and_no_other():
    known = {(code, english) for code, rows in table().items() for english in rows}
    assert sorted(known) == ROWS


def test_each_value_is_told_once_and_words_are_chinese():
    for code, rows in table().items():
        for english, said in rows.items():
            if (code, english) not in WORDLESS:
                assert slots(said) == list(range(1, english.count(SLOT) + 1)), english
            assert re.search("[\u4e00-\u9fff：]", said), english
            assert not said.endswith("。"), said


def test_values_stand_where_they_belong():
    (english, said), *_ = [
        (english, said) for english, said in table()["alarm-acknowledged"].items() if english.count(SLOT) == 2
    ]
    told = english.replace(SLOT, "A7", 1).replace(SLOT, "Li", 1)
    assert chinese(told, "alarm-acknowledged") == said.format("", "A7", "Li")
    assert chinese("Something else", "alarm-acknowledged") is None
    assert chinese(told, "no-such-code") is None
    assert chinese(told) == said.format("", "A7", "Li")


@pytest.mark.parametrize(("code", "text"), ROWS, ids=[f"{code}-{at}" for at, (code, _) in enumerate(ROWS)])
def test_a_sentence_is_known_by_its_pattern(code, text):
    said = chinese(text.replace(SLOT, "7"), code)
    assert said is not None
    assert SLOT not in said


def test_a_cause_is_translated_with_its_sentence():
    cause = "Alarm A7 is shelved already"
    (english,) = [
        english for english in table()["worker"] if english.startswith("Building") and english.count(SLOT) == 2
    ]
    told = chinese(english.replace(SLOT, "bim", 1).replace(SLOT, cause, 1), "worker")
    assert chinese(cause) in told


def test_a_problem_tells_both():
    body = problem(409, "alarm-shelved", "Alarm A7 is shelved already")
    assert body["detail"] == "Alarm A7 is shelved already"
    assert "A7" in body["detail_zh"]
    assert "detail_zh" not in problem(500, "internal", "nobody knows this sentence")


def test_a_row_is_told_in_both():
    row = told({"name": "gw", "detail": "Alarm A7 is shelved already"}, "detail")
    assert row["detail"] == "Alarm A7 is shelved already"
    assert "A7" in row["detail_zh"]
    assert told({"detail": ""}, "detail")["detail_zh"] is None
    assert told({"detail": "nobody knows this"}, "detail")["detail_zh"] is None


def test_a_long_value_from_anybody_costs_a_look_and_no_search_of_all_ways():
    looks = []

    class Counted(str):
        __slots__ = ()

        def find(self, *given):
            looks.append(given)
            return super().find(*given)

    hostile = Counted(" … : expected in of is has " * 20_000)
    assert chinese(hostile) == chinese(str(hostile))
    patterns = {english for rows in table().values() for english in rows}
    assert len(looks) <= sum(english.count(SLOT) for english in patterns)
