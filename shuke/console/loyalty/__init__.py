"""会员: points, tiers, benefits, coupons, one member's account, finance, and the member's own card."""
