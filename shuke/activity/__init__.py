"""行为: what each customer did, over all channels: orders, lines, returns, interactions, coupons.

Takes staged rows, the identity of each record and the shop's stores and products. Gives facts by customer. Guarantees
one money base: which rows are current, what an order is worth, which copy of it counts; later rooms only aggregate it.
"""
