// Where a campaign stands.
CREATE INDEX delivery_campaign IF NOT EXISTS FOR (d:Delivery) ON (d.campaign_id)
