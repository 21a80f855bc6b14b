-- What new judgements have emptied was turned down by nobody: it has a status of its own.
UPDATE incidents SET status = 'ditarik', closing_note = NULL WHERE status = 'ditolak'
AND id IN (SELECT incident FROM history WHERE kind = 'withdrawn')
AND id NOT IN (SELECT incident FROM history WHERE kind = 'rejected');
