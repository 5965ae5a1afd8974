"""A synthetic omni-channel retailer whose truth is known.

Takes a folder, a size and a seed; gives raw exports exactly as a till, online shops, a delivery platform, WeCom and a
member system write them, and beside them, in another folder, the truth: who is who, how each person buys, and every
data problem that was planted. Guarantees equal bytes for equal arguments, memory bounded by one quarter of a year of
order lines, and that it knows nothing of the engine: they share no constant.
"""
