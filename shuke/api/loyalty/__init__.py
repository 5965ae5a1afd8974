"""`/api/v1/loyalty`: what tills, shops and mini-programs ask of points, tiers, benefits and coupons."""
