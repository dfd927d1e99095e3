-- Sites with regular demand for some items, and what is known of each.
SELECT
    site.site_id, site.site_name, site.region, site.business_unit, site.in_contract,
    CAST(sum(demand.qty) AS DOUBLE) AS qty
FROM marts.daily_demand AS demand
JOIN marts.sites AS site ON site.site_id = demand.site_id
WHERE demand.is_counted AND list_contains($item_ids, demand.item_id)
GROUP BY
    site.site_id, site.site_name, site.region, site.business_unit, site.in_contract
ORDER BY site.site_id;
