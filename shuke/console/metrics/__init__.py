"""指标: cards, one metric with its definition, chart, parts and rows, and the page for the weekly meeting."""
