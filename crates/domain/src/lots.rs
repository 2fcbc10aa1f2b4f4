//! Lots: points grouped by the last day on which they count. While the rules let no points expire, every lot is
//! `never`.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::points::{MAX_AMOUNT, Points, Sum};

/// The last day (Asia/Seoul) on which points count. Points that count for ever come last in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LastDay {
    On(NaiveDate),
    Never,
}

impl LastDay {
    /// The day; `None` for points that count for ever.
    pub const fn day(self) -> Option<NaiveDate> {
        match self {
            Self::On(day) => Some(day),
            Self::Never => None,
        }
    }
}

const NEVER: &str = "never";
const DAY: &str = "%Y-%m-%d";

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day in the form 2027-03-31, nor never")]
pub struct NotALastDay;

impl fmt::Display for LastDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(day) => day.format(DAY).fmt(f),
            Self::Never => f.write_str(NEVER),
        }
    }
}

impl FromStr for LastDay {
    type Err = NotALastDay;

    fn from_str(text: &str) -> Result<Self, NotALastDay> {
        if text == NEVER {
            return Ok(Self::Never);
        }
        let day = NaiveDate::parse_from_str(text, DAY).map(Self::On).map_err(|_| NotALastDay)?;
        // One day has one spelling, so that equal lots have equal bytes.
        if text.len() == 10 && day.to_string() == text { Ok(day) } else { Err(NotALastDay) }
    }
}

impl Serialize for LastDay {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LastDay {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for LastDay {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "LastDay".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}|never)$" })
    }
}

/// Points by their last day: 1 to 64 lots, whose sum is an amount.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<LastDay, Points>", into = "BTreeMap<LastDay, Points>")]
pub struct Lots(BTreeMap<LastDay, Points>);

impl Lots {
    /// The most lots in one fact.
    pub const MOST: usize = 64;

    /// One lot of points that count for ever.
    pub fn never(points: Points) -> Self {
        Self::one(LastDay::Never, points)
    }

    pub fn one(last_day: LastDay, points: Points) -> Self {
        Self([(last_day, points)].into())
    }

    /// The sum of all lots.
    pub fn points(&self) -> Points {
        Points::try_from(self.sum()).unwrap_or(Points::ONE)
    }

    fn sum(&self) -> i128 {
        self.0.values().map(|points| points.sum()).sum()
    }

    /// The lots, the soonest to expire first.
    pub fn iter(&self) -> impl Iterator<Item = (LastDay, Points)> + '_ {
        self.0.iter().map(|(last_day, points)| (*last_day, *points))
    }
}

impl TryFrom<BTreeMap<LastDay, Points>> for Lots {
    type Error = &'static str;

    fn try_from(lots: BTreeMap<LastDay, Points>) -> Result<Self, Self::Error> {
        let lots = Self(lots);
        if lots.0.is_empty() || lots.0.len() > Self::MOST {
            return Err("there must be 1 to 64 lots");
        }
        if lots.sum() > i128::from(MAX_AMOUNT) { Err("the sum of the lots is too large") } else { Ok(lots) }
    }
}

impl From<Lots> for BTreeMap<LastDay, Points> {
    fn from(lots: Lots) -> Self {
        lots.0
    }
}

impl JsonSchema for Lots {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Lots".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let (points, last_day) = (generator.subschema_for::<Points>(), generator.subschema_for::<LastDay>());
        schemars::json_schema!({
            "type": "object",
            "minProperties": 1,
            "maxProperties": Self::MOST,
            "propertyNames": last_day,
            "additionalProperties": points,
        })
    }
}

