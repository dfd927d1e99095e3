-- marts.excess_stock: one row per item of which the last run found more than the probable demand of
-- a year over all sites (95 % of cases), on hand and on order.
--   is_obsolete: nobody has asked for a year, and less than one is expected in the next.
CREATE OR REPLACE TABLE marts.excess_stock AS
SELECT excess.*, item.description, item.item_family, item.business_unit, item.unit_cost
FROM lake.excess_stock AS excess
JOIN marts.items AS item ON item.item_id = excess.item_id
ORDER BY excess.excess_value DESC, excess.item_id;
