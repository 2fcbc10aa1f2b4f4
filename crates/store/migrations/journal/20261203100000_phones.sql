-- Who has a phone: asked before a customer is registered.
CREATE INDEX profile_by_phone ON profile (phone_key) WHERE erased = 0 AND phone_key <> '';
