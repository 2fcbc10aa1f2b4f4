//! A question for points, and who has answered it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::fact::OrderKey;
use crate::ids::IncarnationId;
use crate::points::{Points, Sum};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// By whom and for how much; of several with one id, the least.
    pub asked: Option<(OrderKey, IncarnationId, Points)>,
    /// Holders that have given on account of it; each answers once.
    pub givers: BTreeSet<IncarnationId>,
    pub given: Sum,
}

impl Ask {
    /// Everything that was asked for has been given.
    pub fn is_answered(&self) -> bool {
        self.asked.is_some_and(|(_, _, points)| self.given.0 >= points.sum())
    }
}
