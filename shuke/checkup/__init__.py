"""体检: what is wrong with the data, each problem with the money that it touches.

Takes orders, lines, identity and the importer's own account of dropped rows, before the day it stands on. Gives
findings ranked by money, the rows behind each, cause and repair in both languages, and the share of sales with a
person behind it. Guarantees that every number in a sentence is computed from those rows. A new rule is one file
tables/finding_<code>.sql and one entry in a file of definitions/findings/.
"""
