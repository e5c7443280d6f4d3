"""glTF 2.0 read exactly and within limits: containers, accessors, materials, nodes."""
