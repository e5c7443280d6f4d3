"""The park's buildings: one layout per module."""
