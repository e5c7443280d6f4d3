"""Reading addresses and expressions: what they mean, and that nothing but Invalid or NotFound ever comes of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.sta.catalogue import Catalogue
from server.sta.evaluate import matching, ordered
from server.sta.links import next_link, quoted, self_link
from server.sta.observation_filter import Bounds, bounds, condition
from server.sta.syntax.expression import ARGUMENTS, MAX_DEPTH, parse_filter, parse_order
from server.sta.syntax.nodes import Binary, Call, Geometry, Junction, Literal, Not, Path
from server.sta.syntax.options import parse_options, query_of
from server.sta.syntax.resource import Resource, Step, parse_resource
from twin.errors import Invalid, NotFound

NAME, RESULT = Path(("name",)), Path(("result",))

MEANING = {
    "name eq 'a'": Binary("eq", NAME, Literal("a")),
    "name eq 'it''s'": Binary("eq", NAME, Literal("it's")),
    "not name eq 'a'": Not(Binary("eq", NAME, Literal("a"))),
    "result gt 1 or result lt 2 and name ne null": Junction(
        "or",
        (
            Binary("gt", RESULT, Literal(1)),
            Junction("and", (Binary("lt", RESULT, Literal(2)), Binary("ne", NAME, Literal(None)))),
        ),
    ),
    "1 add 2 mul 3 sub 4": Binary("sub", Binary("add", Literal(1), Binary("mul", Literal(2), Literal(3))), Literal(4)),
    "(1 add 2) mul 3": Binary("mul", Binary("add", Literal(1), Literal(2)), Literal(3)),
    "-2.5e3": Binary("sub", Literal(0), Literal(2500.0)),
    "properties/a-b/0 eq true": Binary("eq", Path(("properties", "a-b", "0")), Literal(True)),
    "@iot.id eq 3": Binary("eq", Path(("@iot.id",)), Literal(3)),
    "st_within(location,geography'POINT(1 2)')": Call("st_within", (Path(("location",)), Geometry("POINT(1 2)"))),
    "2026-11-27T08:00:00+08:00": Literal(datetime(2026, 11, 27, tzinfo=UTC)),
    "2026-11-27T08:00:00.123456789Z": Literal(datetime(2026, 11, 27, 8, 0, 0, 123456, tzinfo=UTC)),
    "2026-11-27": Literal(date(2026, 11, 27)),
    "08:30": Literal(time(8, 30)),
    "duration'-P1DT2H3M4.5S'": Literal(-timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
    "名称 eq 'x'": Binary("eq", Path(("名称",)), Literal("x")),
}


@pytest.mark.parametrize(("text", "node"), MEANING.items())
def test_expressions(text: str, node: object) -> None:
    assert parse_filter(text) == node


WRONG = {
    "": "its end",
    "name eq": "its end",
    "name eq 'a": "cannot be read at character 9",
    "name eq 'a' name": "name at character 13: expected the end",
    "(name eq 'a'": "expected ')'",
    "name = 'a'": "cannot be read at character 6",
    "length(name, name)": "length has 2 arguments: expected 1",
    "shout(name)": "'shout' is unknown: expected one of",
    "substring(name)": "expected 2 or 3",
    "2026-13-01": "is no date",
    "25:00 eq 1": "is no time",
    "2026-11-27T99:00:00Z": "is no instant",
    "duration'P' eq 1": "cannot be read: expected one like",
    "name/ eq 1": "cannot be read at character 6",
    "(" * (MAX_DEPTH + 2) + "1" + ")" * (MAX_DEPTH + 2): "nested more than",
    "not " * (MAX_DEPTH + 2) + "true": "nested more than",
    "1" + " add 1" * 70: "more than 60 sums",
    "true" + " or true" * 300: "More than 200",
    "x" * 9000: "9000 characters",
}


@pytest.mark.parametrize(("text", "told"), WRONG.items())
def test_wrong_expressions_say_where(text: str, told: str) -> None:
    with pytest.raises(Invalid) as error:
        parse_filter(text)
    assert told in error.value.message


def test_the_deepest_that_is_taken_can_be_run() -> None:
    node = parse_filter("(" * (MAX_DEPTH - 2) + "not (1" + " add 1" * 60 + " eq 61)" + ")" * (MAX_DEPTH - 2))
    assert matching(node, catalogue(), "Things", ["a"]) == []
    assert condition(node, catalogue()).text.count("?") == 62


def catalogue() -> Catalogue:
    found = Catalogue()
    for ident, name in (("a", "Alpha"), ("b", "Beta"), ("c", "")):
        found.put("Things", ident, {"name": name, "properties": {"n": ord(ident), "list": [1, {"k": ident}]}})
    found.put("Datastreams", "d", {"name": "Delta"})
    found.put("Datastreams", "e", {"name": "Echo"})
    found.link("Datastreams", "d", "Thing", ["a"])
    found.link("Datastreams", "e", "Thing", ["a"])
    found.keys = {"d": 4, "e": 7}
    return found


HELD = {
    "properties/n add 1 eq 98": ["a"],
    "properties/list/1/k eq 'b'": ["b"],
    "properties/n gt 'x'": [],
    "name gt 'Alpha'": ["b"],
    "not (properties/missing gt 1)": [],
    "properties/missing eq null": ["a", "b", "c"],
    "properties/missing eq null and name ne null": ["a", "b", "c"],
    "Datastreams/name eq 'Echo'": ["a"],
    "Datastreams/name eq 'Echo' and Datastreams/name eq 'Delta'": ["a"],
    "length(Datastreams/name) eq 5": ["a"],
    "1 div 0 eq 1": [],
    "properties/n mod 0 eq 0": [],
    "true": ["a", "b", "c"],
    "null": [],
    "2026-01-01T00:00:00Z sub 2025-12-31T00:00:00Z eq duration'P1D'": ["a", "b", "c"],
    "hour(2026-01-01T09:00:00+08:00) eq 9 and totaloffsetminutes(2026-01-01T09:00:00+08:00) eq 480": ["a", "b", "c"],
    "time(2026-01-01T09:00:00Z) gt 08:30": ["a", "b", "c"],
    "now() gt mindatetime() and now() lt maxdatetime()": ["a", "b", "c"],
    "geo.length(geography'LINESTRING(0 0,3 4)') eq 5": ["a", "b", "c"],
    "st_relate(geography'POINT(1 1)', geography'POINT(1 1)', 'T********')": ["a", "b", "c"],
}


@pytest.mark.parametrize(("text", "ids"), HELD.items())
def test_evaluation(text: str, ids: list[str]) -> None:
    assert matching(parse_filter(text), catalogue(), "Things", ["a", "b", "c"]) == ids


def test_order_puts_what_has_no_value_first() -> None:
    found = catalogue()
    found.bodies["Things"]["b"]["name"] = None
    assert ordered(parse_order("name desc,id"), found, "Things", ["c", "b", "a"]) == ["a", "c", "b"]
    assert ordered(parse_order("name,id desc"), found, "Things", ["a", "b", "c"]) == ["b", "c", "a"]


def test_conditions_on_the_datastream_become_points() -> None:
    found = condition(parse_filter("Datastream/name eq 'Echo' and result gt 3"), catalogue())
    assert found.values == ([7], 3.0)
    assert "point IN" in found.text
    assert condition(parse_filter("id eq '7-1234'"), catalogue()).values == (7, 1234)


def test_values_never_stand_in_the_sql() -> None:
    found = condition(parse_filter("resultQuality eq 'x''; DROP TABLE sample; --'"), catalogue())
    assert "DROP" not in found.text
    assert found.values == ("x'; DROP TABLE sample; --",)


def test_bounds_of_time() -> None:
    at = "1970-01-01T00:00:10Z"
    assert bounds(parse_filter(f"phenomenonTime ge {at} and result gt 1")) == Bounds(10_000, None)
    assert bounds(parse_filter(f"{at} gt phenomenonTime")) == Bounds(None, 10_001)
    assert bounds(parse_filter(f"phenomenonTime gt {at} or result gt 1")) == Bounds()
    assert bounds(parse_filter(f"not (phenomenonTime gt {at})")) == Bounds()
    assert bounds(None) == Bounds()


def test_paths() -> None:
    assert parse_resource("/Things('a/b''c')/Datastreams") == Resource(
        (Step("Things", "a/b'c"), Step("Datastreams")), "Datastreams", single=False
    )
    assert parse_resource("Things(12)").steps == (Step("Things", "12"),)
    assert parse_resource("Datastreams('x')/unitOfMeasurement/symbol/$value") == Resource(
        (Step("Datastreams", "x"),), "Datastreams", single=True, keys=("unitOfMeasurement", "symbol"), ending="$value"
    )
    for wrong in ("", "Things('a')('b')", "Things('a')/Thing", "Things//x", "$ref", "Things('a')/$value", "things"):
        with pytest.raises((NotFound, Invalid)):
            parse_resource(wrong)


def test_expansions_and_their_options() -> None:
    pairs = query_of(
        b"$expand=Datastreams($filter=name%20eq%20'a;b)(';$top=2),Datastreams/Sensor($select=name)&$count=true"
    )
    found = parse_options(pairs, "Things")
    streams = (found.expand or {})["Datastreams"]
    assert streams.filter == Binary("eq", NAME, Literal("a;b)("))
    assert streams.top == 2
    assert (streams.expand or {})["Sensor"].select == ("name",)
    assert found.count


@given(st.text(max_size=30))
def test_every_id_finds_its_way_through_an_address(ident: str) -> None:
    from urllib.parse import unquote

    ident = ident or "x"
    try:
        link = self_link("", "Things", ident)
    except UnicodeEncodeError:  # lone surrogates are no text
        return
    assert parse_resource(unquote(link)).steps == (Step("Things", ident),)
    assert quoted(ident).startswith("'")


def test_next_links_keep_the_query() -> None:
    pairs = query_of("$filter=name%20eq%20'a%26b'&$skip=5&top=3")
    link = next_link("/x", pairs, {"$skip": "8"})
    assert query_of(link.partition("?")[2]) == [("$filter", "name eq 'a&b'"), ("top", "3"), ("$skip", "8")]


WORDS = st.sampled_from(
    [*ARGUMENTS, "and", "or", "not", "eq", "gt", "add", "div", "mod", "(", ")", ",", "/", "-", "name", "result", "id",
     "Datastreams", "Datastream", "phenomenonTime", "properties", "'a'", "1", "2.5", "null", "true", "2026-11-27",
     "2026-11-27T08:00:00Z", "08:00", "duration'P1D'", "geography'POINT(1 2)'", "geography'x'", "location", "time"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map(" ".join)))
@example("not(not(not(1)))")
@example("substring('a', -1) eq 'a'")
@example("concat(1, 2) eq 3 mod 0")
@example("9999-12-31T23:59:59-14:00 gt now()")
@example("0001-01-01T00:00:00+14:00 eq 1")
@example("maxdatetime() add duration'P999999999D' gt now()")
def test_anything_is_run_or_refused(text: str) -> None:
    for do in (
        lambda node: matching(node, catalogue(), "Things", ["a", "b", "c"]),
        lambda node: ordered([(node, True)], catalogue(), "Datastreams", ["d", "e"]),
        lambda node: condition(node, catalogue()),
        bounds,
    ):
        try:
            do(parse_filter(text))
        except Invalid:
            continue


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["Datastreams", "Locations", "(", ")", ";", ",", "/", "$top=1", "$filter=", "name eq 'a'",
                                 "$expand=", "Observations", "$select=name", "'", "$orderby=name", "=", "x"]), max_size=12).map("".join))  # fmt: skip
def test_any_expansion_is_read_or_refused(text: str) -> None:
    try:
        parse_options([("$expand", text)], "Things")
    except Invalid:
        return


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(["Things", "Datastreams", "('a')", "(1)", "('", "/", "$ref", "$value", "name", "Observations", "'"]), max_size=8).map("".join)))  # fmt: skip
def test_any_path_is_read_or_refused(path: str) -> None:
    try:
        parse_resource(path)
    except (Invalid, NotFound):
        return
