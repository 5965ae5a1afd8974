"""准入: may this customer be in this play, through which channel, and if not, which clause of the policy says so.

Takes segment members, the plays by channel, consents, earlier contacts and complaints; gives one answer with its reason
a play and customer. Guarantees that a customer is in one play at most, that unknown consent is a reason of its own,
and that the SQL and the rule for one customer give the same answer.
"""
