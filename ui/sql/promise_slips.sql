-- What became of suppliers' promises: counts that credibility is learned from.
SELECT basis, supplier_id, site_id, horizon, slip_days, is_open, weight, n
FROM marts.promise_slips;
