-- marts.policies: one row per item and site that the last run planned: when and up to what to order,
-- what sets the level, what it promises, and where the part stood then (see data/planned.py).
CREATE OR REPLACE TABLE marts.policies AS
SELECT
    policy.*, item.description, item.item_family, item.business_unit, item.unit_cost,
    coalesce(item.unit_price, item.unit_cost) AS unit_price, site.region
FROM lake.policies AS policy
JOIN marts.items AS item ON item.item_id = policy.item_id
JOIN marts.sites AS site ON site.site_id = policy.site_id
ORDER BY policy.site_id, policy.item_id;
