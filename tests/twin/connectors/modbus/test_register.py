import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.connectors.modbus.register import FORMATS, ORDERS, parse_register
from twin.errors import Invalid


@pytest.mark.parametrize(
    ("order", "sent"), [("abcd", "42F6E979"), ("cdab", "E97942F6"), ("badc", "F64279E9"), ("dcba", "79E9F642")]
)
def test_orders_of_a_float(order, sent):
    register = parse_register(f"1/holding/40?type=float32&order={order}")
    assert register.decode(bytes.fromhex(sent)) == pytest.approx(123.456, rel=1e-6)
    assert struct.pack(">2H", *register.encode(123.456)).hex().upper() == sent


def test_scale_offset_and_bits():
    assert parse_register("1/input/0?type=int16&scale=0.1&offset=-40").decode(b"\xff\x9c") == pytest.approx(-50)
    assert [parse_register(f"1/holding/0?bit={n}").decode(b"\x80\x01") for n in (0, 1, 15)] == [1, 0, 1]
    assert parse_register("1/holding/0?bit=0&order=badc").decode(b"\x01\x00") == 1
    assert parse_register("1/holding/0?bit=0&order=badc").mask == 0x0100


@given(st.sampled_from(sorted(FORMATS)), st.sampled_from(ORDERS), st.data())
def test_what_is_written_is_read(kind, order, data):
    size = struct.calcsize(FORMATS[kind])
    if kind.startswith("float"):
        value = data.draw(st.floats(width=8 * size, allow_nan=False, allow_infinity=False))
    else:
        value = data.draw(st.integers(-(2**15), 2**15 - 1) if kind[0] == "i" else st.integers(0, 2**16 - 1))
    register = parse_register(f"7/holding/9?type={kind}&order={order}")
    words = register.encode(value)
    assert len(words) == register.count == size // 2
    assert register.decode(struct.pack(f">{len(words)}H", *words)) == value


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "expected <unit"),
        ("1/holding", "expected <unit"),
        ("256/holding/1", "expected <unit"),
        ("1/holding/65536", "expected <unit"),
        ("1/register/1", "expected <unit"),
        ("1/holding/1?type=real", "type 'real' is unknown; expected one of int16"),
        ("1/holding/1?order=ab", "order 'ab' is unknown"),
        ("1/holding/1?bit=16", "bit is '16'"),
        ("1/holding/1?bit=1&scale=2", "without scale"),
        ("1/holding/1?scale=x", "scale is 'x'; expected a number"),
        ("1/holding/1?scale=0", "scale is 0"),
        ("1/holding/1?offset=inf", "offset is 'inf'"),
        ("1/holding/1?skale=1", "skale is unknown"),
        ("1/coil/1?type=int16", "takes no type"),
        ("1/holding/65535?type=int32", "ends beyond"),
    ],
)
def test_wrong_addresses_are_named(source, says):
    with pytest.raises(Invalid) as caught:
        parse_register(source)
    assert says in str(caught.value)
    assert repr(source) in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text):
    with contextlib.suppress(Invalid):
        parse_register(text)
