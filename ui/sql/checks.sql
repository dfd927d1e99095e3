-- Every check of the build, the failed ones first.
SELECT checked.check_name, checked.rule, checked.n_rows, checked.is_passed
FROM health.checks AS checked
ORDER BY checked.is_passed, checked.check_name;
