"""Two texts of one file: the instances of each, by number."""

from __future__ import annotations

import re
from functools import cached_property

from bim.changes.statement import Statement
from bim.changes.whole import Whole
from bim.source.step_diff import Difference, difference
from bim.source.step_index import StepIndex
from bim.source.step_scan import StepBytes, StepScan, Unusual

HEAD_BYTES = 200
"""Of an instance up to its arguments, at most."""
_HEAD = re.compile(rb"#(\d+)\s*=\s*\w+\s*$")


class Texts:
    """The new text, scanned, and what the old one had instead. schema: as the parser names it."""

    def __init__(self, old: StepBytes, new: StepBytes, schema: str, index: StepIndex | None = None) -> None:
        """index: of the old text. Raises Whole where the texts are too far apart, or not laid out as usual."""
        self.schema = schema
        self._statements: dict[tuple[int, bool], Statement] = {}
        self._text = new
        try:
            self.difference: Difference = difference(old, new)
        except Unusual as unusual:
            raise Whole(str(unusual)) from unusual
        self.index: StepIndex | None = None
        """Of the new text, where that of the old one is known and both are laid out plainly."""
        if index is not None and index.size == len(old):
            self.index = index.moved(self.difference.windows, memoryview(new))

    @cached_property
    def scan(self) -> StepScan:
        """The new text's index. Raises Whole."""
        try:
            return StepScan(self._text, self.index)
        except Unusual as unusual:
            raise Whole(str(unusual)) from unusual

    @property
    def still(self) -> int:
        """Up to where nothing differs or moves; 0 where the header is longer or shorter now."""
        return 0 if self.difference.shift else self.difference.first

    @cached_property
    def projects(self) -> list[int]:
        """The projects of the new text. Raises Whole."""
        return self.scan.of_class(b"IFCPROJECT")

    def statement(self, number: int, *, old: bool = False) -> Statement:
        """An instance. old: as it was. Raises Whole where there is none of that number."""
        key = number, old and number in self.difference.numbers
        if key not in self._statements:
            self._statements[key] = Statement.of(self._of(number, old=old), self.schema)
        return self._statements[key]

    def rooted(self, local: str) -> int:
        """The instance of this GlobalId in the new text. Raises Whole where none begins with it."""
        at = self._text.find(b"('" + local.encode() + b"'")
        found = None if at < 0 else _HEAD.search(self._text[max(at - HEAD_BYTES, 0) : at])
        number = None if found is None else int(found.group(1))
        if number is None or self.statement(number).arguments[0].strip() != b"'" + local.encode() + b"'":
            raise Whole("an object that the text does not hold")
        return number

    def _of(self, number: int, *, old: bool) -> bytes:
        if old and number in self.difference.numbers:
            text = self.difference.old.get(number)
        else:
            try:
                text = self.scan.statement(number)
            except Unusual as unusual:
                raise Whole(str(unusual)) from unusual
        if text is None:
            raise Whole(f"#{number} is named and does not exist")
        return text
