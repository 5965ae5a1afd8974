"""Who asks: a signed-in person, or a program with a key."""

from shuke.api.access.keys import asker

__all__ = ["asker"]
