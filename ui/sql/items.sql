-- What the named items are: one row per item.
SELECT item.item_id, item.description, item.item_family
FROM marts.items AS item
WHERE list_contains(CAST($item_ids AS VARCHAR[]), item.item_id);
