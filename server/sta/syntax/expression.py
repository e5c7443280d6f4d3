"""Reads filter expressions: recursive descent over the grammar of 18-088, 9.3.3.5, with bounded depth and size."""

from __future__ import annotations

from collections.abc import Mapping

from server.sta.errors import wrong
from server.sta.syntax.nodes import COMPARISONS, Binary, Call, Geometry, Junction, Literal, Node, Not, Path
from server.sta.syntax.tokens import Token, tokens

MAX_DEPTH = 30
MAX_CHAIN = 200
MAX_TERMS = 60
SUMS, PRODUCTS = frozenset({"add", "sub"}), frozenset({"mul", "div", "mod"})
WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}

ARGUMENTS: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(("substringof", "endswith", "startswith", "indexof", "concat"), (2,)),
    "substring": (2, 3),
    **dict.fromkeys(("length", "tolower", "toupper", "trim", "round", "floor", "ceiling"), (1,)),
    **dict.fromkeys(("year", "month", "day", "hour", "minute", "second", "fractionalseconds"), (1,)),
    **dict.fromkeys(("date", "time", "totaloffsetminutes", "geo.length"), (1,)),
    **dict.fromkeys(("now", "mindatetime", "maxdatetime"), (0,)),
    **dict.fromkeys(("geo.distance", "geo.intersects", "st_equals", "st_disjoint", "st_touches", "st_within"), (2,)),
    **dict.fromkeys(("st_overlaps", "st_crosses", "st_intersects", "st_contains"), (2,)),
    "st_relate": (3,),
}
"""Functions, and how many arguments they take."""


def parse_filter(text: str) -> Node:
    """The tree of an expression. Raises Invalid saying where and what was expected."""
    reader = _Reader(tokens(text))
    found = reader.disjunction(0)
    reader.expect_end()
    return found


def parse_order(text: str) -> list[tuple[Node, bool]]:
    """`$orderby`: (expression, descending) in order of importance. Raises Invalid."""
    reader = _Reader(tokens(text))
    found: list[tuple[Node, bool]] = []
    while True:
        node = reader.disjunction(0)
        found.append((node, reader.direction()))
        if not reader.take_mark(","):
            break
    reader.expect_end()
    return found


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._terms = 0  # each makes the tree one deeper

    def disjunction(self, depth: int) -> Node:
        return self._chain("or", depth)

    def expect_end(self) -> None:
        if self._next.kind != "end":
            raise self._unexpected("the end, an operator or 'and'")

    def direction(self) -> bool:
        if self._next.kind == "name" and str(self._next.value).lower() in ("asc", "desc"):
            return str(self._take().value).lower() == "desc"
        return False

    def take_mark(self, mark: str) -> bool:
        if self._next.kind == "mark" and self._next.value == mark:
            self._at += 1
            return True
        return False

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += 1
        return token

    def _take_word(self, words: frozenset[str]) -> str:
        if self._next.kind == "name" and self._next.value in words:
            return str(self._take().value)
        return ""

    def _chain(self, operator: str, depth: int) -> Node:
        """`a or b or c`, whose parts are chains of `and`, whose parts are negations or comparisons."""
        parts = [self._link(operator, depth)]
        while self._take_word(frozenset({operator})):
            parts.append(self._link(operator, depth))
            if len(parts) > MAX_CHAIN:
                raise wrong(f"More than {MAX_CHAIN} conditions are joined by {operator!r}: ask for fewer")
        return parts[0] if len(parts) == 1 else Junction(operator, tuple(parts))

    def _link(self, operator: str, depth: int) -> Node:
        return self._chain("and", depth) if operator == "or" else self._negation(depth)

    def _negation(self, depth: int) -> Node:
        if self._is_word("not"):
            self._take()
            self._check(depth)
            return Not(self._negation(depth + 1))
        return self._comparison(depth)

    def _is_word(self, word: str) -> bool:
        return self._next.kind == "name" and self._next.value == word

    def _comparison(self, depth: int) -> Node:
        left = self._arithmetic(SUMS, depth)
        operator = self._take_word(COMPARISONS)
        return Binary(operator, left, self._arithmetic(SUMS, depth)) if operator else left

    def _arithmetic(self, operators: frozenset[str], depth: int) -> Node:
        found = self._term(operators, depth)
        while operator := self._take_word(operators):
            found = Binary(operator, found, self._term(operators, depth))
            self._terms += 1
            if self._terms > MAX_TERMS:
                raise wrong(f"The expression has more than {MAX_TERMS} sums and products: expected a shorter one")
        return found

    def _term(self, operators: frozenset[str], depth: int) -> Node:
        return self._arithmetic(PRODUCTS, depth) if operators is SUMS else self._operand(depth)

    def _operand(self, depth: int) -> Node:
        self._check(depth)
        token = self._take()
        if token.kind == "mark" and token.value == "-":
            return Binary("sub", Literal(0), self._operand(depth + 1))
        if token.kind == "mark" and token.value == "(":
            found = self.disjunction(depth + 1)
            self._close()
            return found
        if token.kind == "geometry":
            return Geometry(str(token.value))
        if token.kind == "name":
            return self._named(str(token.value), depth)
        if token.kind in ("end", "mark"):
            self._at -= 1
            raise self._unexpected("a property, a value or a function")
        return Literal(token.value)  # type: ignore[arg-type]  # all other kinds of token are values

    def _named(self, name: str, depth: int) -> Node:
        if self.take_mark("("):
            return self._call(name, depth)
        names = [name]
        while self.take_mark("/"):
            token = self._take()
            if token.kind != "name":
                self._at -= 1
                raise self._unexpected("a name behind '/'")
            names.append(str(token.value))
        if len(names) == 1 and name in WORDS:
            return Literal(WORDS[name])
        return Path(tuple(names))

    def _call(self, name: str, depth: int) -> Node:
        if name not in ARGUMENTS:
            raise wrong(f"Function {name!r} is unknown: expected one of {', '.join(sorted(ARGUMENTS))}")
        arguments: list[Node] = []
        if not self.take_mark(")"):
            arguments.append(self.disjunction(depth + 1))
            while self.take_mark(","):
                arguments.append(self.disjunction(depth + 1))
                if len(arguments) > max(ARGUMENTS[name]):
                    break
            self._close()
        if len(arguments) not in ARGUMENTS[name]:
            expected = " or ".join(str(count) for count in ARGUMENTS[name])
            raise wrong(f"Function {name} has {len(arguments)} arguments: expected {expected}")
        return Call(name, tuple(arguments))

    def _close(self) -> None:
        if not self.take_mark(")"):
            raise self._unexpected("')'")

    def _check(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise wrong(f"The expression is nested more than {MAX_DEPTH} deep: expected a simpler one")

    def _unexpected(self, expected: str) -> Exception:
        token = self._next
        found = "its end" if token.kind == "end" else f"{token.value!s:.60} at character {token.at + 1}"
        return wrong(f"The expression cannot be read at {found}: expected {expected}")
