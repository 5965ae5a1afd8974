"""接口: typed REST under /api/v1, one router a room.

Takes requests of signed-in people and of programs with a key; gives what the rooms' queries give. Guarantees that a
number here is the number of pages, command line and export, for all call the same queries.
"""
