"""Against a device of bacpypes3 on loopback."""

import asyncio
import contextlib
import math
import socket

import pytest
from bacpypes3.errors import ExecutionError, UnrecognizedService
from bacpypes3.local.analog import AnalogInputObject, AnalogOutputObject
from bacpypes3.local.binary import BinaryOutputObject
from bacpypes3.local.device import DeviceObject
from bacpypes3.local.multistate import MultiStateValueObject

from tests.support.kept import Kept, settled
from twin.connectors.bacnet.bound import BoundApplication
from twin.connectors.bacnet.connector import BacnetConnector
from twin.connectors.connector import State
from twin.connectors.registry import make_connector
from twin.errors import Denied, Invalid, Unavailable
from twin.state.point import PointSpec
from twin.state.quality import BAD, GOOD, STALE


def bound(port=0):
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.bind(("127.0.0.1", port))
    return made


class Plant(BoundApplication):
    """A controller that may know no COV, or no ReadPropertyMultiple."""

    cov = multiple = True

    def __init__(self, port=0):
        made = bound(port)
        self.port = made.getsockname()[1]
        device = DeviceObject(objectIdentifier=("device", 77), objectName="plant")
        super().__init__(device, made)
        flags = {"statusFlags": [0, 0, 0, 0]}
        self.temperature = AnalogInputObject(
            objectIdentifier=("analog-input", 1), objectName="t", presentValue=20.5, covIncrement=0.1, **flags
        )
        self.valve = AnalogOutputObject(
            objectIdentifier=("analog-output", 2),
            objectName="v",
            presentValue=40.0,
            relinquishDefault=10.0,
            covIncrement=0.1,
            **flags,
        )
        self.pump = BinaryOutputObject(objectIdentifier=("binary-output", 3), objectName="p", presentValue=1, **flags)
        # The library refuses COV of this type, as it looks for a cov-increment that it does not have.
        self.mode = MultiStateValueObject(
            objectIdentifier=("multi-state-value", 4), objectName="m", presentValue=2, numberOfStates=3, **flags
        )
        for made in (self.temperature, self.valve, self.pump, self.mode):
            self.add_object(made)
        self.requests = []

    async def do_SubscribeCOVRequest(self, apdu):  # noqa: N802
        self.requests.append("subscribe" if apdu.lifetime else "unsubscribe")
        if not self.cov:
            raise ExecutionError(errorClass="services", errorCode="covSubscriptionFailed")
        await super().do_SubscribeCOVRequest(apdu)

    async def do_ReadPropertyMultipleRequest(self, apdu):  # noqa: N802
        self.requests.append("multiple")
        if not self.multiple:
            raise UnrecognizedService
        await super().do_ReadPropertyMultipleRequest(apdu)

    async def do_WritePropertyRequest(self, apdu):  # noqa: N802
        if apdu.objectIdentifier == self.temperature.objectIdentifier:
            raise ExecutionError(errorClass="property", errorCode="writeAccessDenied")
        await super().do_WritePropertyRequest(apdu)

    async def do_ReadPropertyRequest(self, apdu):  # noqa: N802
        self.requests.append("single")
        await super().do_ReadPropertyRequest(apdu)


@contextlib.asynccontextmanager
async def plant(port=0, **traits):
    made = Plant(port)
    for name, value in traits.items():
        setattr(made, name, value)
    yield made
    for detection in made._cov_detections.values():
        for subscription in detection.cov_subscriptions:
            subscription.cancel_subscription()
    await made.end()


def made(port, sink, *objects, **settings):
    points = [PointSpec(f"p{n}", "g", source=f"bacnet:127.0.0.1:{port}/{item}") for n, item in enumerate(objects)]
    settings = {"interval_s": 0.05, "timeout_s": 0.2, "retries": 0, "pauses_s": (0.01, 0.05)} | settings
    return BacnetConnector("bms", points, sink, host="127.0.0.1", port=0, **settings)


ALL = ("analog-input,1", "analog-output,2", "binary-output,3", "multi-state-value,4")


async def test_changes_are_notified():
    before = asyncio.all_tasks()
    async with plant() as device:
        connector = made(device.port, sink := Kept(), *ALL[:3])
        await connector.start()
        await sink.until(lambda: all(sink.last(n) for n in range(3)))
        assert [sink.value(n) for n in range(3)] == [20.5, 40, 1]
        assert sink.last(0).quality == GOOD
        device.temperature.presentValue = 22.5
        await sink.until(lambda: sink.value(0) == 22.5)
        assert device.requests == ["subscribe"] * 3  # and nothing was polled
        assert "1 of 1 devices answer" in connector.detail
        await connector.stop()
        assert device.requests.count("unsubscribe") == 3
        assert connector.state is State.STOPPED
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_status_flags_give_the_quality():
    async with plant() as device:
        connector = made(device.port, sink := Kept(), "analog-input,1")
        await connector.start()
        await sink.until(lambda: sink.rows)
        device.temperature.statusFlags = [0, 0, 0, 1]
        device.temperature.presentValue = 23.0
        await sink.until(lambda: sink.value(0) == 23 and sink.last(0).quality == STALE)
        device.temperature.statusFlags = [0, 1, 0, 0]
        device.temperature.presentValue = 24.0
        await sink.until(lambda: sink.last(0).quality == BAD)
        assert "reports a fault" in connector.detail
        await connector.stop()


