import numpy as np
import pytest

from twin.clock import ManualClock
from twin.errors import Invalid, NotFound
from twin.indicators.air import iaqi, level
from twin.indicators.board import IndicatorBoard
from twin.indicators.indicator import Indicator, Moment, Result
from twin.indicators.registry import INDICATORS, indicator, registry
from twin.state.facts import PointFacts
from twin.state.hub import Hub
from twin.state.point import PointSpec


class Park:
    """Points given as (kind, unit, gid, building); values set by number."""

    def __init__(self, *rows):
        self.clock = ManualClock()
        points = [PointSpec(f"p{n}", gid, kind=kind, unit=unit) for n, (kind, unit, gid, _building) in enumerate(rows)]
        self.hub = Hub(points, self.clock)
        facts = [{"layer": "", "type": "", "storey": "", "building": row[3]} for row in rows]
        self.facts = PointFacts.from_rows(facts, {"a1": ("研发楼", "R&D"), "b1": ("食堂", "Canteen")})
        self.baseline = np.full(len(rows), np.nan)
        self.alarms = {}

    def moment(self):
        return Moment(self.hub, self.facts, self.alarms, self.baseline, self.clock.now_ms())

    def compute(self, name):
        return indicator(name).compute(self.moment())


def test_without_points_there_is_no_value_but_a_reason():
    park = Park()
    for name, found in INDICATORS.items():
        result = found.compute(park.moment())
        if name == "alarms":
            assert result.value == 0
            continue
        assert result.value is None
        assert result.reason_zh
        assert result.reason_en


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("power", "power"),
        ("energy_today", "energy"),
        ("people", "occupancy"),
        ("co2", "co2"),
        ("parking", "bay_occupied"),
        ("noise", "noise"),
        ("air_quality", "pm25"),
    ],
)
def test_points_without_good_values_give_no_value(name, kind):
    park = Park((kind, "", "x", ""), (kind, "", "y", ""))
    result = park.compute(name)
    assert (result.value, result.points) == (None, 2)
    assert "2" in result.reason_en


def test_power_counts_a_building_once_and_in_kilowatts():
    park = Park(
        ("power", "kW", "a1", "a1"),
        ("power", "kW", "a1/floor", "a1"),
        ("power", "W", "b1/x", "b1"),
        ("power", "W", "b1/y", "b1"),
        ("power", "kW", "lamp", ""),
    )
    park.hub.update(range(5), [100, 60, 2000, 3000, 1])
    result = park.compute("power")
    assert result.value == pytest.approx(106)
    assert {p.key: (p.label_zh, p.label_en, p.value) for p in result.parts} == {
        "": ("室外", "Outdoors", 1), "a1": ("研发楼", "R&D", 100), "b1": ("食堂", "Canteen", pytest.approx(5))
    }  # fmt: skip
    assert (result.used, result.points) == (4, 4)


def test_bad_and_stale_values_are_left_out_and_that_is_told():
    park = Park(("power", "kW", "x", "a1"), ("power", "kW", "y", "a1"), ("power", "kW", "z", "b1"))
    park.hub.update([0, 1, 2], [10, 20, 40])
    park.hub.update([1, 2], [np.nan, np.nan])
    result = park.compute("power")
    assert (result.value, result.used, result.points) == (10, 1, 3)
    assert {p.key: p.value for p in result.parts} == {"a1": 10, "b1": None}


def test_energy_today_is_the_difference_of_the_meters():
    park = Park(
        ("energy", "kWh", "x", "a1"),
        ("energy", "MWh", "y", "b1"),
        ("energy", "kWh", "z", "b1"),
        ("energy", "kWh", "new", ""),
    )
    park.baseline[:3] = [1000, 5, 900]
    park.hub.update(range(4), [1250, 5.5, 3, 77])  # z was reset, the new meter has no start of day
    result = park.compute("energy_today")
    assert result.value == pytest.approx(250 + 500)
    assert (result.used, result.points) == (2, 4)
    assert {p.key: p.value for p in result.parts} == {"a1": 250, "b1": pytest.approx(500), "": None}


