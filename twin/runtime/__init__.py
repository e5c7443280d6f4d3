"""The running park: hub, history, stream, connectors, alarms and indicators put together."""
