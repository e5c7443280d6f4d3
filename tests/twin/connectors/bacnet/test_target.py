import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.connectors.bacnet.target import Target, parse_target
from twin.errors import Invalid


def test_addresses():
    assert parse_target("192.0.2.5/analog-input,1") == Target(
        "192.0.2.5/analog-input,1", "192.0.2.5:47808", 0, 1, 85, None
    )
    target = parse_target("192.0.2.5:47809/binary-output,7/out-of-service?priority=8")
    assert (target.device, target.key, target.priority) == ("192.0.2.5:47809", (4, 7, 81), 8)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "expected <IPv4"),
        ("plc/analog-input,1", "expected <IPv4"),
        ("192.0.2/analog-input,1", "192.0.2"),
        ("192.0.2.5:70000/analog-input,1", "no address of a single device"),
        ("255.255.255.255/analog-input,1", "no address of a single device"),
        ("192.0.2.5/analog,1", "analog is unknown"),
        ("192.0.2.5/analog-input,4194304", "out of range"),
        ("192.0.2.5/analog-input,1/colour", "colour is unknown"),
        ("192.0.2.5/analog-input,1?priority=0", "priority 0; expected 1 (highest) to 16"),
    ],
)
def test_wrong_addresses_are_named(source, says):
    with pytest.raises(Invalid) as caught:
        parse_target(source)
    assert says in str(caught.value)
    assert repr(source) in str(caught.value)


@given(st.one_of(st.text(max_size=60), st.from_regex(r"[0-9.]{1,9}/[a-z-]{1,20},[0-9]{1,7}", fullmatch=True)))
def test_any_text_is_an_address_or_refused(text):
    with contextlib.suppress(Invalid):
        parse_target(text)
