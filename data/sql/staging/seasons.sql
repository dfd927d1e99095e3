-- staging.seasons: the latest accepted row of each season and item.
CREATE OR REPLACE TABLE staging.seasons AS
SELECT
    season_id, item_id, start_date, end_date, qty_total, qty_held_back, pack_size, unit_markdown,
    recorded_at, _file, _line, _load_id
FROM lake.seasons
QUALIFY row_number() OVER (PARTITION BY season_id, item_id ORDER BY _seq DESC, _line DESC) = 1;
