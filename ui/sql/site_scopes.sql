-- Each site with the business unit that runs it and whether it counts towards the contract.
SELECT
    site.site_id, site.business_unit,
    CASE WHEN site.in_contract THEN 'In contract' ELSE 'Out of contract' END AS contract
FROM marts.sites AS site
ORDER BY site.site_id;
