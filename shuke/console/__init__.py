"""控制台: HTML pages, in folders named as the rooms they show.

Takes a signed-in user's request, gives one page. Guarantees that each address states the permission it needs
(`frame.page`), that a page reads through the rooms' queries only, and that texts are in the reader's language.
"""
