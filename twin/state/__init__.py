"""Live state: points, their latest values, their history, and the streams that clients follow."""
