"""The database of a desk: an append-only log in SQLite or PostgreSQL, and the queue that follows from it."""

from semantix.review.desk.acting import Saved
from semantix.review.desk.bulk import Bulk, BulkDone, BulkPreview
from semantix.review.desk.checking import check_desk, rebuild_desk
from semantix.review.desk.desk import Desk, View
from semantix.review.desk.queue import ALL, ORDERS, Filters, Page, Progress, Row
from semantix.review.desk.undoing import Undone

__all__ = [
    "ALL",
    "ORDERS",
    "Bulk",
    "BulkDone",
    "BulkPreview",
    "Desk",
    "Filters",
    "Page",
    "Progress",
    "Row",
    "Saved",
    "Undone",
    "View",
    "check_desk",
    "rebuild_desk",
]
