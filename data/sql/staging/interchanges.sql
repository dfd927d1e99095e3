-- staging.interchanges: the latest accepted row of each item, substitute and first day of validity.
CREATE OR REPLACE TABLE staging.interchanges AS
SELECT
    item_id, substitute_item_id, valid_from, valid_to,
    _file, _line, _load_id
FROM lake.interchanges
QUALIFY row_number() OVER (
    PARTITION BY item_id, substitute_item_id, valid_from ORDER BY _seq DESC, _line DESC
) = 1;
