"""From layers to published scenes: builder, tiles, schemes, the sample park."""