def test_free_bays_and_unknown_bays():
    park = Park(*[("bay_occupied", "", f"bay{n}", "") for n in range(5)])
    park.hub.update([0, 1, 2], [1, 0, 0])
    result = park.compute("parking")
    assert result.value == 2
    assert [p.value for p in result.parts] == [2, 1, 2]


def test_sound_levels_are_averaged_by_energy():
    park = Park(("noise", "dB", "x", ""), ("noise", "dB", "y", ""))
    park.hub.update([0, 1], [60, 60])
    assert park.compute("noise").value == pytest.approx(60)
    park.hub.update([0, 1], [70, 40])
    assert park.compute("noise").value == pytest.approx(66.99, abs=0.01)


def test_devices_are_online_while_any_of_their_points_is_heard():
    points = [
        PointSpec("a", "g", device="d1", kind="co2"),
        PointSpec("b", "g", device="d1", kind="temperature"),
        PointSpec("c", "g", device="d2", kind="co2"),
        PointSpec("d", "g", device="d3", kind="co2"),
    ]
    park = Park()
    park.hub = Hub(points, park.clock)
    park.hub.update([0, 2], [1, 1])
    park.clock.advance(1000)
    park.hub.update([0], [np.nan])
    result = park.compute("devices")
    assert result.value == pytest.approx(100 / 3)
    assert [p.value for p in result.parts] == [1, 1, 1]


def test_alarms_are_counted_by_severity():
    park = Park()
    park.alarms = {"critical": 1, "minor": 3}
    result = park.compute("alarms")
    assert (result.value, [p.value for p in result.parts]) == (4, [1, 0, 3, 0])


@pytest.mark.parametrize(
    ("concentration", "index", "name"),
    [
        (0, 0, "优"),
        (17.5, 25, "优"),
        (35, 50, "优"),
        (35.1, 51, "良"),
        (75, 100, "良"),
        (95, 125, "轻度污染"),
        (115, 150, "轻度污染"),
        (250, 300, "重度污染"),
        (500, 500, "严重污染"),
        (900, 500, "严重污染"),
    ],
)
def test_the_air_quality_index_follows_its_table(concentration, index, name):
    assert iaqi(concentration) == index
    assert level(index).zh == name


def test_the_board_keeps_a_bounded_trend_with_gaps():
    park = Park(("power", "kW", "x", ""))
    board = IndicatorBoard(registry([INDICATORS["power"]]), kept=3)
    for value in (None, 1, 2, 3):
        if value is not None:
            park.hub.update([0], [value + 0.04])
        board.sample(park.moment())
        park.clock.advance(10)
    (row,) = board.rows(park.moment())
    assert (row["value"], row["trend"], row["unit"]) == (3.0, [1.0, 2.0, 3.0], "kW")
    assert np.diff(row["trend_at"]).tolist() == [10_000, 10_000]
    board = IndicatorBoard(registry([INDICATORS["co2"]]))
    board.sample(park.moment())
    assert board.row("co2", park.moment())["trend"] == [None]
    with pytest.raises(NotFound, match="expected one of co2"):
        board.row("x", park.moment())


def test_one_failing_indicator_leaves_the_others():
    def broken(_moment):
        raise ValueError("wrong")

    broken_one = Indicator("broken", "坏", "Broken", "", broken, "")
    board = IndicatorBoard(registry([broken_one, INDICATORS["alarms"]]))
    rows = board.rows(Park().moment())
    assert [row["value"] for row in rows] == [None, 0]
    assert rows[0]["reason_en"]


def test_names_are_registered_once_and_unknown_ones_list_the_known():
    one = Indicator("x", "", "", "", lambda _m: Result(1), "")
    with pytest.raises(Invalid, match="registered twice"):
        registry([one, one])
    with pytest.raises(NotFound, match="air_quality"):
        indicator("nonsense")
