-- staging.sites: the latest accepted row of each site.
CREATE OR REPLACE TABLE staging.sites AS
SELECT
    site_id, site_name, site_type, region, timezone, parent_site_id, days_from_parent,
    business_unit, in_contract, _file, _line, _load_id
FROM lake.sites
QUALIFY row_number() OVER (PARTITION BY site_id ORDER BY _seq DESC, _line DESC) = 1;
