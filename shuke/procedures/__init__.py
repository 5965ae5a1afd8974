"""作业: one readable file a job that crosses rooms; `week` is the table of contents of the product."""
