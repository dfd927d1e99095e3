-- What a planner should know about the plan: parts left out, and wishes that could not be had.
SELECT item_id, site_id, note
FROM marts.plan_notes
ORDER BY item_id NULLS FIRST, site_id;
