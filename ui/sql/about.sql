-- The build itself: one row.
SELECT build.as_of_date FROM marts.build AS build;
