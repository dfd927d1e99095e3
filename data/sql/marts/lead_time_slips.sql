-- marts.lead_time_slips: counts of how long purchase lines took by the as-of date against the lead
-- time that the item states, in the form of marts.promise_slips: a stated lead time is a promise
-- made with the order, and forecasting/promises/credibility learns from both alike.
--   slip_days: days to the receipt that brought the line to 95 %, less the stated lead time; of an
--              open line the days waited; beyond -120 and 240 counted as these. An item that states
--              none is taken to state 0 days, under the horizon 'unknown'.
--   horizon:   class of the stated lead time.
--   weight:    lines fade, one that ended a year ago counts half.
CREATE OR REPLACE TABLE marts.lead_time_slips AS
WITH seen AS (
    SELECT
        line.supplier_id, line.site_id, line.stated_lead_time_days AS stated_days,
        line.lead_time_days IS NULL AS is_open,
        date_diff('day', line.order_date, build.as_of_date) AS age_days,
        coalesce(line.lead_time_days, date_diff('day', line.order_date, build.as_of_date))
            AS took_days
    FROM marts.purchase_order_lines AS line
    CROSS JOIN marts.build AS build
    WHERE line.is_counted AND line.order_date IS NOT NULL
        AND (line.lead_time_days >= 0 OR (line.lead_time_days IS NULL AND line.qty_open > 0))
), classed AS (
    SELECT
        supplier_id, site_id, is_open,
        CASE
            WHEN stated_days <= 7 THEN '0-7'
            WHEN stated_days <= 30 THEN '8-30'
            WHEN stated_days <= 60 THEN '31-60'
            WHEN stated_days <= 90 THEN '61-90'
            WHEN stated_days <= 180 THEN '91-180'
            WHEN stated_days > 180 THEN '181+'
            ELSE 'unknown'
        END AS horizon,
        CAST(least(greatest(took_days - coalesce(stated_days, 0), -120), 240) AS INTEGER)
            AS slip_days,
        power(0.5, greatest(age_days - took_days, 0) / 365.0) AS weight
    FROM seen
    WHERE NOT is_open OR took_days - coalesce(stated_days, 0) > -120
)
SELECT supplier_id, site_id, horizon, slip_days, is_open, sum(weight) AS weight, count(*) AS n
FROM classed
GROUP BY supplier_id, site_id, horizon, slip_days, is_open;
