"""成效: what plays really changed: contacted minus held out, with an interval, also where the answer is "cannot tell".

Takes the people of approved proposals with the arm that was drawn, and counted orders before the as-of day; gives one
result a play and week: buyers and sales of both arms, the difference with its 95 % interval, and what it would take to
know more. Guarantees that everybody drawn counts in the arm of the draw, contacted in the end or not.
"""
