"""Element families: each module writes one family of elements on a storey."""
