-- Every part of one build: where it stands and what should cover it.
SELECT
    part.build_id, part.product, part.item_id, item.description, part.need_by_date, part.met_date,
    part.covered_date, part.is_missing, part.is_judged, part.source, part.po_line_id,
    part.supplier_id, part.site_id, CAST(part.qty_required AS DOUBLE) AS qty_required,
    CASE
        WHEN part.met_date <= part.need_by_date THEN 'there in time'
        WHEN part.met_date IS NOT NULL THEN 'there late'
        WHEN NOT part.is_missing THEN 'in the house'
        WHEN part.source IS NOT NULL THEN 'on order'
        ELSE 'not on order'
    END AS state,
    part._file, part._line
FROM marts.build_requirements AS part
JOIN marts.items AS item ON item.item_id = part.item_id
WHERE part.build_id = $build
ORDER BY part.is_missing DESC, coalesce(part.met_date, part.covered_date) DESC NULLS FIRST
