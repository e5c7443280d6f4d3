"""From a file to clean features in the park frame: opening, coordinate systems, ids, repair, clipping."""
