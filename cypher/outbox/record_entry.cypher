// Notes a change for the projections, in the transaction of the change itself.
// $id: STRING
// $aggregate: STRING
// $key: STRING
// $version: INTEGER
// $trace: STRING or null, where the change belongs in a trace
CREATE (:Outbox {id: $id, aggregate: $aggregate, key: $key, version: $version, at: datetime(), attempts: 0,
                 next_at: datetime(), status: 'waiting', trace: $trace})
