-- What suppliers made of stated lead times: counts that lead times are learned from.
SELECT supplier_id, site_id, horizon, slip_days, is_open, weight, n
FROM marts.lead_time_slips;
