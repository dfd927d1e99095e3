-- Accepted rows that a later file stands for, with that file and line: at most 1,000 of a feed.
SELECT lost.feed, lost.key, lost.file, lost.line, lost.by_file, lost.by_line
FROM health.superseded AS lost
ORDER BY lost.feed, lost.file, lost.line;
