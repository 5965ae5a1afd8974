"""Definitions of this room, and the Chinese calendar."""

from shuke.reference.adapters.definitions import goods_parameters, store_words
from shuke.reference.adapters.lunar import (
    LunarDay,
    OutsideCalendar,
    lunar_day,
    same_lunar_day_last_year,
    same_lunar_week_last_year,
    solar_day,
)

__all__ = [
    "LunarDay",
    "OutsideCalendar",
    "goods_parameters",
    "lunar_day",
    "same_lunar_day_last_year",
    "same_lunar_week_last_year",
    "solar_day",
    "store_words",
]
