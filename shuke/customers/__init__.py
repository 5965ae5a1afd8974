"""Customers: identifiers, matches, customers with stable ids, profiles and consents.

Takes staged persons, sales and consents and the store names; gives identity (who each source record is), profiles,
consents and a look-up by any identifier. Guarantees that the same records give the same customers and ids whatever
their order, that an id is never reused, and that every id ever given out leads to a living customer.
"""
