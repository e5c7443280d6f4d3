"""GIS layers of the park: vectors in EPSG:4547 (GeoJSON in longitude, latitude) and the terrain."""
