"""打法: the library of plays, their scripts and offers, and the brand policy that binds them.

Takes YAML files that people edit; gives checked values and the table of plays by channel that the gate reads.
Guarantees that a script uses known variables only and no banned word, and that a violation cites its clause or line.
"""
