"""顾客: search, lists by stage, one page a customer."""
