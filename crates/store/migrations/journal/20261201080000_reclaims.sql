-- Customers of whom an incarnation was given up.
CREATE INDEX fact_of_reclaim ON fact (customer_id) WHERE type = 'Reclaimed';
