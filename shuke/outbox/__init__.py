"""发件箱: facts written in the same commit as their cause, and what carries them on: the lake, webhooks, real time.

Takes rows of `outbox_fact` from any later room's transaction; gives them back in dense positions that a relay deals
out to committed rows only. Guarantees that a consumer who reads by position misses no fact and sees none twice, in
whatever order the transactions committed; that a message has one id for ever; that no webhook reaches a private
address.
"""
