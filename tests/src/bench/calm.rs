//! Rounds on a calm machine: a round during which the machine changed is measured again.

use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nosmoke_domain::fact::Hash;

/// A round counts if neither rate changed by more than this share from its begin to its end.
const MOST_CHANGE: f64 = 0.2;
/// After so many rounds that don't count, the next one counts as it is, and is named.
const MOST_REPEATED: usize = 30;
const SYNCS: u32 = 32;
const HASHES: u32 = 64;
const HASHED: usize = 256 * 1_024;

/// How much work the machine does for this process now: hashes and syncs for each second.
#[derive(Debug, Clone, Copy)]
struct Pace {
    cpu: f64,
    syncs: f64,
}

#[derive(Debug)]
pub(crate) struct Calm {
    file: PathBuf,
    repeated: usize,
}

impl Calm {
    /// `folder` lies on the measured disk.
    pub(crate) fn on(folder: &Path) -> Self {
        Self { file: folder.join("pace"), repeated: 0 }
    }

    /// Runs rounds until this many count, and returns what they measured.
    pub(crate) async fn rounds<T>(&mut self, count: usize, mut round: impl AsyncFnMut(usize) -> T) -> Vec<T> {
        let mut counted = Vec::with_capacity(count);
        let mut repeated = 0;
        while counted.len() < count {
            let before = self.pace();
            let measured = round(counted.len()).await;
            let is_calm = before.is_like(self.pace());
            if is_calm || repeated >= MOST_REPEATED {
                counted.push(measured);
            } else {
                repeated += 1;
            }
        }
        self.repeated += repeated;
        counted
    }

    /// How many rounds were measured again.
    pub(crate) fn repeated(&self) -> usize {
        self.repeated
    }

    fn pace(&self) -> Pace {
        let bytes = vec![7; HASHED];
        let cpu = rate(HASHES, || {
            black_box(Hash::of(black_box(&bytes)));
        });
        let mut file = File::create(&self.file).unwrap();
        let syncs = rate(SYNCS, || {
            file.write_all(&bytes[..4_096]).unwrap();
            file.sync_data().unwrap();
        });
        Pace { cpu, syncs }
    }
}

impl Pace {
    fn is_like(self, other: Self) -> bool {
        let is_near = |one: f64, other: f64| (one - other).abs() <= MOST_CHANGE * one.max(other);
        is_near(self.cpu, other.cpu) && is_near(self.syncs, other.syncs)
    }
}

/// Returns how often the work can be done in a second: the median, so that one hiccup doesn't count.
fn rate(times: u32, mut work: impl FnMut()) -> f64 {
    let took = |_| {
        let began = Instant::now();
        work();
        began.elapsed()
    };
    let took: Vec<Duration> = (0..times).map(took).collect();
    1.0 / crate::measure::median(took).as_secs_f64()
}
