-- A message that is sent is written three more times. With room for that on its own page the second of these changes no index,
-- and what it was before makes way for what it becomes. For pages that are filled from now on.
ALTER TABLE messages SET (fillfactor = 50);
