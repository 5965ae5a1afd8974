"""Doors to the outside: the files of the programme."""

from shuke.loyalty.adapters.pages import BadProgramme
from shuke.loyalty.adapters.programme import programme

__all__ = ["BadProgramme", "programme"]
