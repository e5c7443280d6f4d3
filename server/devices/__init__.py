"""Devices of a running park: the register with its credentials, and the watch over who is heard."""

from server.devices.service import DeviceGrant, Devices

__all__ = ["DeviceGrant", "Devices"]
