-- Errors made after the allocation, by kind and by who had shared the season out.
SELECT
    kind, is_tool, in_contract, count(*) AS n_lines,
    CAST(sum(qty_wrong) AS DOUBLE) AS qty_wrong
FROM marts.execution_errors
WHERE $unit IS NULL OR business_unit = $unit
GROUP BY kind, is_tool, in_contract
ORDER BY kind, is_tool;
