"""The address of an OPC UA point: a node id, or a method of an object as `call:<object>:<method>`."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from asyncua import ua

from twin.errors import Invalid

GRAMMAR = "ns=<index>;<id> or nsu=<namespace URI>;<id>, where <id> is i=<number>, s=<text>, g=<GUID> or b=<base64>"
_NODE = re.compile(r"(?:ns=(?P<index>\d{1,5});|nsu=(?P<uri>[^;]+);)?(?P<type>[isgb])=(?P<id>.+)", re.DOTALL)
_NEXT = re.compile(r":(?=(?:ns=\d+;|nsu=[^;]+;)?[isgb]=)")


@dataclass(frozen=True, slots=True)
class NodeAddress:
    """A node as written. index: None where a namespace URI stands instead; identifier: of the type's own kind."""

    source: str
    index: int | None
    uri: str
    kind: ua.NodeIdType
    identifier: int | str | uuid.UUID | bytes

    def node_id(self, namespaces: Sequence[str]) -> ua.NodeId:
        """The node id on a server with these namespaces. Raises Invalid where it has not that one."""
        index = self.index
        if index is None:
            if self.uri not in namespaces:
                raise Invalid(
                    f"OPC UA address {self.source!r}: the server has no namespace {self.uri!r}; "
                    f"it has {', '.join(namespaces[:8])}",
                    code="address",
                )
            index = list(namespaces).index(self.uri)
        return ua.NodeId(self.identifier, index, self.kind)


@dataclass(frozen=True, slots=True)
class MethodAddress:
    """A method of an object."""

    owner: NodeAddress
    method: NodeAddress


def parse_address(source: str) -> NodeAddress | MethodAddress:
    """A node or a method from its address. Raises Invalid naming what is wrong."""
    if not source.startswith("call:"):
        return _node(source, source)
    parts = _NEXT.split(source.removeprefix("call:"))
    if len(parts) != 2:
        raise Invalid(f"OPC UA address {source!r}: expected call:<object>:<method>, both as {GRAMMAR}", code="address")
    return MethodAddress(_node(source, parts[0]), _node(source, parts[1]))


def node_text(node: ua.NodeId, namespaces: Sequence[str]) -> str:
    """The address of a node, with the URI of its namespace: an index may change when the server restarts."""
    letter = {ua.NodeIdType.String: "s", ua.NodeIdType.Guid: "g", ua.NodeIdType.ByteString: "b"}.get(
        node.NodeIdType, "i"
    )
    value = base64.b64encode(node.Identifier).decode() if letter == "b" else str(node.Identifier)
    index = int(node.NamespaceIndex)
    if index == 0:
        return f"{letter}={value}"
    head = (
        f"nsu={namespaces[index].replace('%', '%25').replace(';', '%3B')}" if index < len(namespaces) else f"ns={index}"
    )
    return f"{head};{letter}={value}"


def _node(source: str, text: str) -> NodeAddress:
    match = _NODE.fullmatch(text)
    if match is None:
        raise Invalid(f"OPC UA address {source!r}: expected {GRAMMAR}", code="address")
    uri, letter, value = unquote(match["uri"] or ""), match["type"], match["id"]
    index = None if uri else int(match["index"] or 0)
    if index is not None and index > 65535:
        raise Invalid(f"OPC UA address {source!r}: namespace {index}; expected 0 to 65535", code="address")
    try:
        if letter == "i":
            number = int(value)
            if not 0 <= number < 1 << 32:
                raise ValueError  # noqa: TRY301
            return NodeAddress(source, index, uri, ua.NodeIdType.Numeric, number)
        if letter == "g":
            return NodeAddress(source, index, uri, ua.NodeIdType.Guid, uuid.UUID(value))
        if letter == "b":
            raw = base64.b64decode(value, validate=True)
            return NodeAddress(source, index, uri, ua.NodeIdType.ByteString, raw)
    except (ValueError, binascii.Error) as error:
        raise Invalid(f"OPC UA address {source!r}: {letter}={value!r}; expected {GRAMMAR}", code="address") from error
    return NodeAddress(source, index, uri, ua.NodeIdType.String, value)
