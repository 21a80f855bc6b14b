-- What goes with the reason of a message: of a climb the lines that are silent, of a correction the place.
ALTER TABLE notifications ADD COLUMN remark TEXT NOT NULL DEFAULT '';
