"""触达: the tasks of associates: sent once, done by somebody, answered, and never for people held out.

Takes the treated people of approved proposals; gives tasks with a code that survives sorting, cutting and reading
twice, task sheets, and outcomes read back. Guarantees one task a proposal and customer, and that a refusal or complaint
closes the person's open tasks at once.
"""
