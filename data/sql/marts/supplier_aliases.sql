-- marts.supplier_aliases: one row per id that a supplier ever went by -> the id it goes by now.
-- Renamings are followed three times; an id that leads back to itself keeps its name.
CREATE OR REPLACE TABLE marts.supplier_aliases AS
WITH named AS (
    SELECT supplier_id FROM staging.suppliers
    UNION
    SELECT supplier_id FROM staging.purchase_order_lines
    UNION
    SELECT superseded_by FROM staging.suppliers WHERE superseded_by IS NOT NULL
), followed AS (
    SELECT
        named.supplier_id AS stated_supplier_id,
        first.superseded_by AS first_id, second.superseded_by AS second_id,
        third.superseded_by AS third_id
    FROM named
    LEFT JOIN staging.suppliers AS first ON first.supplier_id = named.supplier_id
    LEFT JOIN staging.suppliers AS second ON second.supplier_id = first.superseded_by
    LEFT JOIN staging.suppliers AS third ON third.supplier_id = second.superseded_by
)
SELECT
    stated_supplier_id,
    CASE
        WHEN stated_supplier_id IN (first_id, second_id, third_id) THEN stated_supplier_id
        ELSE coalesce(third_id, second_id, first_id, stated_supplier_id)
    END AS supplier_id
FROM followed;
