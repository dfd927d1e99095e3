-- The metrics as this build defined them, in reading order.
SELECT metric.label, metric.metric, metric.version, metric.better, metric.kind, metric.unit,
    metric.description, array_to_string(metric.dimensions, ', ') AS dimensions, metric.sql
FROM health.metrics AS metric
ORDER BY metric.position;
