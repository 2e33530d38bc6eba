//! How fast the bot calls Discord: fifty a second in all, in each bucket what its headers grant, not
//! at all where Discord said to wait, and not at all for a while when so much was refused that it
//! would ban this address (10,000 in ten minutes; this stops at a tenth).
//!
//! Answers to interactions are exempt from the fifty and from buckets that are not theirs.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use reqwest::header::HeaderMap;
use tokio::time::Instant;

use super::fault::Fault;
use crate::clock::Clock;

/// Longest wait for a turn; then the outbox tries again later and meanwhile serves others.
const TURN: Duration = Duration::from_secs(3);
/// The wait when Discord says 429 without saying for how long.
const UNSAID: Duration = Duration::from_secs(30);
/// Discord counts refused requests over this time.
const WINDOW: TimeDelta = TimeDelta::minutes(10);
/// Refused requests in the window at which nothing more is sent.
pub(super) const REFUSED: usize = 1000;
/// Buckets remembered; old ones are forgotten first come.
const BUCKETS: usize = 4096;

/// What shares one limit, as far as is known before Discord told its bucket: the kind of the call
/// and the channel, server or webhook it is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub kind: &'static str,
    pub about: String,
}

pub(super) struct Pace {
    all: RateLimiter<NotKeyed, InMemoryState, Clock, NoOpMiddleware<Duration>>,
    known: Mutex<Known>,
    clock: Clock,
}

#[derive(Default)]
struct Known {
    /// Discord's name of the bucket of a kind of call.
    names: HashMap<&'static str, String>,
    buckets: HashMap<(String, String), Bucket>,
    /// Where Discord said 429.
    held: HashMap<Place, DateTime<Utc>>,
    held_everywhere: Option<DateTime<Utc>>,
    refused: VecDeque<DateTime<Utc>>,
}

struct Bucket {
    remaining: u32,
    reset: Instant,
}

impl Pace {
    pub fn new(clock: Clock) -> Self {
        const PER_SECOND: NonZeroU32 = NonZeroU32::new(45).expect("forty-five");
        const BURST: NonZeroU32 = NonZeroU32::new(5).expect("five");
        Pace {
            // In no second more than fifty.
            all: RateLimiter::direct_with_clock(
                Quota::per_second(PER_SECOND).allow_burst(BURST),
                clock.clone(),
            ),
            known: Mutex::default(),
            clock,
        }
    }

    /// Waits for a turn, shortly. `exempt`: an answer to an interaction.
    pub async fn turn(&self, place: &Place, exempt: bool) -> Result<(), Fault> {
        self.guard()?;
        if let Some(left) = self.held(place, exempt) {
            return Err(Fault::Limited(Some(left)));
        }
        let waited = async {
            while let Some(until) = self.take(place) {
                tokio::time::sleep_until(until).await;
            }
            if !exempt {
                self.all.until_ready().await;
            }
        };
        tokio::time::timeout(TURN, waited)
            .await
            .map_err(|_| Fault::Limited(Some(Duration::from_secs(1))))
    }

    /// Takes one of what the bucket grants, or says when it is filled again.
    fn take(&self, place: &Place) -> Option<Instant> {
        let mut known = self.known.lock().ok()?;
        let name = known.names.get(place.kind)?.clone();
        let key = (name, place.about.clone());
        let bucket = known.buckets.get_mut(&key)?;
        let now = Instant::now();
        if bucket.reset <= now {
            // Filled again; what it grants now, the next answer tells.
            known.buckets.remove(&key);
            return None;
        }
        if bucket.remaining > 0 {
            bucket.remaining -= 1;
            return None;
        }
        Some(bucket.reset)
    }

    /// Learns from the headers of an answer.
    pub fn learn(&self, place: &Place, headers: &HeaderMap) {
        let number = |name: &str| -> Option<f64> {
            let value = headers.get(name)?.to_str().ok()?.parse().ok()?;
            (0.0..1e7).contains(&value).then_some(value)
        };
        let name = headers
            .get("x-ratelimit-bucket")
            .and_then(|name| name.to_str().ok());
        let (Some(name), Some(remaining), Some(after)) = (
            name,
            number("x-ratelimit-remaining"),
            number("x-ratelimit-reset-after"),
        ) else {
            return;
        };
        let Ok(mut known) = self.known.lock() else {
            return;
        };
        if known.buckets.len() >= BUCKETS {
            let now = Instant::now();
            known.buckets.retain(|_, bucket| bucket.reset > now);
        }
        known.names.insert(place.kind, name.to_owned());
        let told = Bucket {
            remaining: remaining as u32,
            reset: Instant::now() + Duration::from_secs_f64(after),
        };
        let key = (name.to_owned(), place.about.clone());
        match known.buckets.get_mut(&key) {
            // Several are on their way: the least that was told holds until the reset.
            Some(bucket) if bucket.reset > Instant::now() => {
                bucket.remaining = bucket.remaining.min(told.remaining);
                bucket.reset = bucket.reset.max(told.reset);
            }
            _ => drop(known.buckets.insert(key, told)),
        }
    }

