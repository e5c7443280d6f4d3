import time

import numpy as np
import pytest

from scenes.simulator.behaviour import BEHAVIOURS
from scenes.simulator.noise import stream, uniform, wander
from scenes.simulator.park_model import ParkModel
from scenes.simulator.profile import OFFICE, share, share_integral
from twin.state.point import PointSpec

HOUR = 3_600_000
MONDAY = 1_700_409_600_000  # 2023-11-20 00:00 in UTC+8
RANGES = {
    "temperature": (10, 40), "humidity": (10, 95), "co2": (380, 2000), "occupancy": (0, 60), "lighting_power": (0, 2000),
    "power": (0, 400), "energy": (0, 1_000_000), "water_flow": (0, 30), "smoke": (0, 1), "door": (0, 1), "lift_position": (1, 16),
    "supply_temperature": (4, 60), "return_temperature": (6, 60), "supply_air_temperature": (10, 35), "pressure": (0, 1200),
    "pump_speed": (0, 100), "load": (0, 100), "pm25": (0, 300), "noise": (30, 110), "wind_speed": (0, 30),
    "air_temperature": (-8, 42), "rainfall": (0, 100), "bay_occupied": (0, 1), "lamp_power": (0, 180), "manhole_level": (0, 3.5),
    "co": (0, 100), "solar_power": (0, 60), "leak": (0, 1),
}  # fmt: skip


def park(copies=10, kinds=RANGES):
    return [
        PointSpec(f"a1.r{n}.{kind}", f"a1/r{n}", device=f"a1/r{n}-{kind}", kind=kind, min=kinds[kind][0], max=kinds[kind][1],
                  source=f"mqtt:park/a1/r{n}/{kind}")
        for n in range(copies) for kind in kinds
    ]  # fmt: skip


def values(points, kind, t, seed=1):
    snapshot = ParkModel(points, seed).at(t)
    return snapshot.values[[n for n, point in enumerate(points) if point.kind == kind]]


def test_every_kind_of_the_park_has_a_behaviour():
    assert set(RANGES) - set(BEHAVIOURS) == {"energy"}  # the meter's, which needs the power point's range


def test_the_same_seed_points_and_time_give_the_same_readings():
    one, two, other = (ParkModel(park(), seed) for seed in (7, 7, 8))
    for t in (MONDAY, MONDAY + 9 * HOUR + 123, MONDAY + 200 * 24 * HOUR):
        assert np.array_equal(one.at(t).values, two.at(t).values, equal_nan=True)
        assert np.array_equal(one.at(t).silent, two.at(t).silent)
        assert not np.array_equal(one.at(t).values, other.at(t).values, equal_nan=True)


def test_a_point_does_not_depend_on_the_others():
    points = park()
    whole, part = ParkModel(points), ParkModel(points[5:40])
    t = MONDAY + 10 * HOUR
    assert np.array_equal(whole.at(t).values[5:40], part.at(t).values, equal_nan=True)


