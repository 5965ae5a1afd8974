"""A synthetic omni-channel retailer whose truth is known.

Takes a folder, a size and a seed; gives raw exports exactly as a till, online shops, a delivery platform, WeCom and a
member system write them, and beside them, in another folder, the truth: who is who, how each person buys, and every
data problem that was planted. Equal seeds give equal bytes. It knows nothing of the engine and shares no constant with it.
"""
