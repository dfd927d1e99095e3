-- check: every part of a known build is in the marts once
WITH known AS (
    SELECT count(*) AS n_rows
    FROM staging.build_requirements AS part
    JOIN staging.builds AS assembly ON assembly.build_id = part.build_id
), kept AS (
    SELECT count(*) AS n_rows FROM marts.build_requirements
)
SELECT known.n_rows AS n_known, kept.n_rows AS n_kept
FROM known
CROSS JOIN kept
WHERE known.n_rows <> kept.n_rows;