def test_all_readings_stay_in_their_range_for_a_week():
    points = park(20)
    model = ParkModel(points)
    low, high = np.array([p.min for p in points]), np.array([p.max for p in points])
    for t in range(MONDAY, MONDAY + 7 * 24 * HOUR, HOUR // 2):
        found = model.at(t).values
        good = ~np.isnan(found)
        assert good.mean() > 0.98
        assert (found[good] >= low[good]).all()
        assert (found[good] <= high[good]).all()


def test_people_come_to_work_and_their_rooms_show_it():
    points = park(60)
    night, day = MONDAY + 3 * HOUR, MONDAY + 10 * HOUR + HOUR // 2
    for kind, factor in (("occupancy", 10), ("lighting_power", 5), ("power", 1.8), ("co2", 1.3)):
        assert np.nanmean(values(points, kind, day)) > factor * np.nanmean(values(points, kind, night)), kind
    saturday = day + 5 * 24 * HOUR
    assert np.nanmean(values(points, "occupancy", saturday)) < 0.4 * np.nanmean(values(points, "occupancy", day))
    free_at_night = np.nanmean(values(points, "bay_occupied", night))
    assert np.nanmean(values(points, "bay_occupied", day)) > 3 * free_at_night > 0


def test_rooms_of_one_kind_differ_and_a_room_hangs_together():
    points = park(60)
    t = MONDAY + 11 * HOUR
    people, co2 = values(points, "occupancy", t), values(points, "co2", t)
    assert len(np.unique(people)) > 5
    share_of_people = people / 60
    good = ~np.isnan(co2) & ~np.isnan(people) & (co2 < 1200)
    assert np.corrcoef(share_of_people[good], co2[good])[0, 1] > 0.3


def test_the_energy_meter_is_the_integral_of_its_power():
    points = [p for p in park(5) if p.kind in {"power", "energy"}]
    model = ParkModel(points)
    power, energy = (
        [n for n, p in enumerate(points) if p.kind == "power"],
        [n for n, p in enumerate(points) if p.kind == "energy"],
    )
    start, step = MONDAY + 8 * HOUR, 60_000
    times = np.arange(start, start + 24 * HOUR, step)
    readings = np.array([model.at(int(t)).values for t in times])
    used = readings[-1, energy] - readings[0, energy]
    integral = np.nansum(np.maximum(readings[:-1, power], 0), axis=0) * step / HOUR
    assert used == pytest.approx(integral, rel=0.05)
    meter = readings[:, energy]
    assert (np.nan_to_num(np.diff(meter, axis=0), nan=0) >= 0).all()


def test_the_share_integral_matches_the_shares():
    t = np.arange(0, 14 * 86_400, 60.0) + 1.7e9
    profile = np.full(len(t), OFFICE)
    numeric = np.sum((share(profile, t)[1:] + share(profile, t)[:-1]) / 2 * 60)
    exact = share_integral(profile[:1], t[-1:]) - share_integral(profile[:1], t[:1])
    assert exact[0] == pytest.approx(numeric, rel=1e-6)


def test_now_and_then_something_goes_wrong():
    points = [PointSpec(f"p{n}", f"g{n}", kind="co2", min=380, max=2000) for n in range(2000)]
    model = ParkModel(points)
    high = silent = broken = 0
    for t in range(MONDAY + 2 * HOUR, MONDAY + 4 * HOUR, HOUR // 12):
        snapshot = model.at(t)
        high += int((snapshot.values > 1200).sum())
        silent += int(snapshot.silent.sum())
        broken += int(np.isnan(snapshot.values).sum())
    assert 20 < high < 400  # a few of two thousand at a time
    assert silent > broken > 0


def test_every_point_reports_every_one_to_ten_seconds_and_the_park_often_enough():
    points = park(58)
    assert 1600 <= len(points) <= 1650
    model = ParkModel(points)
    assert ((model.period_s >= 1) & (model.period_s <= 10)).all()
    assert 300 <= model.rate <= 800
    counts = np.zeros(len(points))
    for t in range(MONDAY, MONDAY + 60_000, 100):
        due = model.due(t, t + 100)
        counts[due] += 1
    assert counts.sum() == pytest.approx(60 * model.rate, rel=0.02)
    assert (np.abs(counts - 60 / model.period_s) <= 1).all()


def test_a_wanted_rate_is_met():
    model = ParkModel(park(), rate=1000)
    assert model.rate == pytest.approx(1000)
    long_pause = model.due(MONDAY, MONDAY + HOUR)
    assert sorted(long_pause.tolist()) == list(range(len(model)))


def test_noise_is_even_and_smooth():
    hashes = stream([f"p{n}" for n in range(4000)], 1, "x")
    numbers = uniform(hashes, 3)
    assert numbers.mean() == pytest.approx(0.5, abs=0.02)
    assert numbers.min() >= 0
    assert numbers.max() < 1
    assert np.corrcoef(numbers, uniform(hashes, 4))[0, 1] == pytest.approx(0, abs=0.05)
    before, after = wander(hashes, 1e9, 600.0), wander(hashes, 1e9 + 1, 600.0)
    assert np.abs(after - before).max() < 0.02
    assert before.std() > 0.3


def test_an_unknown_kind_wanders_in_its_range():
    points = [PointSpec("x", "g", kind="mystery", min=5, max=7), PointSpec("y", "g", kind="mystery")]
    found = [ParkModel(points).at(MONDAY + n * HOUR).values for n in range(20)]
    assert len({tuple(row) for row in found}) > 10
    assert all(5 <= row[0] <= 7 for row in found)


def test_no_points_are_no_error():
    model = ParkModel([])
    assert len(model.at(MONDAY).values) == 0
    assert model.rate == 0


def test_a_moment_of_the_whole_park_is_cheap():
    model = ParkModel(park(58))
    started = time.process_time()
    for n in range(20):
        model.at(MONDAY + n * 1000)
    assert (time.process_time() - started) / 20 < 0.1
