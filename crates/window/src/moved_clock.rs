//! The clock of the program that shows the screens.

use std::sync::Arc;

use nosmoke_ports::{Clock, SystemClock};

/// Returns the system's clock. With the feature `test-hooks`, `NOSMOKE_CLOCK_OFF` may name a file with a number of ms by
/// which the clock is moved; a test writes it again to set the clock of a running program.
pub fn clock() -> Arc<dyn Clock> {
    #[cfg(feature = "test-hooks")]
    if let Some(file) = std::env::var_os("NOSMOKE_CLOCK_OFF") {
        return Arc::new(moved::MovedClock { file: file.into() });
    }
    Arc::new(SystemClock)
}

#[cfg(feature = "test-hooks")]
mod moved {
    use std::path::PathBuf;

    use chrono::{DateTime, TimeDelta, Utc};
    use nosmoke_ports::{Clock, SystemClock};

    #[derive(Debug)]
    pub(super) struct MovedClock {
        pub(super) file: PathBuf,
    }

    impl Clock for MovedClock {
        fn now(&self) -> DateTime<Utc> {
            let off = std::fs::read_to_string(&self.file).ok().and_then(|text| text.trim().parse().ok());
            SystemClock.now() + TimeDelta::milliseconds(off.unwrap_or(0))
        }
    }
}
