// Keeps what a bulk act was asked to do.
// $batch: MAP {id, verdict, reason, filter, snapshot, shown, actor, actor_name, at}
CREATE (b:Batch)
SET b = $batch
