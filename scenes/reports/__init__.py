"""Reports for people: HTML to read in a browser, PDF to file."""

from scenes.reports.order import OrderReport, order_pictures, order_report, render_order_html, render_order_pdf
from scenes.reports.review import ReviewReport, render_html, render_pdf, review_pictures

__all__ = [
    "OrderReport",
    "ReviewReport",
    "order_pictures",
    "order_report",
    "render_html",
    "render_order_html",
    "render_order_pdf",
    "render_pdf",
    "review_pictures",
]
