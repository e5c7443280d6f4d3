"""Tools of the repository: report fonts, generated reference."""
