"""建议: this week's plays with their people, evidence, expected gain and holdout, and the review of them.

Takes the gate's answers, features and the shop's return curve; gives one proposal a play with every person's arm.
Guarantees that the draw is a stored fact that can be computed again, that a decided proposal is never drawn anew,
that nobody is in two proposals of a week, and that each number in a sentence is a computed value.
"""
