"""OPC UA: one subscription with a monitored item per point, writes, and methods."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from asyncua import Client, ua

from twin.clock import Clock
from twin.connectors.candidates import MAX_SAMPLE
from twin.connectors.connector import Sink
from twin.connectors.field import FieldConnector
from twin.connectors.intake import Arrived
from twin.connectors.opcua.address import MethodAddress, NodeAddress, node_text, parse_address
from twin.connectors.opcua.browse import browse_variables
from twin.connectors.opcua.security import Security
from twin.connectors.opcua.value import arrived, status_name, variant
from twin.connectors.session import FIRST_PAUSE_S, LONGEST_PAUSE_S, Lost
from twin.connectors.setting_reader import SettingReader
from twin.errors import Denied, Invalid, Unavailable
from twin.state.point import PointSpec

log = logging.getLogger(__name__)

ITEMS_AT_ONCE = 500
KEEP_ALIVE_S = 5.0
REFUSALS = (ua.StatusCodes.BadNodeIdUnknown, ua.StatusCodes.BadNodeIdInvalid)


class OpcUaConnector(FieldConnector):
    """Nodes of one OPC UA server.

    url: `opc.tcp://host:port/path`; interval_s: of sampling and publishing; queue: samples per node that the server
    keeps between two publishings; browse: whether variables of the server are listed as candidates.
    """

    kind = "opcua"

    def __init__(
        self,
        name: str,
        url: str,
        points: Sequence[PointSpec],
        sink: Sink,
        *,
        security: Security | None = None,
        interval_s: float = 0.5,
        queue: int = 10,
        timeout_s: float = 4.0,
        browse: bool = True,
        pauses_s: tuple[float, float] = (FIRST_PAUSE_S, LONGEST_PAUSE_S),
        clock: Clock | None = None,
    ) -> None:
        super().__init__(name, points, sink, clock=clock, pauses_s=pauses_s)
        self._url, self._security = url, security or Security()
        self._interval_s, self._queue, self._timeout_s, self._browse = interval_s, queue, timeout_s, browse
        self._client: Client | None = None
        self._namespaces: Sequence[str] = ()
        self._news = asyncio.Event()
        self._renew = True
        self._ended = ""
        self._heard = 0.0
        self._browsed: list[dict[str, object]] = []

    def rebound(self) -> None:
        """Subscribe anew."""
        self._renew = True
        self._news.set()

    def candidates(self) -> list[dict[str, object]]:
        """Variables of the server that belong to no point, with their name as the sample."""
        return [dict(row) for row in self._browsed if row["address"] not in self.intake.addresses]

    async def session(self) -> None:
        """Connect, subscribe, and serve until the server is gone."""
        client = Client(self._url, timeout=self._timeout_s, watchdog_intervall=max(1.0, self._timeout_s))
        browsing: asyncio.Task[None] | None = None
        try:
            await self._connect(client)
            self._client, self._renew = client, True
            self.connected(_shown(self._url))
            if self._browse:
                browsing = asyncio.create_task(self._look_around(client), name=f"browse-{self.name}")
            await self._serve(client)
        except ua.UaError as error:
            raise Lost(f"{_shown(self._url)}: {_why(error)}") from error
        finally:
            self._client = None
            if browsing is not None:
                browsing.cancel()
                await asyncio.gather(browsing, return_exceptions=True)
            await _close(client)

    async def _connect(self, client: Client) -> None:
        async def lost(error: Exception) -> None:
            self._end(str(error) or type(error).__name__)

        self._ended = ""
        client.connection_lost_callback = lost
        try:
            await self._security.apply(client)
        except ValueError as error:
            raise Lost(f"a certificate or key cannot be used: {error}") from error
        await client.connect()
        self._namespaces = await client.get_namespace_array()

    def _end(self, why: str) -> None:
        self._ended = self._ended or why
        self._news.set()

    async def _serve(self, client: Client) -> None:
        subscription: int | None = None
        while True:
            if self._renew:
                self._renew = False
                if subscription is not None:
                    await client.uaclient.delete_subscriptions([subscription])
                subscription = await self._subscribe(client)
            self._news.clear()
            if not self._ended and not self._renew:
                try:
                    async with asyncio.timeout(KEEP_ALIVE_S):
                        await self._news.wait()
                except TimeoutError:
                    silent = self.clock.monotonic() - self._heard
                    if silent > 3 * KEEP_ALIVE_S + self._interval_s:
                        self._end(f"the subscription is silent for {silent:.0f} s")
            if self._ended:
                raise Lost(f"{_shown(self._url)} is gone: {self._ended}")

    async def _subscribe(self, client: Client) -> int:
        """One subscription with an item per node; nodes that the server refuses are bad."""
        reasons: dict[str, str] = {}
        nodes: list[tuple[str, ua.NodeId]] = []
        for address in self.intake.addresses:
            try:
                parsed = parse_address(address)
                if isinstance(parsed, NodeAddress):
                    nodes.append((address, parsed.node_id(self._namespaces)))
            except Invalid as error:
                reasons[address] = error.message
        self.faults.clear()
        handles: dict[int, str] = {number: address for number, (address, _) in enumerate(nodes)}
        self._heard = self.clock.monotonic()

        async def published(result: ua.PublishResult) -> None:
            await self._published(result, handles)

        milliseconds = 1000 * self._interval_s
        made = await client.uaclient.create_subscription(
            ua.CreateSubscriptionParameters(
                RequestedPublishingInterval=milliseconds,
                RequestedLifetimeCount=max(30, round(60_000 / milliseconds)),
                RequestedMaxKeepAliveCount=max(1, round(1000 * KEEP_ALIVE_S / milliseconds)),
                MaxNotificationsPerPublish=10_000,
                PublishingEnabled=True,
                Priority=0,
            ),
            published,
        )
        for start in range(0, len(nodes), ITEMS_AT_ONCE):
            part = nodes[start : start + ITEMS_AT_ONCE]
            results = await client.uaclient.create_monitored_items(
                ua.CreateMonitoredItemsParameters(
                    SubscriptionId=made.SubscriptionId,
                    TimestampsToReturn=ua.TimestampsToReturn.Both,
                    ItemsToCreate=[self._item(start + n, node) for n, (_, node) in enumerate(part)],
                )
            )
            for (address, _), result in zip(part, results, strict=True):
                if not result.StatusCode.is_good():
                    reasons[address] = f"the server says {status_name(result.StatusCode)}"
        self.counters.subscriptions += 1
        await self.keep(self.bad(reasons))
        self.tell()
        return int(made.SubscriptionId)

    def _item(self, handle: int, node: ua.NodeId) -> ua.MonitoredItemCreateRequest:
        return ua.MonitoredItemCreateRequest(
            ItemToMonitor=ua.ReadValueId(NodeId=node, AttributeId=ua.AttributeIds.Value),
            MonitoringMode=ua.MonitoringMode.Reporting,
            RequestedParameters=ua.MonitoringParameters(
                ClientHandle=handle,
                SamplingInterval=1000 * self._interval_s,
                QueueSize=self._queue,
                DiscardOldest=True,
            ),
        )

    async def _published(self, result: ua.PublishResult, handles: Mapping[int, str]) -> None:
        """Take what was published; the library acknowledges it, and asks for more, when this returns."""
        self._heard = self.clock.monotonic()
        readings: list[Arrived] = []
        reasons: dict[str, str] = {}
        for notification in result.NotificationMessage.NotificationData or ():
            if isinstance(notification, ua.StatusChangeNotification):
                if not notification.Status.is_good():
                    self._end(f"the subscription ended with {status_name(notification.Status)}")
            elif isinstance(notification, ua.DataChangeNotification):
                for item in notification.MonitoredItems or ():
                    address = handles.get(item.ClientHandle)
                    if address is None or item.Value is None:
                        self.counters.undecodable += 1
                        continue
                    reading, why = arrived(address, item.Value)
                    readings.append(reading)
                    if why:
                        reasons[address] = why
                    else:
                        reasons.pop(address, None)
        self.good(reading.address for reading in readings if reading.address not in reasons)
        if reasons:
            self.bad(reasons)
        await self.keep(readings)

    async def _look_around(self, client: Client) -> None:
        """List variables that no point has; a server that does not let itself be browsed is served all the same."""
        try:
            known = set()
            for address in list(self.intake.addresses):
                try:
                    parsed = parse_address(address)
                    if isinstance(parsed, NodeAddress):
                        known.add(parsed.node_id(self._namespaces))
                except Invalid:
                    continue
            found = await browse_variables(client, known)
        except (ua.UaError, OSError, TimeoutError) as error:
            log.info("Connector %s cannot be browsed: %s", self.name, _why(error))
            return
        now = self.clock.now_ms()
        self._browsed = [
            {
                "address": node_text(variable.node, self._namespaces),
                "count": 0,
                "sample": variable.path[:MAX_SAMPLE],
                "heard_at": now,
            }
            for variable in found
        ]
        self.tell()

    async def write(self, address: str, value: float) -> None:
        """Write a node, or call a method: without arguments where it takes none, else with the value.

        Raises Invalid where the address or the value is wrong, Denied where the server refuses, Unavailable where it
        does not answer.
        """
        parsed = parse_address(address)
        client = self._client
        if client is None:
            raise self.not_connected()
        try:
            if isinstance(parsed, MethodAddress):
                await self._call(client, address, parsed, value)
            else:
                await self._write(client, address, parsed, value)
        except ua.UaStatusCodeError as error:
            if error.code == ua.StatusCodes.BadTimeout:
                raise Unavailable(f"OPC UA {address}: no answer", code="no-answer") from error
            if error.code in REFUSALS:
                raise Invalid(f"OPC UA {address}: the server says {_why(error)}", code="address") from error
            raise Denied(f"OPC UA {address}: the server says {_why(error)}", code="refused") from error
        except (ua.UaError, OSError, TimeoutError) as error:
            raise Unavailable(f"OPC UA {address}: no answer ({_why(error)})", code="no-answer") from error

    async def _write(self, client: Client, address: str, parsed: NodeAddress, value: float) -> None:
        node = client.get_node(parsed.node_id(self._namespaces))
        kind = await node.read_data_type_as_variant_type()
        # Without timestamps: many servers refuse a client's.
        await node.write_attribute(ua.AttributeIds.Value, ua.DataValue(variant(address, value, kind)))

    async def _call(self, client: Client, address: str, parsed: MethodAddress, value: float) -> None:
        method = client.get_node(parsed.method.node_id(self._namespaces))
        wanted: Sequence[ua.Argument] = ()
        for described in await method.get_properties():
            if (await described.read_browse_name()).Name == "InputArguments":
                wanted = await described.read_value() or ()
        if len(wanted) > 1:
            raise Invalid(
                f"OPC UA {address}: the method takes {len(wanted)} arguments; expected none or one", code="write"
            )
        arguments = []
        for argument in wanted:
            kind = await client.get_node(argument.DataType).read_browse_name()
            try:
                arguments.append(variant(address, value, ua.VariantType[str(kind.Name)]))
            except KeyError as error:
                raise Invalid(
                    f"OPC UA {address}: the method takes a {kind.Name}; expected a number", code="write"
                ) from error
        await client.get_node(parsed.owner.node_id(self._namespaces)).call_method(method.nodeid, *arguments)


async def _close(client: Client) -> None:
    """Leave the server, whatever state the client is in; a server that is gone does not hold us up."""
    try:
        if client.uaclient.protocol is not None and not client.uaclient.protocol.is_closed:
            async with asyncio.timeout(2):
                await client.disconnect()
    except (ua.UaError, OSError, TimeoutError) as error:
        log.debug("Leaving %s: %s", client, error)
    finally:
        client.uaclient.request_disconnect()
        tasks = [
            task
            for task in (
                client._supervisor_task,  # noqa: SLF001  the library leaves them where the connection is lost
                client._stale_watchdog_task,  # noqa: SLF001
                client._renew_channel_task,  # noqa: SLF001
                client.uaclient._publish_task,  # noqa: SLF001
            )
            if task is not None
        ]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        client.disconnect_socket()


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 4840}"


def _why(error: BaseException) -> str:
    if isinstance(error, ua.UaStatusCodeError):
        return str(ua.StatusCode(error.code).name)
    return str(error) or type(error).__name__


def opcua_from_settings(
    name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink, folder: Path = Path()
) -> OpcUaConnector:
    """A connector from its `park.toml` entry; paths are relative to folder. Raises Invalid naming a wrong setting."""
    reader = SettingReader(name, settings)
    url = reader.text("url")
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "opc.tcp" and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise reader.wrong("url", url.rpartition("@")[2], "opc.tcp://host:port/path (user and password stand apart)")
    if parts.port is None:
        url = parts._replace(netloc=f"{parts.netloc}:4840").geturl()
    security = Security.read(reader, folder)
    interval_s = reader.number("interval_s", 0.5, low=0.01, high=3600)
    queue = reader.whole("queue", 10, low=1, high=1000)
    timeout_s = reader.number("timeout_s", 4.0, low=0.1, high=60)
    browse = reader.flag("browse", default=True)
    reader.done()
    return OpcUaConnector(
        name,
        url,
        points,
        sink,
        security=security,
        interval_s=interval_s,
        queue=queue,
        timeout_s=timeout_s,
        browse=browse,
    )
