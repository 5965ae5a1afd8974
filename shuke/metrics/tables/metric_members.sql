-- table: metric_members
-- takes: customer_profiles
-- gives: one row where the shop has members at all; without a member file their metrics are off, not zero
-- grain: one row
-- scope: none
select count(*) as members
from customer_profiles
where is_member and not coalesce(is_staff, false)
having count(*) > 0