/// Lots that may be none, which JSON shows as an empty object.
pub(crate) mod lots_or_none {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};

    use super::{LastDay, Lots};
    use crate::points::Points;

    pub(crate) fn serialize<S: serde::Serializer>(lots: &Option<Lots>, serializer: S) -> Result<S::Ok, S::Error> {
        let none = BTreeMap::new();
        lots.as_ref().map_or(&none, |lots| &lots.0).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Lots>, D::Error> {
        let lots = BTreeMap::<LastDay, Points>::deserialize(deserializer)?;
        if lots.is_empty() { Ok(None) } else { Lots::try_from(lots).map(Some).map_err(serde::de::Error::custom) }
    }

    pub(crate) fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let (points, last_day) = (generator.subschema_for::<Points>(), generator.subschema_for::<LastDay>());
        schemars::json_schema!({
            "type": "object",
            "maxProperties": Lots::MOST,
            "propertyNames": last_day,
            "additionalProperties": points,
        })
    }
}

/// Signed sums of points by their last day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LotSums(BTreeMap<LastDay, Sum>);

impl LotSums {
    /// The lots whose day isn't over on `today`; the others count 0.
    #[must_use]
    pub fn live(&self, today: NaiveDate) -> Self {
        Self(self.0.range(LastDay::On(today)..).map(|(last_day, sum)| (*last_day, *sum)).collect())
    }

    /// The lots whose day is over on `today`.
    pub fn over(&self, today: NaiveDate) -> impl Iterator<Item = (NaiveDate, i128)> + '_ {
        self.0.range(..LastDay::On(today)).filter_map(|(last_day, sum)| Some((last_day.day()?, sum.0)))
    }

    /// The lots, the soonest to expire first.
    pub fn iter(&self) -> impl Iterator<Item = (LastDay, i128)> + '_ {
        self.0.iter().map(|(last_day, sum)| (*last_day, sum.0))
    }

    pub(crate) fn add(&mut self, lots: &Lots) {
        for (last_day, points) in lots.iter() {
            self.0.entry(last_day).or_default().0 += points.sum();
        }
    }

    pub(crate) fn subtract(&mut self, lots: &Lots) {
        for (last_day, points) in lots.iter() {
            self.0.entry(last_day).or_default().0 -= points.sum();
        }
    }

    /// Drops lots that are 0; returns whether any is left.
    pub(crate) fn compact(&mut self) -> bool {
        self.0.retain(|_, sum| sum.0 != 0);
        !self.0.is_empty()
    }

    /// The sum of all lots. It is negative only where points were reclaimed, or where an incarnation forked.
    pub fn total(&self) -> i128 {
        self.0.values().map(|sum| sum.0).sum()
    }

    /// The sum of the lots above 0.
    pub fn above_zero(&self) -> i128 {
        self.0.values().map(|sum| sum.0.max(0)).sum()
    }

    /// The sum of the lots below 0, as a positive number.
    pub fn below_zero(&self) -> i128 {
        self.0.values().map(|sum| (-sum.0).max(0)).sum()
    }

    /// Takes points from the lots above 0, the soonest to expire first. `None` if these lots don't suffice.
    ///
    /// One fact has room for [`Lots::MOST`] lots. If the soonest ones don't suffice, the largest ones are taken.
    pub fn take(&self, points: Points) -> Option<Lots> {
        let soonest: Vec<_> = self.iter().filter(|(_, sum)| *sum > 0).collect();
        let mut largest = soonest.clone();
        largest.sort_by_key(|(_, held)| std::cmp::Reverse(*held));
        take_from(&soonest, points).or_else(|| take_from(&largest, points))
    }

    /// Takes points as [`Self::take`] does, but only as many as there are. `None` if there are none.
    pub fn take_up_to(&self, points: Points) -> Option<Lots> {
        self.take(Points::try_from(self.above_zero().min(points.sum())).ok()?)
    }

    /// Takes points back that were earned with this last day: first from that lot, even if its day is over, then from
    /// the others that aren't over, the soonest to expire first. Only as many as there are; `None` if there are none.
    pub fn take_back(&self, points: Points, last_day: LastDay, today: NaiveDate) -> Option<Lots> {
        let own = self.0.get(&last_day).map_or(0, |sum| sum.0.clamp(0, points.sum()));
        let mut others = self.live(today);
        others.0.remove(&last_day);
        let mut taken = match Points::try_from(points.sum() - own) {
            Ok(missing) => others.take_up_to(missing).map(|lots| lots.0).unwrap_or_default(),
            Err(_) => BTreeMap::new(),
        };
        if let Ok(own) = Points::try_from(own) {
            if taken.len() == Lots::MOST {
                taken.pop_last();
            }
            taken.insert(last_day, own);
        }
        Lots::try_from(taken).ok()
    }

    /// All lots above 0, in as many parts as facts are needed to name them.
    pub fn parts(&self) -> Vec<Lots> {
        let (mut rest, mut parts) = (self.clone(), Vec::new());
        loop {
            let mut part = BTreeMap::new();
            let mut room = i128::from(MAX_AMOUNT);
            for (last_day, sum) in rest.0.iter().filter(|(_, sum)| sum.0 > 0).take(Lots::MOST) {
                let Ok(points) = Points::try_from(sum.0.min(room)) else { break };
                part.insert(*last_day, points);
                room -= points.sum();
            }
            let Ok(part) = Lots::try_from(part) else { return parts };
            rest.subtract(&part);
            parts.push(part);
        }
    }
}

