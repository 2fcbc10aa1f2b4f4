// What is true of every data folder, as SQL that finds what breaks it. `by` names the worker whose work is compared.

const payload = (path) => `json_extract(body, '$.payload.${path}')`;
const id = (path) => `lower(replace(json_extract(body, '$.${path}'), '-', ''))`;

/** The facts as their bytes say, and what they move. */
export const TABLES = `
CREATE TEMP TABLE said AS
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
    ${id('payload.to')} AS receiver, ${id('payload.from')} AS lost,
    coalesce(${id('payload.earning_id')}, ${id('payload.adjustment_id')}, ${id('payload.deduction_id')},
      ${id('payload.payment_id')}, ${id('payload.penalty_id')}, ${id('payload.visit_id')}) AS makes
  FROM (SELECT *, CASE WHEN json_valid(CAST(bytes AS TEXT)) THEN CAST(bytes AS TEXT) ELSE '{}' END AS body FROM fact);
CREATE INDEX temp.said_by_visit ON said (visit, type);
CREATE INDEX temp.said_by_payment ON said (payment, type);

CREATE TEMP TABLE moved AS
  SELECT change_seq, customer, incarnation AS holder, points FROM said WHERE type IN ('Earned', 'PointsAdjusted')
  UNION ALL SELECT change_seq, customer, incarnation, -points FROM said WHERE type = 'Paid'
  UNION ALL SELECT change_seq, customer, incarnation, -price FROM said WHERE type = 'PenaltyDeducted' AND price > 0
  UNION ALL SELECT min(void.change_seq), made.customer, made.incarnation, made.points
    FROM said void JOIN said made USING (payment, incarnation)
    WHERE void.type = 'PaymentVoided' AND made.type = 'Paid' GROUP BY payment
  UNION ALL SELECT change_seq, customer, incarnation, -points FROM said WHERE type = 'Given'
  UNION ALL SELECT change_seq, customer, receiver, points FROM said WHERE type = 'Given'
  UNION ALL SELECT change_seq, customer, lost, -points FROM said WHERE type = 'Reclaimed'
  UNION ALL SELECT change_seq, customer, incarnation, points FROM said WHERE type = 'Reclaimed';

CREATE TEMP TABLE owed AS
  SELECT penalty, max(customer) AS customer,
    CASE WHEN max(type = 'PenaltyVoided') THEN 0 ELSE max(0, sum(CASE type WHEN 'PenaltyImposed' THEN points
      WHEN 'PenaltyDeducted' THEN -points ELSE 0 END)) END AS points
  FROM said WHERE penalty IS NOT NULL GROUP BY penalty;
`;

/** Of two lists of (id, amount), the ids whose sums differ; an amount of the second counts as negative. */
const differing = (first, second) =>
  `SELECT id || ' (' || sum(amount) || ' more)' AS offence FROM (${first} UNION ALL ${second})
   GROUP BY id HAVING sum(amount) <> 0`;

