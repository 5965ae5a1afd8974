"""接入: raw files in, typed staged rows out.

Takes channel exports and generic files; gives the `staged_*` tables and `import_rows`. Guarantees that every
row read ends staged, duplicate or quarantined with a reason, and that the same file twice changes nothing.
"""
