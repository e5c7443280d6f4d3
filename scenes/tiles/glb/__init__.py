"""A small glTF 2.0 writer for feature-bearing tiles: quantised, meshopt-compressed, with property tables."""
