"""The only door to an engine: SQL models, the catalog of generations, atomic writes.

Takes SQL files of all rooms and rows computed in Python; gives Parquet tables named by generation, read through
a `Reader` that applies the actor's store scope and masks. Guarantees that readers never see half a run.
"""
