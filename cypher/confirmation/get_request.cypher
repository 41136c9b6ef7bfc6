// The form that somebody sent and is asked to confirm: its event, e-mail address and campaign, whether that is over, and
// how many forms of this address came within the day before it.
// $id: STRING, of the event
// $type: STRING, of the event
// $copy: STRING, key of the artifact that holds the words of the mail
// returns: id, email, traits (JSON), target_id, name (of the campaign), copy (JSON), recent, received_at, is_over
MATCH (e:Event {id: $id, type: $type})-[:CARRIES]->(i:Identifier {kind: 'email'})
WITH e, i ORDER BY i.key LIMIT 1
OPTIONAL MATCH (c:Campaign {id: e.target_id})
OPTIONAL MATCH (c)-[:OFFERS]->(a:Artifact {key: $copy})
RETURN e.id AS id, i.value AS email, e.traits AS traits, e.target_id AS target_id, c.name AS name, a.content AS copy,
       COUNT {
         MATCH (i)<-[:CARRIES]-(o:Event {type: $type})
         WHERE o.received_at <= e.received_at AND o.received_at > e.received_at - duration({days: 1})
       } AS recent, e.received_at AS received_at,
       coalesce(c.status = 'ended' OR c.ends_at <= datetime(), false) AS is_over
