"""Who asks: a signed-in person, or a program with a key."""

from shuke.api.access.keys import TooManyRequests, asker, bearer, ring

__all__ = ["TooManyRequests", "asker", "bearer", "ring"]
