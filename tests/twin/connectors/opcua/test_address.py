import contextlib
import uuid

import pytest
from asyncua import ua
from hypothesis import given
from hypothesis import strategies as st

from twin.connectors.opcua.address import MethodAddress, node_text, parse_address
from twin.errors import Invalid

NAMESPACES = ["http://opcfoundation.org/UA/", "urn:server", "urn:maker:plant"]


@pytest.mark.parametrize(
    ("source", "node"),
    [
        ("i=2258", ua.NodeId(2258, 0)),
        ("ns=2;i=5", ua.NodeId(5, 2)),
        ("ns=2;s=Boiler 1;a=b:c", ua.NodeId("Boiler 1;a=b:c", 2)),
        ("nsu=urn:maker:plant;s=x", ua.NodeId("x", 2)),
        (
            "ns=1;g=3a1f0d9e-0000-4000-8000-000000000001",
            ua.NodeId(uuid.UUID("3a1f0d9e-0000-4000-8000-000000000001"), 1),
        ),
        ("ns=1;b=AQI=", ua.NodeId(b"\x01\x02", 1, ua.NodeIdType.ByteString)),
    ],
)
def test_node_ids(source, node):
    assert parse_address(source).node_id(NAMESPACES) == node
    assert parse_address(node_text(node, NAMESPACES)).node_id(NAMESPACES) == node


def test_methods():
    parsed = parse_address("call:nsu=urn:maker:plant;s=Pump:ns=2;s=Pump.Start")
    assert isinstance(parsed, MethodAddress)
    assert parsed.owner.node_id(NAMESPACES) == ua.NodeId("Pump", 2)
    assert parsed.method.node_id(NAMESPACES) == ua.NodeId("Pump.Start", 2)


@pytest.mark.parametrize(
    "source",
    ["", "x", "ns=2", "ns=70000;i=1", "i=x", "i=-1", "i=4294967296", "g=12", "b=???", "call:i=1", "call:i=1:i=2:i=3"],
)
def test_wrong_addresses_are_named(source):
    with pytest.raises(Invalid) as caught:
        parse_address(source)
    assert repr(source) in str(caught.value)
    assert "expected" in str(caught.value)


def test_an_unknown_namespace_is_named():
    with pytest.raises(Invalid, match=r"no namespace 'urn:other'; it has .*urn:maker:plant"):
        parse_address("nsu=urn:other;i=1").node_id(NAMESPACES)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text):
    with contextlib.suppress(Invalid):
        parse_address(text)
