"""Families of geometry: extrude, drape, ribbon, sweep, instance. One file each, vectorised."""
