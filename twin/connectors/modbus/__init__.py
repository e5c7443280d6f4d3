"""Modbus TCP, Modbus RTU over TCP, and Modbus over TLS."""
