-- marts.plan_notes: one row per thing that a planner should know about the plan: parts left out with
-- the reason, and, without an item, what of the client's wish could not be had.
CREATE OR REPLACE TABLE marts.plan_notes AS
SELECT note.item_id, note.site_id, note.note
FROM lake.plan_notes AS note
ORDER BY note.item_id NULLS FIRST, note.site_id;
