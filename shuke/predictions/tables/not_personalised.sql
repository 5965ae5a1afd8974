-- table: not_personalised
-- takes: customer_consents
-- gives: customers who asked for no personalisation: no score of theirs is computed or used
-- grain: customer_id
-- scope: customer
-- sort: customer_id
-- note: a refusal counts whenever it was given, also after the as-of day: it is never too early to respect one.
select distinct customer_id
from customer_consents
where purpose = 'personalisation' and state in ('refused', 'withdrawn')
