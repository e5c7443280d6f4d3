"""City models in: CityJSON and CityGML become objects with their own shapes, heights and colours."""
