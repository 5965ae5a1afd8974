-- table: product_kinds
-- gives: one row a sku (or product name where a file has no sku) and what kind of line it makes
-- filled by: activity.actions.build from definitions/line_kinds.yaml and products
-- grain: product_key
-- scope: none
create table product_kinds (
  product_key varchar not null,          -- coalesce(sku, product)
  line_kind varchar not null             -- goods | freight | fee | discount | gift_card | adjustment | sample
);
