"""A BACnet/IP application on a socket that is bound already."""

from __future__ import annotations

import asyncio
import socket

from bacpypes3.app import Application
from bacpypes3.appservice import ApplicationServiceAccessPoint
from bacpypes3.comm import bind
from bacpypes3.ipv4.app import NormalApplication
from bacpypes3.ipv4.link import NormalLinkLayer
from bacpypes3.local.device import DeviceObject
from bacpypes3.netservice import NetworkServiceAccessPoint, NetworkServiceElement
from bacpypes3.pdu import IPv4Address


class BoundApplication(NormalApplication):  # type: ignore[misc]  # the library is untyped
    """The library binds by itself, shares the port with others, and tries for ever where it cannot; this does not.

    It owns the socket from then on, hears single devices only, and sends no broadcasts.
    """

    def __init__(self, device: DeviceObject, bound: socket.socket) -> None:
        Application.__init__(self)
        host, port = bound.getsockname()[:2]
        address = IPv4Address(f"{host}/32:{port}")  # /32: no socket for broadcasts
        self.asap = ApplicationServiceAccessPoint(device, self.device_info_cache)
        self.nsap = NetworkServiceAccessPoint()
        self.nse = NetworkServiceElement()
        bind(self.nse, self.nsap)
        bind(self, self.asap, self.nsap)
        self.normal = NormalLinkLayer(address, bind_socket=bound)
        self.nsap.bind(self.normal, address=address)
        self.add_object(device)

    async def end(self) -> None:
        """Close the socket, and forget requests that wait."""
        for transaction in [*self.asap.clientTransactions, *self.asap.serverTransactions]:
            transaction.stop_timer()
        await asyncio.gather(*self.normal.server._transport_tasks)  # noqa: SLF001  it closes only what has begun
        self.close()
        await asyncio.sleep(0)  # the socket is closed by the loop's next turn
