"""Master data: stores, associates and products under one name each.

Takes staged sales, persons and costs; gives the tables stores, store_names, associates and products. Guarantees that
every name written in a file leads to at most one store, and that a rebuild from the same rows gives the same tables.
"""
