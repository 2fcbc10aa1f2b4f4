-- The figures of all days, from the facts alone: the columns are day, item, code or ground, count, points.
WITH
  it AS (
    SELECT customer_id, type, occurred_at_ms AS at, date(occurred_at_ms / 1000 + 32400, 'unixepoch') AS day,
      json_extract(CAST(bytes AS TEXT), '$.payload') AS p
    FROM fact
  ),
  begun AS MATERIALIZED (
    SELECT p ->> 'visit_id' AS visit, day, p ->> 'admission' IS NOT NULL AS admitted FROM it WHERE type = 'CheckedIn'
  ),
  ended AS MATERIALIZED (SELECT p ->> 'visit_id' AS visit, day FROM it WHERE type IN ('CheckedOut', 'VisitClosed')),
  voided AS MATERIALIZED (SELECT DISTINCT p ->> 'visit_id' AS visit FROM it WHERE type = 'VisitVoided'),
  earned AS MATERIALIZED (SELECT p ->> 'visit_id' AS visit, p ->> 'points' AS points FROM it WHERE type = 'Earned'),
  -- A visit belongs to the day of its end; one that hasn't ended, to that of its begin.
  visit AS (
    SELECT coalesce(ended.day, begun.day) AS day, voided.visit IS NOT NULL AS is_void, admitted, points
    FROM begun LEFT JOIN ended USING (visit) LEFT JOIN voided USING (visit) LEFT JOIN earned USING (visit)
  ),
  paid AS MATERIALIZED (
    SELECT p ->> 'payment_id' AS payment, day, p ->> 'points' AS points FROM it WHERE type = 'Paid'
  ),
  unpaid AS MATERIALIZED (SELECT p ->> 'payment_id' AS payment, day FROM it WHERE type = 'PaymentVoided'),
  imposed AS MATERIALIZED (
    SELECT p ->> 'penalty_id' AS penalty, day, coalesce(p ->> 'code', '') AS code, p ->> 'points' AS points
    FROM it WHERE type = 'PenaltyImposed'
  ),
  deducted AS MATERIALIZED (
    SELECT p ->> 'penalty_id' AS penalty, day, p ->> 'ground' AS ground, p ->> 'points' AS points
    FROM it WHERE type = 'PenaltyDeducted'
  ),
  lifted AS MATERIALIZED (SELECT p ->> 'penalty_id' AS penalty, day FROM it WHERE type = 'PenaltyVoided')
SELECT day, iif(is_void, 'visitsVoided', 'visits') AS item, '' AS word, count(*), 0 FROM visit GROUP BY day, is_void
-- A prohibited customer who was admitted, and a penalty with other points than its code has in the rules.
UNION ALL SELECT day, 'overrides', '', count(*), 0 FROM (
  SELECT day FROM visit WHERE admitted
  UNION ALL SELECT day FROM imposed WHERE points <> CASE code WHEN 'BASIC' THEN 10 WHEN 'REPEAT' THEN 20 ELSE 30 END
) GROUP BY day
UNION ALL SELECT day, 'earned', '', count(*), sum(points) FROM visit WHERE points > 0 GROUP BY day
UNION ALL SELECT day, 'paid', '', count(*), -sum(points) FROM paid GROUP BY day
UNION ALL SELECT unpaid.day, 'paymentsVoided', '', count(*), sum(points) FROM unpaid JOIN paid USING (payment) GROUP BY 1
UNION ALL SELECT day, 'adjusted', '', count(*), sum(p ->> 'points') FROM it WHERE type = 'PointsAdjusted' GROUP BY day
UNION ALL SELECT day, 'penalties', code, count(*), sum(points) FROM imposed GROUP BY day, code
UNION ALL SELECT day, 'deductions', ground, count(*), -sum(points) FROM deducted GROUP BY day, ground
-- A void takes what earlier deductions left.
UNION ALL SELECT lifted.day, 'penaltiesVoided', '', count(*),
  -sum(points - (SELECT coalesce(sum(deducted.points), 0) FROM deducted WHERE deducted.penalty = lifted.penalty))
FROM lifted JOIN imposed USING (penalty) GROUP BY 1
