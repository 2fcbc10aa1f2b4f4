// Rules that must hold in every data folder. Each is an SQL query that selects the violations. `by` names the worker
// whose projection the rule compares with the facts.

const payload = (path) => `json_extract(body, '$.payload.${path}')`;
const id = (path) => `lower(replace(json_extract(body, '$.${path}'), '-', ''))`;

/**
 * SQL for temporary tables that the rules use: the facts decoded from their bytes, the check-outs, the points taken back
 * with them, the points that each fact moves, and the outstanding penalty points.
 */
export const TABLES = `
CREATE TEMP TABLE decoded AS
  SELECT change_seq, hash, prev_hash, seq AS row_seq, type AS row_type,
    lower(hex(event_id)) AS row_event, lower(hex(incarnation)) AS row_incarnation, lower(hex(customer_id)) AS row_customer,
    ${id('event_id')} AS event, ${id('incarnation')} AS incarnation, ${id('customer_id')} AS customer,
    json_extract(body, '$.seq') AS seq, json_extract(body, '$.type') AS type,
    ${payload('points')} AS points,
    coalesce(${payload('deduction.points')}, ${payload('accrual.points')}) AS part,
    coalesce(${payload('deduction.deduction_id')}, ${payload('accrual.accrual_id')}) AS part_id,
    ${payload('price.points')} AS price, ${payload('earning.points')} AS promised,
    ${id('payload.visit_id')} AS visit, ${id('payload.payment_id')} AS payment, ${id('payload.penalty_id')} AS penalty,
    coalesce(${id('payload.earning_id')}, ${id('payload.earning.earning_id')}) AS earning,
    (SELECT sum(value) FROM json_each(body, '$.payload.lots')) AS lots,
    ${id('payload.deduction_id')} AS deduction, ${id('payload.check_out')} AS check_out, ${id('payload.to')} AS receiver, ${id('payload.from')} AS lost,
    coalesce(${id('payload.earning_id')}, ${id('payload.adjustment_id')}, ${id('payload.deduction_id')},
      ${id('payload.payment_id')}, ${id('payload.penalty_id')}, ${id('payload.visit_id')}) AS created_id
  FROM (SELECT *, CASE WHEN json_valid(CAST(bytes AS TEXT)) THEN CAST(bytes AS TEXT) ELSE '{}' END AS body FROM fact);
CREATE INDEX temp.decoded_by_visit ON decoded (visit, type);
CREATE INDEX temp.decoded_by_payment ON decoded (payment, type);

CREATE TEMP TABLE check_out AS
  SELECT *, (event, incarnation) IN (SELECT check_out, incarnation FROM decoded WHERE type = 'CheckOutTakenBack') AS taken_back
  FROM decoded WHERE type = 'CheckedOut';
CREATE INDEX temp.check_out_by_visit ON check_out (visit);
CREATE INDEX temp.check_out_by_earning ON check_out (earning);

CREATE TEMP TABLE taken_back AS
  SELECT min(change_seq) AS change_seq, customer, incarnation, visit, lots AS points FROM decoded
  WHERE type = 'CheckOutTakenBack' AND lots > 0 GROUP BY visit, check_out, incarnation;

CREATE TEMP TABLE moved AS
  SELECT change_seq, customer, incarnation AS holder, points FROM decoded WHERE type IN ('Earned', 'PointsAdjusted')
  UNION ALL SELECT change_seq, customer, incarnation, -points FROM decoded WHERE type = 'Paid'
  UNION ALL SELECT change_seq, customer, incarnation, -price FROM decoded WHERE type = 'PenaltyDeducted' AND price > 0
  UNION ALL SELECT min(void.change_seq), made.customer, made.incarnation, made.points
    FROM decoded void JOIN decoded made USING (payment, incarnation)
    WHERE void.type = 'PaymentVoided' AND made.type = 'Paid' GROUP BY payment
  UNION ALL SELECT min(void.change_seq), made.customer, made.incarnation, made.price
    FROM decoded void JOIN decoded made USING (penalty, deduction, incarnation)
    WHERE void.type = 'PenaltyDeductionVoided' AND made.type = 'PenaltyDeducted' AND made.price > 0 GROUP BY penalty, deduction
  UNION ALL SELECT change_seq, customer, incarnation, -points FROM taken_back
  UNION ALL SELECT change_seq, customer, incarnation, -lots FROM decoded WHERE type = 'Given'
  UNION ALL SELECT change_seq, customer, receiver, lots FROM decoded WHERE type = 'Given'
  UNION ALL SELECT change_seq, customer, lost, -lots FROM decoded WHERE type = 'Reclaimed'
  UNION ALL SELECT change_seq, customer, incarnation, lots FROM decoded WHERE type = 'Reclaimed';

CREATE TEMP TABLE undone AS
  SELECT DISTINCT void.penalty, void.deduction FROM decoded void JOIN decoded made USING (penalty, deduction)
  WHERE void.type = 'PenaltyDeductionVoided' AND made.type = 'PenaltyDeducted'
    AND (made.price IS NULL OR made.incarnation = void.incarnation);

CREATE TEMP TABLE owed AS
  SELECT penalty, max(customer) AS customer,
    CASE WHEN max(type = 'PenaltyVoided') THEN 0 ELSE max(0, sum(CASE type WHEN 'PenaltyImposed' THEN points
      WHEN 'PenaltyDeducted' THEN iif((penalty, deduction) IN (SELECT penalty, deduction FROM undone), 0, -points)
      ELSE 0 END)) END AS points
  FROM decoded WHERE penalty IS NOT NULL GROUP BY penalty;
`;

