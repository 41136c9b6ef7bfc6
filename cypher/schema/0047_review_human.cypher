// Second looks by who took them.
CREATE INDEX review_human IF NOT EXISTS FOR (r:Review) ON (r.human)
