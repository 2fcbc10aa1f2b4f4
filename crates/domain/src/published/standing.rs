//! The standing that point publishes for check_in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::points::Sum;
use crate::rules::{Levels, Rules};
use crate::words::Standing;

/// A copy of the standing that point has published. `as_of` tells how old it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingCopy {
    pub standing: Standing,
    pub outstanding: Sum,
    pub levels: Levels,
    pub as_of: DateTime<Utc>,
}

impl StandingCopy {
    /// The standing of a customer without penalties.
    pub fn clean(rules: &Rules, as_of: DateTime<Utc>) -> Self {
        Self { standing: Standing::Allowed, outstanding: Sum(0), levels: rules.levels, as_of }
    }
}
