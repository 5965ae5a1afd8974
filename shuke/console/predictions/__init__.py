"""Pages of predictions: model cards with the scoreboard, and what a customer's page tells of them."""
