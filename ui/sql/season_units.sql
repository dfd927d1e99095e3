-- Business units that seasons were bought for, and whether their stores are in the contract.
SELECT business_unit, bool_or(in_contract AND qty_allocated IS NOT NULL) AS in_contract, bool_or(is_judged) AS is_judged,
    bool_or(qty_shadow IS NOT NULL) AS has_shadow
FROM marts.season_lines
GROUP BY business_unit
ORDER BY business_unit;
