-- Each site with its time zone and the calendar it follows; weekdays free in the as-of date's year.
WITH free AS (
    SELECT day.calendar_id, count(*) AS n_free
    FROM marts.working_days AS day
    CROSS JOIN marts.build AS build
    WHERE date_trunc('year', day.day) = date_trunc('year', build.as_of_date)
        AND NOT day.is_working
        AND date_diff('day', date_trunc('week', day.day), day.day) < 5
    GROUP BY day.calendar_id
)
SELECT
    site.site_id, site.site_name, site.site_type, site.region, site.business_unit,
    coalesce(site.timezone, 'UTC') AS timezone, site.calendar_source,
    coalesce(free.n_free, 0) AS n_free, site.in_contract
FROM marts.sites AS site
LEFT JOIN free ON free.calendar_id = site.calendar_id
ORDER BY site.site_id;
