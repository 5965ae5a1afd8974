"""指标: one written definition a metric, computed for each store, channel, associate and period.

Takes orders, customer profiles and interactions before the as-of day; gives metric_cells, and for every cell the rows
that it counts. Guarantees that a number is computed in one place (`rules.value_of` over one cell), so that pages,
command line, export and API cannot differ, and that the rows behind a number add up to it.
"""
