"""Reports for people: HTML to read in a browser, PDF to file."""

from scenes.reports.review import ReviewReport, render_html, render_pdf

__all__ = ["ReviewReport", "render_html", "render_pdf"]
