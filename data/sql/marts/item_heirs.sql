-- marts.item_heirs: one row per item -> the item that its demand goes to now: the one that
-- supersedes it, followed three times; an item that leads back to itself keeps its demand.
CREATE OR REPLACE TABLE marts.item_heirs AS
WITH followed AS (
    SELECT
        item.item_id,
        item.superseded_by AS first_id, second.superseded_by AS second_id,
        third.superseded_by AS third_id
    FROM marts.items AS item
    LEFT JOIN marts.items AS second ON second.item_id = item.superseded_by
    LEFT JOIN marts.items AS third ON third.item_id = second.superseded_by
)
SELECT
    item_id,
    CASE
        WHEN item_id IN (first_id, second_id, third_id) THEN item_id
        ELSE coalesce(third_id, second_id, first_id, item_id)
    END AS heir_item_id
FROM followed;
