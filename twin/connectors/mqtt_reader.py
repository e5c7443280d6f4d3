"""What an MQTT message says where it is more than the value of its topic: Sparkplug B, templates, paths in JSON.

Addresses made here: `<topic>#<key>` by a template of the settings, `<topic>#<JSONPath>` where a point's source or the
mapping has such an address, and `spBv1.0/…` of Sparkplug. A topic of a message never holds `#`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from twin.connectors.conversion import number_of
from twin.connectors.intake import Arrived
from twin.connectors.json_path import Getter, compile_path
from twin.connectors.payload import MAX_PAYLOAD, decode
from twin.connectors.sparkplug import HEAD
from twin.connectors.template import Template, template_from
from twin.errors import Invalid
from twin.state.quality import BAD

if TYPE_CHECKING:
    from twin.connectors.sparkplug.host import Host

SAMPLE = 4096
"""Bytes of a payload that are kept to be shown."""


class TopicTemplate(NamedTuple):
    """A template for the topics that a filter matches (`+` one level, `#` the rest)."""

    topics: re.Pattern[str]
    template: Template


class MqttReader:
    """Reads messages whose topic is no address by itself, or whose address is mapped. ask: publishes a Sparkplug command."""

    def __init__(self, templates: Iterable[TopicTemplate], ask: Callable[[str, bytes], None]) -> None:
        self._templates, self._ask = tuple(templates), ask
        self._sparkplug: Host | None = None
        self._paths: dict[str, list[tuple[str, Getter]]] = {}
        self._mapped: frozenset[str] = frozenset()

    def bind(self, addresses: Mapping[str, int], mapped: Iterable[str]) -> dict[str, int]:
        """Serve these addresses; returns those whose payload is plain and needs no conversion: topic → index."""
        paths: dict[str, list[tuple[str, Getter]]] = {}
        self._mapped = frozenset(mapped)
        for address in addresses:
            topic, mark, path = address.partition("#")
            if mark and path.startswith("$"):
                try:
                    paths.setdefault(topic, []).append((address, compile_path(path)))
                except Invalid:
                    paths.setdefault(topic, []).append((address, _nothing))
        self._paths = paths
        return {
            address: index
            for address, index in addresses.items()
            if "#" not in address
            and address not in self._mapped
            and address not in paths
            and not address.startswith(HEAD)
            and self._template(address) is None
        }

    def read(self, topic: str, payload: bytes) -> list[Arrived]:
        """Values of a message, in order; what cannot be read is bad. Raises Invalid where not even that can be told."""
        if topic.startswith(HEAD):
            return self.sparkplug().read(topic, payload)
        paths, template = self._paths.get(topic), self._template(topic)
        if paths is None and template is None:
            return [self.plain(topic, payload)]
        sample = payload[:SAMPLE]
        document = _document(payload)
        if document is _NO_JSON:
            bad = [Arrived(address, math.nan, quality=BAD, sample=sample) for address, _ in paths or ()]
            return bad or [Arrived(topic, math.nan, quality=BAD, sample=sample)]
        arrived = [_followed(address, get, document, sample) for address, get in paths or ()]
        if topic in self._mapped:
            arrived.append(self.plain(topic, payload))
        if template is not None:
            arrived += [
                Arrived(f"{topic}#{one.name}", one.value, one.time, one.quality, sample=one.sample, text=one.text)
                for one in template.read(document)
            ]
        return arrived

    def sparkplug(self) -> Host:
        """The host of Sparkplug nodes; it, and protobuf, are loaded when the first message or command needs them."""
        if self._sparkplug is None:
            from twin.connectors.sparkplug.host import Host  # noqa: PLC0415

            self._sparkplug = Host(self._ask)
        return self._sparkplug

    def plain(self, topic: str, payload: bytes) -> Arrived:
        """A payload that is one value: a number, `{"v": …}`, or a text."""
        try:
            read = decode(payload)
            return Arrived(topic, read.value, read.time, read.quality, read.simulated, payload[:SAMPLE])
        except Invalid:
            pass
        document = _document(payload)
        given = document.get("v") if isinstance(document, dict) else document
        time = document.get("t") if isinstance(document, dict) else 0
        value, text = number_of(payload.decode("utf-8", "replace") if given is _NO_JSON else given)
        at = int(time) if isinstance(time, int | float) and math.isfinite(time) else 0
        return Arrived(topic, value, at, 0 if text else BAD, sample=payload[:SAMPLE], text=text)

    def followed(self, address: str, path: str, payload: bytes) -> Arrived | None:
        """The value at a path of a JSON payload, as of an address that has it; None where there is none to follow."""
        document = _document(payload)
        if document is _NO_JSON or not path.startswith("$"):
            return None
        return _followed(address, compile_path(path), document, payload[:SAMPLE])

    def _template(self, topic: str) -> Template | None:
        return next((one.template for one in self._templates if one.topics.fullmatch(topic)), None)


_NO_JSON = object()


def _nothing(_document: Any) -> list[Any]:
    return []


def _document(payload: bytes) -> Any:
    if len(payload) > MAX_PAYLOAD:
        return _NO_JSON
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return _NO_JSON


def _followed(address: str, get: Getter, document: Any, sample: bytes) -> Arrived:
    nodes = get(document)
    if not nodes:
        return Arrived(address, math.nan, quality=BAD, sample=sample)
    value, text = number_of(nodes[0])
    return Arrived(address, value, sample=sample, text=text)


def topic_template(connector: str, settings: Mapping[str, object]) -> TopicTemplate:
    """A template from a `[[connectors.templates]]` entry: its topic filter and what `template_from` takes. Raises Invalid."""
    rest = dict(settings)
    topic = rest.pop("topic", None)
    if not isinstance(topic, str) or not topic:
        raise Invalid(
            f"Connector {connector!r}: topic of a template is {topic!r}; expected a topic filter", code="connector"
        )
    return TopicTemplate(re.compile(_pattern(topic)), template_from(connector, rest))


def _pattern(topic: str) -> str:
    levels = ["[^/]*" if level == "+" else ".*" if level == "#" else re.escape(level) for level in topic.split("/")]
    return "/".join(levels).replace("/.*", "(?:/.*)?")
