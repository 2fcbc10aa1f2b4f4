-- Lists the erased customers, without reading all profiles.
CREATE INDEX profile_erased ON profile (customer_id) WHERE erased = 1;