    /// Discord said 429: nothing more there before the time is over, and nothing at all if it is the
    /// limit of the whole bot.
    pub fn hold(&self, place: &Place, after: Option<Duration>, everywhere: bool) -> Duration {
        let wait = after.unwrap_or(UNSAID);
        if let Ok(mut known) = self.known.lock() {
            let now = self.clock.now();
            known.held.retain(|_, until| *until > now);
            let until = now + TimeDelta::from_std(wait).unwrap_or(TimeDelta::days(1));
            if everywhere {
                known.held_everywhere = Some(until);
            } else {
                known.held.insert(place.clone(), until);
            }
        }
        wait
    }

    fn held(&self, place: &Place, exempt: bool) -> Option<Duration> {
        let known = self.known.lock().ok()?;
        let everywhere = known.held_everywhere.filter(|_| !exempt);
        let here = known.held.get(place).copied();
        let until = everywhere.max(here)?;
        let left = (until - self.clock.now()).to_std().ok()?;
        (!left.is_zero()).then_some(left)
    }

    /// Counts a request that Discord refused (401, 403, 429).
    pub fn refused(&self) {
        let Ok(mut known) = self.known.lock() else {
            return;
        };
        known.refused.push_back(self.clock.now());
        metrics::counter!("isms_discord_refused_total").increment(1);
        if known.refused.len() == REFUSED {
            tracing::error!(
                "discord: {REFUSED} requests were refused within ten minutes; nothing is sent until \
                 they are past, because Discord bans an address for ten times as many. The lines \
                 above say why they were refused"
            );
        }
    }

    fn guard(&self) -> Result<(), Fault> {
        let Ok(mut known) = self.known.lock() else {
            return Ok(());
        };
        let now = self.clock.now();
        while known.refused.front().is_some_and(|at| *at + WINDOW <= now) {
            known.refused.pop_front();
        }
        if known.refused.len() < REFUSED {
            return Ok(());
        }
        let free = known.refused[known.refused.len() - REFUSED] + WINDOW;
        let left = (free - now).to_std().unwrap_or(Duration::from_secs(1));
        Err(Fault::Guarded(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(about: &str) -> Place {
        Place {
            kind: "post",
            about: about.to_owned(),
        }
    }

    fn headers(remaining: &str, after: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-bucket", "abcd".parse().unwrap());
        headers.insert("x-ratelimit-remaining", remaining.parse().unwrap());
        headers.insert("x-ratelimit-reset-after", after.parse().unwrap());
        headers
    }

    #[tokio::test]
    async fn a_channel_that_is_held_does_not_hold_another() {
        let clock = Clock::set_at(DateTime::UNIX_EPOCH);
        let pace = Pace::new(clock.clone());
        pace.hold(&place("1"), Some(Duration::from_secs(60)), false);
        assert!(matches!(
            pace.turn(&place("1"), false).await,
            Err(Fault::Limited(Some(_)))
        ));
        assert_eq!(pace.turn(&place("2"), false).await, Ok(()));
        clock.advance(TimeDelta::seconds(60));
        assert_eq!(pace.turn(&place("1"), false).await, Ok(()));
    }

    #[tokio::test]
    async fn a_global_hold_holds_all_but_answers() {
        let pace = Pace::new(Clock::set_at(DateTime::UNIX_EPOCH));
        pace.hold(&place("1"), Some(Duration::from_secs(60)), true);
        assert!(pace.turn(&place("2"), false).await.is_err());
        assert_eq!(pace.turn(&place("2"), true).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_bucket_is_waited_for() {
        let pace = Pace::new(Clock::set_at(DateTime::UNIX_EPOCH));
        pace.learn(&place("1"), &headers("1", "2.5"));
        let before = Instant::now();
        pace.turn(&place("1"), true).await.unwrap();
        assert!(before.elapsed() < Duration::from_millis(100));
        pace.turn(&place("1"), true).await.unwrap();
        assert!(before.elapsed() >= Duration::from_millis(2400));
        pace.learn(&place("1"), &headers("0", "60"));
        assert!(matches!(
            pace.turn(&place("1"), true).await,
            Err(Fault::Limited(Some(_)))
        ));
    }

    #[tokio::test]
    async fn long_before_a_ban_nothing_is_sent_until_the_window_is_past() {
        let clock = Clock::set_at(DateTime::UNIX_EPOCH);
        let pace = Pace::new(clock.clone());
        for _ in 0..REFUSED {
            assert_eq!(pace.turn(&place("1"), true).await, Ok(()));
            pace.refused();
        }
        assert_eq!(
            pace.turn(&place("2"), true).await,
            Err(Fault::Guarded(Duration::from_secs(600)))
        );
        clock.advance(WINDOW);
        assert_eq!(pace.turn(&place("2"), true).await, Ok(()));
    }
}
