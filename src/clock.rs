//! The only place that reads the time. Everything else is handed a `Clock` or an instant, so that a
//! test can stand on a clock change or a new year and look around.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use governor::clock::ReasonablyRealtime;

/// Where instants come from: the system's clock, or a test's.
#[derive(Clone)]
pub enum Clock {
    System,
    /// Stands still until it is moved. Shared: clones of it move together.
    Set(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    pub fn set_at(instant: DateTime<Utc>) -> Self {
        Clock::Set(Arc::new(Mutex::new(instant)))
    }

    /// The instant it is, cut to the microseconds that PostgreSQL keeps.
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            Clock::System => Utc::now(),
            Clock::Set(at) => *at.lock().expect("no one panics while setting a clock"),
        };
        DateTime::from_timestamp_micros(now.timestamp_micros()).expect("a representable instant")
    }

    /// Moves a set clock on; the system's cannot be moved.
    pub fn advance(&self, by: TimeDelta) {
        if let Clock::Set(at) = self {
            *at.lock().expect("no one panics while setting a clock") += by;
        }
    }

    /// Moves a set clock to an instant; the system's cannot be moved.
    pub fn move_to(&self, instant: DateTime<Utc>) {
        if let Clock::Set(at) = self {
            *at.lock().expect("no one panics while setting a clock") = instant;
        }
    }
}

/// For whoever keeps a pace: time that only goes on, also where the system's clock is put back. What a
/// set clock is moved on by has passed too, so a year in a test is no burst.
impl governor::clock::Clock for Clock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
        let moved = match self {
            Clock::System => Duration::ZERO,
            Clock::Set(_) => {
                let since = self.now() - DateTime::UNIX_EPOCH;
                since.to_std().unwrap_or_default()
            }
        };
        moved + BEGUN.elapsed()
    }
}

impl ReasonablyRealtime for Clock {}
