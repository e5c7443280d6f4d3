"""glTF contents: the glTF validator for the core, our own checks for the extensions of 3D Tiles."""
