"""Tasks for pages and sheets, how far stores are, and what the next week must know of them."""

from shuke.touches.queries.doubles import open_and_doubles, open_customers
from shuke.touches.queries.lists import count, latest_as_of, names, sheet_tasks, task, tasks, views, words_of
from shuke.touches.queries.loops import block_rows, contact_rows, reached_by_proposal
from shuke.touches.queries.progress import by_associate, by_store, open_load

__all__ = [
    "block_rows",
    "by_associate",
    "by_store",
    "contact_rows",
    "count",
    "latest_as_of",
    "names",
    "open_and_doubles",
    "open_customers",
    "open_load",
    "reached_by_proposal",
    "sheet_tasks",
    "task",
    "tasks",
    "views",
    "words_of",
]