export const RULES = [
  {
    what: "a fact's row says what its bytes say",
    sql: `SELECT change_seq AS offence FROM said WHERE (event, incarnation, customer, seq, type)
      IS NOT (row_event, row_incarnation, row_customer, row_seq, row_type)`,
  },
  {
    what: "an incarnation's facts are numbered from 1 without a gap, each with the hash of the one before it",
    sql: `SELECT change_seq AS offence FROM (
        SELECT change_seq, row_seq, prev_hash, coalesce(lag(row_seq) OVER chain, 0) AS seq_before,
          coalesce(lag(hash) OVER chain, zeroblob(32)) AS hash_before
        FROM said WINDOW chain AS (PARTITION BY row_incarnation ORDER BY row_seq, change_seq))
      WHERE row_seq <> seq_before + 1 OR prev_hash <> hash_before`,
  },
  {
    what: 'a hash is of one fact',
    sql: 'SELECT hex(hash) AS offence FROM said GROUP BY hash HAVING count(*) > 1',
  },
  {
    what: 'an event id is of one fact',
    sql: 'SELECT row_event AS offence FROM said GROUP BY row_event HAVING count(*) > 1',
  },
  {
    what: 'what a fact makes is made once',
    sql: `SELECT type || ' of ' || makes AS offence FROM said
      WHERE type IN ('CheckedIn', 'Earned', 'Paid', 'PointsAdjusted', 'PenaltyImposed', 'PenaltyDeducted')
      GROUP BY type, makes HAVING count(*) > 1`,
  },
  {
    what: 'a payment has its deduction, a penalty its accrual, of as many points (N1, N2)',
    sql: `SELECT change_seq AS offence FROM said
      WHERE type IN ('Paid', 'PenaltyImposed') AND (part IS NOT points OR part_id IS NULL OR points < 1)`,
  },
  {
    what: 'nobody holds less than nothing',
    sql: `SELECT DISTINCT customer AS offence FROM (
        SELECT customer, holder, sum(points) OVER (PARTITION BY customer, holder ORDER BY change_seq) AS held FROM moved)
      WHERE held < 0 AND (customer, holder) NOT IN (SELECT customer, lost FROM said WHERE type = 'Reclaimed')`,
  },
  {
    what: 'an earning is what the check-out of its visit promised, and comes once',
    sql: `SELECT earned.change_seq AS offence FROM said earned
      LEFT JOIN said out ON out.visit = earned.visit AND out.type = 'CheckedOut'
        AND (out.earning, out.promised, out.incarnation) IS (earned.earning, earned.points, earned.incarnation)
      WHERE earned.type = 'Earned' GROUP BY earned.visit HAVING count(*) > 1 OR max(out.change_seq) IS NULL`,
  },
  {
    what: 'a check-out that promised points has them (F3)',
    by: 'earning',
    sql: `SELECT change_seq AS offence FROM said out WHERE type = 'CheckedOut' AND promised IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM said WHERE visit = out.visit AND type = 'Earned')`,
  },
  {
    what: 'inside are those who checked in and not out (F1, F2)',
    by: 'check_in',
    sql: differing(
      'SELECT lower(hex(visit_id)) AS id, 1 AS amount FROM inside',
      `SELECT visit, -1 FROM said WHERE visit IS NOT NULL GROUP BY visit
        HAVING max(type = 'CheckedIn') AND NOT max(type IN ('CheckedOut', 'VisitClosed', 'VisitVoided'))`,
    ),
  },
  {
    what: 'the open penalties are those of which something is outstanding',
    by: 'penalty',
    sql: differing(
      'SELECT lower(hex(penalty_id)) AS id, outstanding AS amount FROM open_penalty',
      'SELECT penalty, -points FROM owed',
    ),
  },
  {
    what: 'the published outstanding penalty is that of the facts (N4)',
    by: 'point',
    sql: differing(
      'SELECT lower(hex(customer_id)) AS id, CAST(outstanding AS INTEGER) AS amount FROM standing WHERE id NOT IN linked',
      'SELECT customer, -points FROM owed WHERE customer NOT IN linked',
    ).replaceAll('linked', "(SELECT customer FROM said WHERE type = 'CustomersLinked')"),
  },
  {
    what: 'the published standing is what its levels make of it (F9, F10)',
    by: 'point',
    sql: `SELECT lower(hex(customer_id)) AS offence FROM standing WHERE standing <>
      CASE WHEN CAST(outstanding AS INTEGER) >= prohibit_at THEN 'PROHIBITED'
        WHEN CAST(outstanding AS INTEGER) >= warn_at THEN 'WARNED' ELSE 'ALLOWED' END`,
  },
  {
    what: 'everyone of whom something is recorded has a published standing',
    by: 'point',
    sql: `SELECT DISTINCT row_customer AS offence FROM said
      WHERE row_customer NOT IN (SELECT lower(hex(customer_id)) FROM standing)`,
  },
  {
    what: 'a balance in Mypage is that of the facts',
    by: 'mypage',
    sql: differing(
      'SELECT lower(hex(customer_id)) AS id, points AS amount FROM mypage.entry',
      'SELECT customer, -points FROM moved',
    ),
  },
  {
    what: 'an outstanding penalty in Mypage is that of the facts',
    by: 'mypage',
    sql: differing(
      'SELECT lower(hex(customer_id)) AS id, penalty_points AS amount FROM mypage.entry',
      'SELECT customer, -points FROM owed',
    ),
  },
  {
    what: 'a visit is EARNED in Mypage exactly where its points were earned (N5)',
    by: 'mypage',
    sql: differing(
      `SELECT lower(hex(subject)) AS id, points AS amount FROM mypage.entry
        WHERE kind = 0 AND (status = 'EARNED' OR points <> 0)`,
      "SELECT visit, -points FROM said WHERE type = 'Earned'",
    ),
  },
  {
    what: 'every visit, payment, correction and penalty, and what was taken off one, is a line of Mypage (N6 to N8)',
    by: 'mypage',
    sql: differing(
      'SELECT lower(hex(subject)) AS id, 1 AS amount FROM mypage.entry WHERE kind IN (0, 1, 3, 4, 5)',
      `SELECT CASE type WHEN 'PenaltyDeducted' THEN penalty ELSE makes END, -1 FROM said
        WHERE type IN ('CheckedIn', 'Paid', 'PointsAdjusted', 'PenaltyImposed', 'PenaltyDeducted')`,
    ),
  },
];
