"""操作日志: who did what when and why, append-only; every look at a masked field.

Takes an actor, a verb and an object; gives entries back newest first. Guarantees by database triggers that an
entry is never changed or deleted, and holds opaque ids only, never a personal value.
"""