/**
 * Returns SQL that compares two lists of (id, amount), the second with negative amounts. It selects the ids whose
 * amounts don't add up to 0.
 */
const differing = (first, second) =>
  `SELECT id || ' (' || sum(amount) || ' more)' AS offence FROM (${first} UNION ALL ${second})
   GROUP BY id HAVING sum(amount) <> 0`;

export const RULES = [
  {
    what: "a fact's row agrees with its bytes",
    sql: `SELECT change_seq AS offence FROM decoded WHERE (event, incarnation, customer, seq, type)
      IS NOT (row_event, row_incarnation, row_customer, row_seq, row_type)`,
  },
  {
    what: "an incarnation's facts are numbered from 1 without a gap, each with the hash of the one before it",
    sql: `SELECT change_seq AS offence FROM (
        SELECT change_seq, row_seq, prev_hash, coalesce(lag(row_seq) OVER chain, 0) AS seq_before,
          coalesce(lag(hash) OVER chain, zeroblob(32)) AS hash_before
        FROM decoded WINDOW chain AS (PARTITION BY row_incarnation ORDER BY row_seq, change_seq))
      WHERE row_seq <> seq_before + 1 OR prev_hash <> hash_before`,
  },
  {
    what: 'no two facts have the same hash',
    sql: 'SELECT hex(hash) AS offence FROM decoded GROUP BY hash HAVING count(*) > 1',
  },
  {
    what: 'no two facts have the same event id',
    sql: 'SELECT row_event AS offence FROM decoded GROUP BY row_event HAVING count(*) > 1',
  },
  {
    what: 'no visit, earning, payment, correction, penalty or deduction is recorded twice',
    sql: `SELECT type || ' of ' || created_id AS offence FROM decoded
      WHERE type IN ('CheckedIn', 'Earned', 'Paid', 'PointsAdjusted', 'PenaltyImposed', 'PenaltyDeducted')
      GROUP BY type, created_id HAVING count(*) > 1`,
  },
  {
    what: 'a payment has its deduction, a penalty its accrual, of the same points (N1, N2)',
    sql: `SELECT change_seq AS offence FROM decoded
      WHERE type IN ('Paid', 'PenaltyImposed') AND (part IS NOT points OR part_id IS NULL OR points < 1)`,
  },
  {
    what: 'no holding is negative',
    sql: `SELECT DISTINCT customer AS offence FROM (
        SELECT customer, holder, sum(points) OVER (PARTITION BY customer, holder ORDER BY change_seq) AS held FROM moved)
      WHERE held < 0 AND (customer, holder) NOT IN (SELECT customer, lost FROM decoded WHERE type = 'Reclaimed')`,
  },
  {
    what: 'a visit earns at most once, the points that its check-out promised, and again once that is taken back',
    sql: `SELECT earned.change_seq AS offence FROM decoded earned
      LEFT JOIN check_out out ON out.visit = earned.visit
        AND (out.earning, out.promised, out.incarnation) IS (earned.earning, earned.points, earned.incarnation)
      WHERE earned.type = 'Earned' GROUP BY earned.visit
      HAVING sum(NOT coalesce(out.taken_back, 0)) > 1 OR count(out.change_seq) < count(*)`,
  },
  {
    what: 'a check-out that promised points has earned them (F3)',
    by: 'earning',
    sql: `SELECT change_seq AS offence FROM check_out WHERE promised IS NOT NULL AND NOT taken_back
      AND NOT EXISTS (SELECT 1 FROM decoded earned WHERE earned.visit = check_out.visit AND earned.type = 'Earned'
        AND NOT EXISTS (SELECT 1 FROM check_out other WHERE other.earning = earned.earning AND other.taken_back))`,
  },
  {
    what: 'the customers inside are those who checked in and not out (F1, F2)',
    by: 'check_in',
    sql: differing(
      'SELECT lower(hex(visit_id)) AS id, 1 AS amount FROM inside',
      `SELECT visit, -1 FROM decoded WHERE visit NOT IN (SELECT visit FROM check_out WHERE NOT taken_back)
        GROUP BY visit HAVING max(type = 'CheckedIn') AND NOT max(type IN ('VisitClosed', 'VisitVoided'))`,
    ),
  },
  {
    what: 'the open penalties are those with points outstanding',
    by: 'penalty',
    sql: differing(
      'SELECT lower(hex(penalty_id)) AS id, outstanding AS amount FROM open_penalty',
      'SELECT penalty, -points FROM owed',
    ),
  },
  {
    what: 'the published outstanding penalty equals that of the facts (N4)',
    by: 'point',
    sql: differing(
      'SELECT lower(hex(customer_id)) AS id, CAST(outstanding AS INTEGER) AS amount FROM standing WHERE id NOT IN linked',
      'SELECT customer, -points FROM owed WHERE customer NOT IN linked',
    ).replaceAll('linked', "(SELECT customer FROM decoded WHERE type = 'CustomersLinked')"),
  },
  {
    what: 'the published standing follows from its levels (F9, F10)',
    by: 'point',
    sql: `SELECT lower(hex(customer_id)) AS offence FROM standing WHERE standing <>
      CASE WHEN CAST(outstanding AS INTEGER) >= levels ->> '$.prohibit[0].at' THEN 'PROHIBITED'
        WHEN CAST(outstanding AS INTEGER) >= levels ->> '$.warn_at' THEN 'WARNED' ELSE 'ALLOWED' END`,
  },
  {
    what: 'every customer with facts has a published standing',
    by: 'point',
    sql: `SELECT DISTINCT row_customer AS offence FROM decoded
      WHERE row_customer NOT IN (SELECT lower(hex(customer_id)) FROM standing)`,
  },
  {
    what: 'a balance in Mypage equals that of the facts',
    by: 'mypage',
    sql: differing(
      'SELECT lower(hex(customer_id)) AS id, points AS amount FROM mypage.entry WHERE kind <> 7',
      'SELECT customer, -points FROM moved',
    ),
  },
  {
    what: 'Mypage writes off what a reclaimed or forked holding lacks',
    by: 'mypage',
    sql: differing(
      "SELECT lower(hex(customer_id)) || ' ' || lower(hex(incarnation)) AS id, points AS amount FROM mypage.entry WHERE kind = 7",
      `SELECT customer || ' ' || holder, sum(points) FROM moved
        WHERE (customer, holder) IN (SELECT customer, lost FROM decoded WHERE type = 'Reclaimed')
          OR holder IN (SELECT lower(hex(incarnation)) FROM fork)
        GROUP BY customer, holder HAVING sum(points) < 0`,
    ),
  },
  {
    what: 'an outstanding penalty in Mypage equals that of the facts',
    by: 'mypage',
    sql: differing(
      'SELECT lower(hex(customer_id)) AS id, penalty_points AS amount FROM mypage.entry',
      'SELECT customer, -points FROM owed',
    ),
  },
  {
    what: 'a visit is EARNED in Mypage exactly where its points were earned and not taken back (N5)',
    by: 'mypage',
    sql: differing(
      `SELECT lower(hex(subject)) AS id, points AS amount FROM mypage.entry
        WHERE kind = 0 AND (status = 'EARNED' OR points <> 0)`,
      `SELECT visit, -points FROM decoded WHERE type = 'Earned'
        UNION ALL SELECT visit, points FROM taken_back`,
    ),
  },
  {
    what: 'every visit, payment, correction, penalty and deduction is an entry of Mypage (N6 to N8)',
    by: 'mypage',
    sql: differing(
      'SELECT lower(hex(subject)) AS id, 1 AS amount FROM mypage.entry WHERE kind IN (0, 1, 3, 4, 5)',
      `SELECT CASE type WHEN 'PenaltyDeducted' THEN penalty ELSE created_id END, -1 FROM decoded
        WHERE type IN ('CheckedIn', 'Paid', 'PointsAdjusted', 'PenaltyImposed', 'PenaltyDeducted')`,
    ),
  },
];
