-- marts.sites: one row per site that was described or that an order line, a purchase order line, a
-- stock row, a build, the demand feed or an allocation names.
-- Nobody's description is needed to count: a site without one has region 'unknown' and UTC days.
-- A site follows the calendar of its own name, else its region's (delivered, or the public holidays
-- of a region that is a country: data/calendars.py), else 'default'; calendar_source says which.
CREATE OR REPLACE TABLE marts.sites AS
WITH named AS (
    SELECT site_id FROM staging.sites
    UNION
    SELECT site_id FROM staging.order_lines
    UNION
    SELECT site_id FROM staging.stock
    UNION
    SELECT site_id FROM staging.purchase_order_lines
    UNION
    SELECT site_id FROM staging.builds
    UNION
    SELECT site_id FROM staging.demand
    UNION
    SELECT site_id FROM staging.allocations
), calendars AS (
    SELECT calendar_id, FALSE AS is_derived FROM staging.calendar
    UNION
    SELECT calendar_id, TRUE FROM staging.public_holidays
)
SELECT
    named.site_id,
    coalesce(site.site_name, named.site_id) AS site_name,
    coalesce(site.site_type, 'unknown') AS site_type,
    coalesce(site.region, 'unknown') AS region,
    coalesce(zone.timezone, 'UTC') AS timezone,
    site.parent_site_id,
    site.days_from_parent,
    site.business_unit,
    coalesce(site.in_contract, TRUE) AS in_contract,
    coalesce(own.calendar_id, regional.calendar_id, 'default') AS calendar_id,
    CASE
        WHEN own.calendar_id IS NOT NULL THEN 'its own calendar'
        WHEN regional.is_derived THEN 'public holidays of ' || site.region
        WHEN regional.calendar_id IS NOT NULL THEN 'calendar of its region'
        WHEN general.calendar_id IS NOT NULL THEN 'calendar of all sites'
        ELSE 'Monday to Friday, no holidays'
    END AS calendar_source,
    site.site_id IS NOT NULL AS is_known,
    site.timezone AS stated_timezone
FROM named
LEFT JOIN staging.sites AS site ON site.site_id = named.site_id
LEFT JOIN staging.timezones AS zone ON zone.timezone = site.timezone
LEFT JOIN calendars AS own ON own.calendar_id = named.site_id AND NOT own.is_derived
LEFT JOIN calendars AS regional ON regional.calendar_id = site.region
LEFT JOIN calendars AS general ON general.calendar_id = 'default';
