"""预测: what a customer's own history says: purchase clock, RFM, and how likely people come back by themselves.

Takes counted orders and lines before the as-of day; gives one row of features a customer, the gaps behind the
purchase clock, the shop's typical rhythm and its return curve. Guarantees that nothing on or after the as-of day
is read.
"""
