from hypothesis import given
from hypothesis import strategies as st

from twin.connectors.modbus.plan import MAX_BITS, MAX_REGISTERS, Read, plan_reads
from twin.connectors.modbus.register import BIT_TABLES, parse_register

REGISTERS = st.builds(
    lambda unit, table, first, kind: parse_register(
        f"{unit}/{table}/{first}" + ("" if table in BIT_TABLES else f"?type={kind}")
    ),
    st.integers(1, 2),
    st.sampled_from(["coil", "holding"]),
    st.integers(0, 3000),
    st.sampled_from(["uint16", "float32", "float64"]),
)


def plan(*sources, gap=8):
    return [(read.first, read.count) for read in plan_reads([parse_register(source) for source in sources], gap)]


def test_neighbours_share_a_read():
    assert plan("1/holding/0", "1/holding/1?type=float32", "1/holding/11") == [(0, 12)]
    assert plan("1/holding/0", "1/holding/1?type=float32", "1/holding/12") == [(0, 3), (12, 1)]
    assert plan("1/holding/5?type=int32", "1/holding/5?type=int16", "1/holding/6?bit=3") == [(5, 2)]
    assert plan("1/holding/0", "1/input/0", "2/holding/0") == [(0, 1)] * 3
    assert plan("1/coil/0", "1/coil/128") == [(0, 129)]
    assert plan(*(f"1/holding/{n}" for n in range(300))) == [(0, 125), (125, 125), (250, 50)]
    assert plan(*(f"1/coil/{n}" for n in range(2001))) == [(0, 2000), (2000, 1)]


@given(st.lists(REGISTERS, max_size=60), st.integers(0, 40))
def test_every_register_is_read_once_within_the_limits(registers, gap):
    reads = plan_reads(registers, gap)
    assert sorted(r.source for read in reads for r in read.registers) == sorted(r.source for r in registers)
    for read in reads:
        assert read.count <= (MAX_BITS if read.table in BIT_TABLES else MAX_REGISTERS)
        assert {(r.unit, r.table) for r in read.registers} == {(read.unit, read.table)}
        assert all(read.first <= r.first and r.end <= read.first + read.count for r in read.registers)
        assert [r for half in read.halves() for r in half.registers] == list(read.registers)


def test_a_refused_read_is_cut_at_its_widest_gap():
    (read,) = plan_reads([parse_register(f"1/holding/{n}") for n in (0, 2, 7, 8)], 8)
    assert [(half.first, half.count) for half in read.halves()] == [(0, 3), (7, 2)]
    assert [half.count for half in Read(1, "holding", read.registers[2:]).halves()] == [1, 1]
