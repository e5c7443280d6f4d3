"""A template takes several values out of a JSON document: which nodes, under what name, at what time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Any, NamedTuple

from twin.connectors.conversion import number_of
from twin.connectors.json_path import Getter, compile_path
from twin.connectors.setting_reader import SettingReader
from twin.connectors.times import FORMATS, epoch_ms
from twin.errors import Invalid
from twin.state.quality import BAD

MAX_ITEMS = 100_000


class Taken(NamedTuple):
    """One value of a document. name: what the address is made of; text: what came in the place of a number."""

    name: str
    value: float
    text: str
    time: int
    quality: int
    sample: bytes


class Template:
    """Reads documents.

    each: path of the items, each of which gives values; address: path in an item, to its name; values: by key, paths in
    an item; a value's name is the item's, the key's, or `<item>#<key>` where both are there. time: path in an
    item, else in the document; time_format: see `times.FORMATS`. A value that is missing in an item gives nothing.
    """

    def __init__(
        self,
        values: Mapping[str, str],
        *,
        each: str = "$",
        address: str = "",
        time: str = "",
        time_format: str = "ms",
        zone: tzinfo = UTC,
    ) -> None:
        self._each, self._values = compile_path(each), {key: compile_path(path) for key, path in values.items()}
        self._address: Getter | None = compile_path(address) if address else None
        self._time: Getter | None = compile_path(time) if time else None
        self._form, self._zone = time_format, zone

    def read(self, document: Any) -> list[Taken]:
        """All values, in order. A time that is none makes its values bad. Raises Invalid for more than 100,000 items."""
        items = self._each(document)
        if len(items) == 1 and isinstance(items[0], list):
            items = items[0]  # $.data and $.data[*] are both meant as its items
        if len(items) > MAX_ITEMS:
            raise Invalid(f"A document has {len(items)} items: expected at most {MAX_ITEMS}", code="template")
        found: list[Taken] = []
        for item in items:
            head = self._name(item)
            time, quality = self._at(item, document)
            for key, get in self._values.items():
                for node in get(item):
                    value, text = number_of(node)
                    name = f"{head}#{key}" if head and key else head or key
                    found.append(Taken(name, value, text, time, quality, str(node)[:200].encode()))
        return found

    def _name(self, item: Any) -> str:
        if self._address is None:
            return ""
        nodes = self._address(item)
        return "?" if not nodes or isinstance(nodes[0], dict | list) or nodes[0] is None else str(nodes[0])

    def _at(self, item: Any, document: Any) -> tuple[int, int]:
        if self._time is None:
            return 0, 0
        nodes = self._time(item) or self._time(document)
        if not nodes:
            return 0, 0
        try:
            return epoch_ms(nodes[0], self._form, self._zone), 0
        except Invalid:
            return 0, BAD


def template_from(connector: str, settings: Mapping[str, object]) -> Template:
    """A template from settings: value or values, each, address, time, time_format. Raises Invalid naming the wrong one."""
    read = SettingReader(connector, settings)
    one, many = read.text("value", ""), read.table("values", {})
    if bool(one) == bool(many):
        raise Invalid(f"Connector {connector!r}: expected either value or values, as JSONPath", code="connector")
    for key, path in many.items():
        if not isinstance(path, str):
            raise read.wrong(f"values.{key}", path, "a JSONPath")
    template = Template(
        {"": one} if one else {key: str(path) for key, path in many.items()},
        each=read.text("each", "$"),
        address=read.text("address", ""),
        time=read.text("time", ""),
        time_format=read.text("time_format", "ms", one_of=FORMATS),
    )
    read.done()
    return template
