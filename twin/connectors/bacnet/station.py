"""Our own BACnet device: the requests it sends, and the notifications it hears."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bacpypes3.apdu import (
    AbortPDU,
    AbortReason,
    ConfirmedCOVNotificationRequest,
    ErrorPDU,
    ErrorRejectAbortNack,
    ReadPropertyMultipleRequest,
    ReadPropertyRequest,
    SimpleAckPDU,
    SubscribeCOVRequest,
    UnconfirmedCOVNotificationRequest,
    WritePropertyRequest,
)
from bacpypes3.basetypes import PropertyIdentifier, PropertyReference, ReadAccessSpecification
from bacpypes3.errors import ExecutionError
from bacpypes3.local.device import DeviceObject
from bacpypes3.pdu import Address, IPv4Address
from bacpypes3.primitivedata import ObjectIdentifier

from twin.connectors.bacnet.bound import BoundApplication
from twin.connectors.bacnet.target import Key

PRESENT_VALUE = int(PropertyIdentifier("present-value"))
STATUS_FLAGS = int(PropertyIdentifier("status-flags"))
NO_ANSWER = (int(AbortReason.noResponse), int(AbortReason.tsmTimeout), int(AbortReason.applicationExceededReplyTime))

Values = Sequence[tuple[int, Any]]
"""Properties with their encoded values."""
Heard = Callable[[str, int, tuple[int, int], Values], Awaitable[bool]]
"""(device, process id, object, values) → whether the values were kept."""


class Refused(Exception):
    """The device answered with an error. service: it does not know or cannot do the request as such."""

    def __init__(self, why: str, *, service: bool) -> None:
        super().__init__(why)
        self.service = service


class Station(BoundApplication):
    """A BACnet/IP device without objects of its own, on a bound UDP socket.

    All requests raise TimeoutError where the device is silent, Refused where it answers with an error.
    """

    def __init__(
        self, instance: int, bound: socket.socket, heard: Heard, *, timeout_s: float = 3.0, retries: int = 2
    ) -> None:
        device = DeviceObject(
            objectIdentifier=("device", instance),
            objectName="parktwin",
            apduTimeout=round(1000 * timeout_s),
            numberOfApduRetries=retries,
        )
        super().__init__(device, bound)
        self._heard = heard

    async def subscribe(self, device: str, process: int, kind: int, instance: int, lifetime: int) -> None:
        """Ask for changes of an object's value, confirmed, for a time in seconds; asking again renews."""
        await self._ask(
            SubscribeCOVRequest(
                subscriberProcessIdentifier=process,
                monitoredObjectIdentifier=ObjectIdentifier((kind, instance)),
                issueConfirmedNotifications=True,
                lifetime=lifetime,
                destination=Address(device),
            )
        )

    async def unsubscribe(self, device: str, process: int, kind: int, instance: int) -> None:
        """End a subscription."""
        await self._ask(
            SubscribeCOVRequest(
                subscriberProcessIdentifier=process,
                monitoredObjectIdentifier=ObjectIdentifier((kind, instance)),
                destination=Address(device),
            )
        )

    async def read(self, device: str, key: Key) -> Any:
        """One property's value."""
        answer = await self._ask(
            ReadPropertyRequest(
                objectIdentifier=ObjectIdentifier(key[:2]),
                propertyIdentifier=PropertyIdentifier(key[2]),
                destination=Address(device),
            )
        )
        return answer.propertyValue

    async def read_many(self, device: str, keys: Sequence[Key]) -> dict[Key, Any]:
        """Properties and, with present values, status flags by one request; a text tells why one has no value."""
        specifications = []
        for kind, instance, name in keys:
            names = [name, STATUS_FLAGS] if name == PRESENT_VALUE else [name]
            specifications.append(
                ReadAccessSpecification(
                    objectIdentifier=ObjectIdentifier((kind, instance)),
                    listOfPropertyReferences=[
                        PropertyReference(propertyIdentifier=PropertyIdentifier(item)) for item in names
                    ],
                )
            )
        answer = await self._ask(
            ReadPropertyMultipleRequest(listOfReadAccessSpecs=specifications, destination=Address(device))
        )
        found: dict[Key, Any] = {}
        for result in answer.listOfReadAccessResults:
            kind, instance = result.objectIdentifier
            for element in result.listOfResults:
                outcome, key = element.readResult, (int(kind), int(instance), int(element.propertyIdentifier))
                error = outcome.propertyAccessError
                found[key] = outcome.propertyValue if error is None else str(error.errorCode)
        return found

    async def write(self, device: str, key: Key, value: Any, priority: int | None) -> None:
        """Write one property."""
        request = WritePropertyRequest(
            objectIdentifier=ObjectIdentifier(key[:2]),
            propertyIdentifier=PropertyIdentifier(key[2]),
            propertyValue=value,
            destination=Address(device),
        )
        if priority is not None:
            request.priority = priority
        await self._ask(request)

    async def _ask(self, request: Any) -> Any:
        try:
            return await self.request(request)
        except ErrorRejectAbortNack as error:
            if isinstance(error, AbortPDU) and int(error.reason) in NO_ANSWER:
                raise TimeoutError(str(error)) from error
            # Not Exception's child in this library: it must not get out of here.
            raise Refused(str(error), service=not isinstance(error, ErrorPDU)) from error

    # The library calls these for requests of others.

    async def do_ConfirmedCOVNotificationRequest(self, apdu: ConfirmedCOVNotificationRequest) -> None:  # noqa: N802
        """Acknowledge values when they are committed: the device sends again what is not acknowledged."""
        if await self._notified(apdu):
            await self.response(SimpleAckPDU(context=apdu))

    async def do_UnconfirmedCOVNotificationRequest(  # noqa: N802
        self, apdu: UnconfirmedCOVNotificationRequest
    ) -> None:
        """As above, without an answer."""
        await self._notified(apdu)

    async def do_WhoIsRequest(self, apdu: Any) -> None:  # noqa: N802
        """We are not to be found: our I-Am would be a broadcast."""

    async def do_WritePropertyRequest(self, apdu: Any) -> None:  # noqa: ARG002, N802
        """Nothing of ours can be written."""
        raise ExecutionError(errorClass="property", errorCode="writeAccessDenied")

    do_WritePropertyMultipleRequest = do_WritePropertyRequest  # noqa: N815

    async def _notified(self, apdu: Any) -> bool:
        if not isinstance(apdu.pduSource, IPv4Address):  # through a router: we subscribe to single devices only
            return True
        host, port = apdu.pduSource.addrTuple
        kind, instance = apdu.monitoredObjectIdentifier
        values = [(int(item.propertyIdentifier), item.value) for item in apdu.listOfValues]
        return await self._heard(
            f"{host}:{port}", int(apdu.subscriberProcessIdentifier), (int(kind), int(instance)), values
        )
