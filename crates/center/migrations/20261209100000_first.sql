-- Everything here is derived from the facilities' logs and can be built again from them. Keys begin with the facility. Times
-- are milliseconds since 1970-01-01T00:00Z, hashes the 32 bytes of BLAKE3.

-- How far each partition of the logs was read. A row is the fence of its partition: a batch moves it first.
CREATE TABLE position (
    -- Names the place in the sums. 0 is no partition: it has what folding again changed.
    place_id integer  GENERATED ALWAYS AS IDENTITY UNIQUE,
    topic    text     NOT NULL,
    number   integer  NOT NULL,
    -- The next offset to read.
    next     bigint   NOT NULL DEFAULT 0,
    -- The hash of the last message's value; a log with another message there is a new one.
    last     bytea,
    -- Raised by each instance that takes over.
    epoch    bigint   NOT NULL DEFAULT 0,
    owner    text     NOT NULL DEFAULT '',
    moved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, number)
);

-- Facts as they were recorded. Rows are added, never deleted.
CREATE TABLE fact (
    facility_id    uuid   NOT NULL,
    customer_id    uuid   NOT NULL,
    event_id       uuid   NOT NULL,
    hash           bytea  NOT NULL,
    prev_hash      bytea  NOT NULL,
    -- What it is about; NULL also while the type isn't known.
    subject        uuid,
    -- The visit of an earning.
    related        uuid,
    received_at_ms bigint NOT NULL,
    bytes          bytea  NOT NULL,
    PRIMARY KEY (facility_id, customer_id, event_id, hash)
) PARTITION BY HASH (facility_id, customer_id);
CREATE INDEX fact_by_subject ON fact (facility_id, customer_id, subject) WHERE subject IS NOT NULL;
CREATE INDEX fact_by_related ON fact (facility_id, customer_id, related) WHERE related IS NOT NULL;

-- A customer's state, folded from all the customer's facts above. Whoever writes anything of a customer has locked this row.
CREATE TABLE snapshot (
    facility_id uuid    NOT NULL,
    customer_id uuid    NOT NULL,
    -- JSON of the domain; NULL before the first fact.
    visits      bytea,
    account     bytea,
    facts       bigint  NOT NULL DEFAULT 0,
    -- Whether two facts have one event id: then only folding all facts gives the state.
    collided    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (facility_id, customer_id)
) PARTITION BY HASH (facility_id, customer_id);

DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format('CREATE TABLE fact_%s PARTITION OF fact FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, part);
        -- Room in each page, so that a new version of a row changes no index.
        EXECUTE format('CREATE TABLE snapshot_%s PARTITION OF snapshot FOR VALUES WITH (MODULUS 16, REMAINDER %s) '
                       'WITH (fillfactor = 60)', part, part);
    END LOOP;
END
$$;

-- The first fact with each seq of an incarnation. Another fact with that seq is a fork.
CREATE TABLE seat (
    facility_id uuid   NOT NULL,
    incarnation uuid   NOT NULL,
    seq         bigint NOT NULL,
    hash        bytea  NOT NULL,
    customer_id uuid   NOT NULL,
    PRIMARY KEY (facility_id, incarnation, seq)
);

-- Incarnations that have forked.
CREATE TABLE fork (
    facility_id uuid    NOT NULL,
    incarnation uuid    NOT NULL,
    -- Whether the customers of its facts were put into `again`.
    listed      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (facility_id, incarnation)
);

-- Customers to be folded again from all their facts.
CREATE TABLE again (
    facility_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    PRIMARY KEY (facility_id, customer_id)
);

-- Facts of which this program doesn't know the type.
CREATE TABLE waiting (
    facility_id uuid    NOT NULL,
    customer_id uuid    NOT NULL,
    event_id    uuid    NOT NULL,
    hash        bytea   NOT NULL,
    type        text    NOT NULL,
    version     integer NOT NULL,
    PRIMARY KEY (facility_id, customer_id, event_id, hash)
);

-- Links of two ids of a person, as recorded under either id, and their partings.
CREATE TABLE link (
    facility_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    link_id     uuid NOT NULL,
    -- The nil id for a parting.
    other_id    uuid NOT NULL,
    PRIMARY KEY (facility_id, customer_id, link_id, other_id)
);
CREATE INDEX link_by_other ON link (facility_id, other_id);
CREATE INDEX link_by_id ON link (facility_id, link_id);

-- The lines of Mypage, as in a terminal's read model. The lines of a subject are always replaced together.
CREATE TABLE entry (
    facility_id    uuid     NOT NULL,
    entry_id       uuid     NOT NULL,
    customer_id    uuid     NOT NULL,
    subject        uuid     NOT NULL,
    kind           smallint NOT NULL,
    history        smallint NOT NULL,
    other_id       uuid,
    at_ms          bigint   NOT NULL,
    started_at_ms  bigint,
    ended_at_ms    bigint,
    area_id        uuid,
    status         text     NOT NULL,
    points         bigint   NOT NULL,
    penalty_points bigint   NOT NULL,
    code           text,
    ground         text,
    note_id        uuid,
    incarnation    uuid     NOT NULL,
    staff_id       uuid     NOT NULL,
    accrued_after  bigint,
    entered_at_ms  bigint,
    decided        text
);
CREATE INDEX entry_by_subject ON entry (facility_id, customer_id, subject);
CREATE INDEX entry_by_customer ON entry (facility_id, customer_id, at_ms, entry_id)
    INCLUDE (points, penalty_points, kind, status);

-- Sums of the lines by day, as in a terminal's read model, and by the place whose batch changed them. A row may be negative.
CREATE TABLE day_sum (
    facility_id        uuid     NOT NULL,
    place_id           integer  NOT NULL,
    day                integer  NOT NULL,
    kind               smallint NOT NULL,
    voided             boolean  NOT NULL,
    area_id            uuid     NOT NULL,
    code               text     NOT NULL,
    ground             text     NOT NULL,
    decided            text     NOT NULL,
    incarnation        uuid     NOT NULL,
    lines              bigint   NOT NULL,
    with_points        bigint   NOT NULL,
    entered_afterwards bigint   NOT NULL,
    points             numeric  NOT NULL,
    penalty_points     numeric  NOT NULL,
    PRIMARY KEY (facility_id, day, kind, voided, area_id, code, ground, decided, incarnation, place_id)
);

CREATE TABLE hour_presence (
    facility_id uuid     NOT NULL,
    place_id    integer  NOT NULL,
    day         integer  NOT NULL,
    area_id     uuid     NOT NULL,
    hour        smallint NOT NULL,
    inside_ms   bigint   NOT NULL,
    PRIMARY KEY (facility_id, day, area_id, hour, place_id)
);

-- Number and digest of the facts that came from a place.
CREATE TABLE tally (
    facility_id uuid    NOT NULL,
    place_id    integer NOT NULL,
    facts       bigint  NOT NULL,
    -- The sum of the facts' hashes modulo 2^256.
    digest      bytea   NOT NULL,
    PRIMARY KEY (facility_id, place_id)
);
