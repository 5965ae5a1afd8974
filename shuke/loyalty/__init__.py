"""忠诚度: one points account and one set of benefits over every channel, exact under refunds, holds, merges and time.

Takes purchases, burns and refunds with their instants; gives balances with the entries that explain them.
Guarantees whole points, a balance that never depends on whether a job has run, and that at every moment
issued - clawed back - burned + returned = available + pending + held + expired - owed.
"""
