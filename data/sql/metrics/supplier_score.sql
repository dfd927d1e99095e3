-- metric:  supplier_score
-- label:   Supplier score
-- unit:    points of 100
-- better:  higher
-- version: 2
-- kind:    ratio
-- grains:  month x supplier
-- by:      supplier_id, part
-- Score of a supplier on the as-of date: the weighted mean of its parts (marts.supplier_scores),
-- each linear between a floor (0) and a target (100). Lines of the last two years, one of half a
-- year ago counting half. A part with fewer than 10 lines has no score and no weight: no data is
-- never 100. Over several suppliers, weighted by lines. Own warehouses have
-- none.
CREATE OR REPLACE VIEW metrics.supplier_score AS
SELECT
    score.supplier_id,
    build.as_of_date AS metric_date,
    score.part,
    CAST(score.points * score.weight * score.n_supplier_lines AS DECIMAL(18, 4)) AS numerator,
    CAST(score.weight * score.n_supplier_lines AS DECIMAL(18, 4)) AS denominator,
    score.n AS n,
    FALSE AS is_pending
FROM marts.supplier_scores AS score
CROSS JOIN marts.build AS build
WHERE score.points IS NOT NULL;