fn take_from(held: &[(LastDay, i128)], points: Points) -> Option<Lots> {
    let (mut taken, mut missing) = (BTreeMap::new(), points.sum());
    for (last_day, held) in held.iter().take(Lots::MOST) {
        let Ok(part) = Points::try_from(missing.min(*held)) else { break };
        taken.insert(*last_day, part);
        missing -= part.sum();
    }
    if missing == 0 { Lots::try_from(taken).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LastDay {
        text.parse().unwrap()
    }

    fn p(amount: u64) -> Points {
        Points::new(amount).unwrap()
    }

    fn lots(parts: &[(&str, u64)]) -> Lots {
        Lots::try_from(parts.iter().map(|(last_day, amount)| (day(last_day), p(*amount))).collect::<BTreeMap<_, _>>())
            .unwrap()
    }

    fn sums(parts: &[(&str, i128)]) -> LotSums {
        LotSums(parts.iter().map(|(last_day, sum)| (day(last_day), Sum(*sum))).collect())
    }

    #[test]
    fn a_last_day_has_one_spelling() {
        for text in ["2027-03-31", "never", "0001-01-01", "9999-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
        for text in ["2027-3-31", "+2027-03-31", "2027-02-30", "12027-03-31", "Never", "", " never", "2027-03-31 "] {
            assert!(text.parse::<LastDay>().is_err(), "{text}");
        }
        assert!(day("9999-12-31") < LastDay::Never);
    }

    #[test]
    fn lots_are_1_to_64_and_their_sum_is_an_amount() {
        let read = |json: &str| serde_json::from_str::<Lots>(json);
        assert_eq!(read(r#"{"2027-03-31":60,"never":40}"#).unwrap().points(), p(100));
        let sixty_five: BTreeMap<String, u64> = (1..=65).map(|n| (format!("20{n:02}-01-31"), 1)).collect();
        for json in [
            "{}".to_owned(),
            r#"{"never":0}"#.into(),
            r#"{"never":-1}"#.into(),
            r#"{"soon":1}"#.into(),
            format!(r#"{{"2027-03-31":{MAX_AMOUNT},"never":1}}"#),
            serde_json::to_string(&sixty_five).unwrap(),
        ] {
            assert!(read(&json).is_err(), "{json}");
        }
    }

    #[test]
    fn lots_count_until_their_day_is_over() {
        let held = sums(&[("2027-03-30", 1), ("2027-03-31", 20), ("2027-04-30", 300), ("never", 4000)]);
        let today = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(held.live(today("2027-03-31")).total(), 4320);
        assert_eq!(held.live(today("2027-04-01")).total(), 4300);
        assert_eq!(held.live(NaiveDate::MAX).total(), 4000);
        assert_eq!(held.over(today("2027-04-01")).map(|(_, points)| points).sum::<i128>(), 21);
    }

    #[test]
    fn what_was_earned_is_taken_back_from_its_own_lot_first() {
        let held = sums(&[("2027-02-28", 9), ("2027-03-31", 60), ("2027-04-30", 30), ("never", 5)]);
        let today = "2027-03-01".parse::<NaiveDate>().unwrap();
        let back = |points, last_day: &str| held.take_back(p(points), day(last_day), today);
        assert_eq!(back(30, "2027-04-30"), Some(lots(&[("2027-04-30", 30)])));
        assert_eq!(back(40, "2027-04-30"), Some(lots(&[("2027-03-31", 10), ("2027-04-30", 30)])));
        assert_eq!(back(9, "2027-02-28"), Some(lots(&[("2027-02-28", 9)])), "even if its day is over");
        assert_eq!(back(40, "2027-05-31"), Some(lots(&[("2027-03-31", 40)])), "but not from others that are over");
        assert_eq!(back(500, "2027-05-31").unwrap().points(), p(95), "as far as it is there");
        assert_eq!(LotSums::default().take_back(p(1), day("never"), today), None);
    }

    #[test]
    fn lots_that_may_be_none_are_an_empty_object() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Taken(#[serde(with = "lots_or_none")] Option<Lots>);
        for (json, taken) in [("{}", Taken(None)), (r#"{"never":5}"#, Taken(Some(lots(&[("never", 5)]))))] {
            assert_eq!(serde_json::from_str::<Taken>(json).unwrap(), taken);
            assert_eq!(serde_json::to_string(&taken).unwrap(), json);
        }
        assert!(serde_json::from_str::<Taken>(r#"{"never":0}"#).is_err());
        assert!(serde_json::from_str::<Taken>("null").is_err());
    }

    #[test]
    fn the_soonest_to_expire_is_taken_first() {
        let held = sums(&[("never", 100), ("2027-03-31", 60), ("2027-04-30", -5), ("2027-05-31", 10)]);
        assert_eq!((held.total(), held.above_zero(), held.below_zero()), (165, 170, 5));
        assert_eq!(held.take(p(61)), Some(lots(&[("2027-03-31", 60), ("2027-05-31", 1)])));
        assert_eq!(held.take(p(170)), Some(lots(&[("2027-03-31", 60), ("2027-05-31", 10), ("never", 100)])));
        assert_eq!(held.take(p(171)), None);
    }

    #[test]
    fn the_largest_lots_are_taken_where_the_soonest_64_do_not_suffice() {
        let mut held: BTreeMap<LastDay, Sum> =
            (0..64).map(|n| (LastDay::On(NaiveDate::from_yo_opt(2027, n + 1).unwrap()), Sum(1))).collect();
        held.insert(LastDay::Never, Sum(50));
        let taken = LotSums(held).take(p(70)).unwrap();
        assert_eq!((taken.points(), taken.iter().last()), (p(70), Some((LastDay::Never, p(50)))));
    }

    #[test]
    fn all_is_named_in_parts_that_fit_in_facts() {
        let most = i128::from(MAX_AMOUNT);
        let held = sums(&[("2027-03-31", most), ("2027-04-30", -7), ("never", most + 3)]);
        let parts = held.parts();
        assert_eq!(parts.iter().map(|part| part.points().sum()).sum::<i128>(), 2 * most + 3);
        assert_eq!(parts.len(), 3);
        let many: BTreeMap<LastDay, Sum> =
            (0..130).map(|n| (LastDay::On(NaiveDate::from_yo_opt(2027, n + 1).unwrap()), Sum(2))).collect();
        assert_eq!(LotSums(many).parts().iter().map(|part| part.iter().count()).collect::<Vec<_>>(), [64, 64, 2]);
        assert_eq!(LotSums::default().parts(), []);
    }
}
