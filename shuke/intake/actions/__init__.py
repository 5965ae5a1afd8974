"""Writes of intake: staging a part, its quarantine file, its batch row."""
