"""Words that all rooms share: ids, money, clock, periods, errors, the actor and the workspace.

Takes nothing, imports nothing of Shuke, and guarantees that its values are frozen.
"""
