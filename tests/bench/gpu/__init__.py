"""The viewer on a machine with a graphics card: packed here, run there with nothing but Python and a browser."""