async def test_subscriptions_are_renewed():
    async with plant() as device:
        connector = made(device.port, sink := Kept(), "analog-input,1", lifetime_s=1)
        await connector.start()
        await sink.until(lambda: len(sink.rows) >= 3)  # every renewal brings the value
        assert device.requests == ["subscribe"] * len(device.requests)
        assert connector.counters.subscriptions == 1
        await connector.stop()


@pytest.mark.parametrize(("multiple", "asked"), [(True, "multiple"), (False, "single")])
async def test_without_cov_it_is_polled(multiple, asked):
    async with plant(cov=False, multiple=multiple) as device:
        connector = made(device.port, sink := Kept(), *ALL, "analog-input,1/cov-increment")
        await connector.start()
        await sink.until(lambda: all(sink.last(n) for n in range(5)))
        assert [sink.value(n) for n in range(4)] == [20.5, 40, 1, 2]
        assert sink.value(4) == pytest.approx(0.1)
        device.temperature.presentValue = 22.5
        await sink.until(lambda: sink.value(0) == 22.5)
        device.requests.clear()
        count = len(sink.rows)
        await sink.until(lambda: len(sink.rows) > count + 10)
        assert set(device.requests) == {asked}
        await connector.stop()


@pytest.mark.parametrize("multiple", [True, False])
async def test_a_wrong_address_costs_only_its_point(multiple):
    async with plant(multiple=multiple) as device:
        objects = ("analog-input,1", "analog-input,99", "analog-input,1/description", "nonsense")
        connector = made(device.port, sink := Kept(), *objects)
        await connector.start()
        await sink.until(lambda: all(sink.last(n) for n in range(4)))
        assert sink.value(0) == 20.5
        assert all(math.isnan(sink.value(n)) and sink.last(n).quality == BAD for n in (1, 2, 3))
        await settled(connector, lambda: connector.state is State.CONNECTED and len(connector.faults) == 3)
        assert "unknown-object" in connector.detail
        connector.bind([PointSpec("x", "g", source=f"bacnet:127.0.0.1:{device.port}/binary-output,3")])
        await sink.until(lambda: sink.value(0) == 1)
        assert connector.faults == {}
        await connector.stop()


async def test_writes_have_priorities_and_are_relinquished():
    async with plant() as device:
        head = f"127.0.0.1:{device.port}/"
        connector = made(device.port, sink := Kept(), *ALL)
        with pytest.raises(Unavailable, match="not connected"):
            await connector.write(head + "analog-output,2", 1)
        await connector.start()
        await sink.until(lambda: sink.value(1) == 40)
        await connector.write(head + "analog-output,2?priority=8", 55)
        await sink.until(lambda: sink.value(1) == 55)
        await connector.write(head + "analog-output,2", 70)  # priority 16 is beneath
        assert device.valve.presentValue == 55
        await connector.write(head + "analog-output,2?priority=8", math.nan)
        await sink.until(lambda: sink.value(1) == 70)
        await connector.write(head + "binary-output,3", 0)
        await connector.write(head + "multi-state-value,4", 3)
        await sink.until(lambda: (sink.value(2), sink.value(3)) == (0, 3))
        with pytest.raises(Denied, match="unknown-object"):
            await connector.write(head + "analog-output,9", 1)
        with pytest.raises(Denied, match="write-access-denied"):
            await connector.write(head + "analog-input,1", 1)
        with pytest.raises(Invalid, match="does not fit Unsigned"):
            await connector.write(head + "multi-state-value,4", -1)
        with pytest.raises(Invalid, match="finite"):
            await connector.write(head + "analog-output,2/relinquish-default", math.nan)
        with pytest.raises(Unavailable, match="does not answer"):
            await connector.write("127.0.0.1:1/analog-output,2", 1)
        await connector.stop()


