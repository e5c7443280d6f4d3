"""Devices: the register, their credentials, whether they are heard, lists in and out, Brick and Haystack."""
