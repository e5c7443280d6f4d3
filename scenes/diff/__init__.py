"""What changed between two versions of a layer: fingerprints made with the build, matching, comparison."""
