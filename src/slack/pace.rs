//! How fast the bot posts: about one message a second and channel with a small burst, some hundreds
//! a minute in all, and not at all where Slack said to wait. The library's own control would hold
//! all channels to one a second together.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use crate::chat::SendError;
use crate::clock::Clock;

/// Longest wait for a turn; then the outbox tries again later and meanwhile serves others.
const TURN: Duration = Duration::from_secs(3);
/// The wait when Slack says 429 without saying for how long.
const UNSAID: Duration = Duration::from_secs(30);

pub(super) struct Pace {
    channels: RateLimiter<String, HashMapStateStore<String>, Clock, NoOpMiddleware<Duration>>,
    workspace: RateLimiter<NotKeyed, InMemoryState, Clock, NoOpMiddleware<Duration>>,
    held: Mutex<HashMap<String, DateTime<Utc>>>,
    clock: Clock,
}

impl Pace {
    pub fn new(clock: Clock) -> Self {
        const BURST: NonZeroU32 = NonZeroU32::new(3).expect("three");
        const PER_SECOND: NonZeroU32 = NonZeroU32::new(5).expect("five");
        Pace {
            channels: RateLimiter::hashmap_with_clock(
                Quota::per_second(NonZeroU32::MIN).allow_burst(BURST),
                clock.clone(),
            ),
            workspace: RateLimiter::direct_with_clock(Quota::per_second(PER_SECOND), clock.clone()),
            held: Mutex::default(),
            clock,
        }
    }

    /// Waits for this channel's turn, shortly.
    pub async fn turn(&self, channel: &str) -> Result<(), SendError> {
        if let Some(left) = self.still_held(channel) {
            let why = "Slack asked to slow down in this channel".to_owned();
            return Err(SendError::Retry {
                after: Some(left),
                why,
            });
        }
        if self.channels.len() > 10_000 {
            self.channels.retain_recent();
        }
        let key = channel.to_owned();
        let turn = async {
            self.channels.until_key_ready(&key).await;
            self.workspace.until_ready().await;
        };
        tokio::time::timeout(TURN, turn)
            .await
            .map_err(|_| SendError::Retry {
                after: Some(Duration::from_secs(1)),
                why: "many messages are waiting for this channel".to_owned(),
            })
    }

    /// Slack said 429: nothing more into this channel before the time is over.
    pub fn hold(&self, channel: &str, after: Option<Duration>) -> Duration {
        let wait = after.unwrap_or(UNSAID);
        if let Ok(mut held) = self.held.lock() {
            let now = self.clock.now();
            held.retain(|_, until| *until > now);
            let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::days(1));
            held.insert(channel.to_owned(), now + wait);
        }
        wait
    }

    fn still_held(&self, channel: &str) -> Option<Duration> {
        let held = self.held.lock().ok()?;
        let left = (*held.get(channel)? - self.clock.now()).to_std().ok()?;
        (!left.is_zero()).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_channel_that_is_held_does_not_hold_another() {
        let clock = Clock::set_at(DateTime::UNIX_EPOCH);
        let pace = Pace::new(clock.clone());
        pace.hold("C1", Some(Duration::from_secs(60)));
        assert!(matches!(
            pace.turn("C1").await,
            Err(SendError::Retry { after: Some(_), .. })
        ));
        assert_eq!(pace.turn("C2").await, Ok(()));
        clock.advance(TimeDelta::seconds(60));
        assert_eq!(pace.turn("C1").await, Ok(()));
    }

    #[tokio::test]
    async fn a_small_burst_into_one_channel_goes_out_at_once() {
        let clock = Clock::set_at(DateTime::UNIX_EPOCH);
        let pace = Pace::new(clock.clone());
        let before = std::time::Instant::now();
        for _ in 0..2 {
            for _ in 0..3 {
                pace.turn("C1").await.unwrap();
            }
            clock.advance(TimeDelta::seconds(3));
        }
        assert!(before.elapsed() < Duration::from_millis(900));
    }
}
