"""Descriptions of buildings by others: Brick and Haystack, in and out, by way of one plain model."""
