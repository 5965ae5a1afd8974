"""Small pictures drawn on the server as inline SVG: intervals, bars, the ring, the purchase clock, a line by month.

Each function takes plain numbers and gives the geometry; a template of the same name (`frame/draw/`) draws it, by
`{% draw picture %}`. Colours are classes of the style sheet, so dark mode and print work. Every picture carries its
meaning as text (`label`) for those who cannot see it.
"""

from shuke.console.frame.drawings.bars import Bar, Interval, Marks, axis_marks, bar, interval, progress, split_bar
from shuke.console.frame.drawings.clocks import Clock, ClockWords, clock
from shuke.console.frame.drawings.codes import Qr, qr
from shuke.console.frame.drawings.lines import Line, Point, share_line
from shuke.console.frame.drawings.rings import Arc, Ring, ring
from shuke.console.frame.drawings.scales import Mark, Scale, shared_scale, ticks
from shuke.console.frame.drawings.sparks import Spark, spark
from shuke.console.frame.drawings.swings import Swing, swing

__all__ = [
    "Arc",
    "Bar",
    "Clock",
    "ClockWords",
    "Interval",
    "Line",
    "Mark",
    "Marks",
    "Point",
    "Qr",
    "Ring",
    "Scale",
    "Spark",
    "Swing",
    "axis_marks",
    "bar",
    "clock",
    "interval",
    "progress",
    "qr",
    "ring",
    "share_line",
    "shared_scale",
    "spark",
    "split_bar",
    "swing",
    "ticks",
]
