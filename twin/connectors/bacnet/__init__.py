"""BACnet/IP: values by change of value or by polling, and writes with priority."""
