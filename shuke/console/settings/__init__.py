"""设置: stores, the brand policy, plays and their words, what metrics are shown; people and the journal beside them."""