async def test_it_comes_back_after_the_devices_restart():
    async with plant() as device:
        connector = made(device.port, sink := Kept(), "analog-input,1", "binary-output,3/out-of-service")
        await connector.start()
        await sink.until(lambda: sink.last(0) and sink.last(1))
    async with asyncio.timeout(20):
        await connector.wait_for(State.FAILED)
    assert "0 of 1 devices answer" in connector.detail
    await sink.until(lambda: sink.last(0).quality == BAD)
    async with plant(device.port) as device:
        await sink.until(lambda: sink.value(0) == 20.5)
        await connector.wait_for(State.CONNECTED)
        device.temperature.presentValue = 30.0
        await sink.until(lambda: sink.value(0) == 30)
        await connector.stop()


async def test_a_silent_device_does_not_stop_the_others():
    async with plant() as device:
        connector = made(device.port, sink := Kept(), "analog-input,1")
        silent = bound()
        dead = f"127.0.0.1:{silent.getsockname()[1]}/analog-input,1"
        connector.bind([*connector_points(device), PointSpec("dead", "g", source=f"bacnet:{dead}")])
        await connector.start()
        await sink.until(lambda: sink.last(0) and sink.last(1))
        assert sink.value(0) == 20.5
        assert "does not answer" in connector.faults[dead]
        assert connector.state is State.CONNECTED
        await connector.stop()
        silent.close()


def connector_points(device):
    return [PointSpec("p0", "g", source=f"bacnet:127.0.0.1:{device.port}/analog-input,1")]


async def test_a_notification_is_acknowledged_only_after_its_commit():
    gate = asyncio.Event()
    async with plant() as device:
        connector = made(device.port, sink := Kept(gate=gate), "analog-input,1")
        await connector.start()
        await sink.until(lambda: sink.rows)
        assert len(device._requests) == 1  # the device waits for our acknowledgement
        gate.set()
        async with asyncio.timeout(20):
            while device._requests:  # noqa: ASYNC110  the library tells nobody
                await asyncio.sleep(0.01)
        assert connector.counters.acknowledged == 1
        await connector.stop()


async def test_what_cannot_be_kept_is_told():
    async with plant() as device:
        connector = made(device.port, sink := Kept(error=Unavailable("the disk is full")), "analog-input,1", cov=False)
        await connector.start()
        await settled(connector, lambda: "not kept: the disk is full" in connector.detail)
        sink.error = None
        await settled(connector, lambda: "not kept" not in connector.detail)
        await connector.stop()


async def test_an_earlier_starts_subscription_is_not_taken_for_ours():
    async with plant() as device:
        earlier = made(device.port, sink := Kept(), "analog-output,2")
        await earlier.start()
        await sink.until(lambda: sink.rows)
        bound_to = earlier._station.normal.server.local_address[1]
        earlier._devices[f"127.0.0.1:{device.port}"].subscribed.clear()  # as if killed: it does not unsubscribe
        await earlier.stop()
        connector = made(device.port, sink := Kept(), "analog-input,1")
        connector._port = bound_to
        await connector.start()
        await sink.until(lambda: sink.value(0) == 20.5)
        device.valve.presentValue = 99.0  # the device tells the same process of the object of before
        async with asyncio.timeout(20):
            while connector.counters.undecodable == 0:  # noqa: ASYNC110  nothing tells of a counter
                await asyncio.sleep(0.01)
        assert {row.value for row in sink.rows} == {20.5}
        await connector.stop()


async def test_rubbish_on_our_port_is_survived():
    async with plant() as device:
        connector = made(device.port, sink := Kept(), "analog-input,1")
        await connector.start()
        await sink.until(lambda: sink.rows)
        host, port = connector._station.normal.server.local_address
        with bound() as stranger:
            for rubbish in (
                b"",
                b"x",
                b"\x81\x0a\x00\x04",
                b"\x81\x0a\x00\x10\x01\x00\x10\x02" + b"\xff" * 8,
                bytes(1500),
            ):
                stranger.sendto(rubbish, (host, port))
        device.temperature.presentValue = 25.0
        await sink.until(lambda: sink.value(0) == 25)
        await connector.stop()


async def test_a_taken_port_is_told():
    with bound() as taken:
        connector = BacnetConnector(
            "bms", [], Kept(), host="127.0.0.1", port=taken.getsockname()[1], pauses_s=(0.01, 0.05)
        )
        await connector.start()
        async with asyncio.timeout(20):
            await connector.wait_for(State.FAILED)
        assert "already in use" in connector.detail
        await connector.stop()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"port": 0}, "port is 0"),
        ({"priority": 17}, "priority is 17"),
        ({"lifetime_s": 1}, "lifetime_s is 1"),
        ({"cov": "yes"}, "cov is 'yes'; expected true or false"),
        ({"device": 1}, "'device' is unknown"),
    ],
)
def test_wrong_settings_are_named(settings, says):
    with pytest.raises(Invalid) as caught:
        make_connector({"kind": "bacnet", "name": "bms", **settings}, [], None)
    assert says in str(caught.value)
