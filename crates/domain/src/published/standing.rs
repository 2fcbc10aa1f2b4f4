//! The published standing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::points::Sum;
use crate::rules::{Levels, Rules};
use crate::words::Standing;

/// The standing as point publishes it and check-in reads it, with its age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingCopy {
    pub standing: Standing,
    pub outstanding: Sum,
    pub levels: Levels,
    pub as_of: DateTime<Utc>,
}

impl StandingCopy {
    /// Of a customer without any penalty.
    pub fn clean(rules: &Rules, as_of: DateTime<Utc>) -> Self {
        Self { standing: Standing::Allowed, outstanding: Sum(0), levels: rules.levels, as_of }
    }
}
