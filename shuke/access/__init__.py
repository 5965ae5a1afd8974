"""权限: users, their role and the stores they may see.

Takes sign-ins and gives each request an `Actor`. Guarantees that nobody has a default password and that what a
role may do is decided in one place, `rules.may`.
"""
