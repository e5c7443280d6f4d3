import datetime as dt
import math

import pytest
from asyncua import ua

from twin.connectors.opcua.value import arrived, epoch_ms, variant
from twin.errors import Invalid
from twin.state.quality import BAD, GOOD, STALE

TIME = dt.datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("status", "quality"),
    [
        (ua.StatusCodes.Good, GOOD),
        (ua.StatusCodes.GoodClamped, GOOD),
        (ua.StatusCodes.UncertainLastUsableValue, STALE),
        (ua.StatusCodes.BadSensorFailure, BAD),
    ],
)
def test_status_codes_become_quality(status, quality):
    data = ua.DataValue(ua.Variant(3), ua.StatusCode(status), SourceTimestamp=TIME)
    reading, why = arrived("a", data)
    assert (reading.quality, reading.time) == (quality, 1767323045678)
    assert math.isnan(reading.value) == (quality == BAD)
    assert ("BadSensorFailure" in why) == (quality == BAD)


def test_times():
    assert epoch_ms(None) == 0
    assert epoch_ms(dt.datetime(1601, 1, 1)) == 0  # noqa: DTZ001  as the library gives it
    assert epoch_ms(TIME.replace(tzinfo=None)) == 1767323045678
    assert arrived("a", ua.DataValue(ua.Variant(3), ServerTimestamp=TIME))[0].time == 1767323045678


@pytest.mark.parametrize("value", ["text", [1, 2], None, b"x", TIME])
def test_what_is_no_number_is_bad_and_told(value):
    reading, why = arrived("a", ua.DataValue(ua.Variant(value)))
    assert reading.quality == BAD
    assert "expected a number or a boolean" in why


def test_booleans_are_numbers():
    assert arrived("a", ua.DataValue(ua.Variant(True)))[0].value == 1


@pytest.mark.parametrize(
    ("value", "kind", "says"),
    [
        (2, ua.VariantType.Boolean, "no boolean"),
        (300, ua.VariantType.Byte, "does not fit Byte"),
        (-1, ua.VariantType.UInt64, "does not fit UInt64"),
        (math.nan, ua.VariantType.Int16, "does not fit Int16"),
        (math.inf, ua.VariantType.Double, "finite"),
        (1, ua.VariantType.String, "takes a String"),
    ],
)
def test_what_does_not_fit_is_named(value, kind, says):
    with pytest.raises(Invalid, match=says):
        variant("a", value, kind)


def test_numbers_as_the_nodes_type():
    assert variant("a", 3.0, ua.VariantType.Int16) == ua.Variant(3, ua.VariantType.Int16)
    assert variant("a", 1.0, ua.VariantType.Boolean).Value is True
