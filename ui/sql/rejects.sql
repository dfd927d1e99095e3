-- Rejected rows, faults first: at most 1,000 of each load.
SELECT
    rejected._file, rejected._line, rejected.feed, rejected.kind, rejected.column_name,
    rejected.value, rejected.reason, rejected.raw
FROM health.rejects AS rejected
ORDER BY rejected.kind = 'fault' DESC, rejected._file, rejected._line;
