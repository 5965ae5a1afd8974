"""人群: the lifecycle stage of every customer and the ready segments that are tasks.

Takes features and clocks; gives one stage a customer, and members with the day since when and the reason why.
Guarantees that stages follow the customer's own purchase clock and that each member's reason can be read back.
"""
