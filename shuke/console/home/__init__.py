"""本周: the first page of a week."""
