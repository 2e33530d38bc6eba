//! What runs beside the conversation, and how it ends: one token asks everything to stop, one
//! tracker waits for what has begun, for as long as the operator grants.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a task that panicked rests before it is started again, so that a lasting cause does
/// not fill the log.
const REST: Duration = Duration::from_secs(5);

/// The process's tasks. Cheap to clone.
#[derive(Clone, Default)]
pub struct Tasks {
    stop: CancellationToken,
    running: TaskTracker,
}

impl Tasks {
    pub fn new() -> Self {
        Tasks::default()
    }

    /// Cancelled when the process is asked to stop: finish what has begun, begin nothing new.
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Runs something once. A panic in it is caught, logged and counted.
    pub fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.running.spawn(async move {
            if AssertUnwindSafe(work).catch_unwind().await.is_err() {
                panicked(name);
            }
        });
    }

    /// Keeps something running until the stop: if it panics it is logged, counted and started
    /// again. `work` returns when it sees the stop, or when it is done for good.
    pub fn keep<F>(
        &self,
        name: &'static str,
        work: impl Fn(CancellationToken) -> F + Send + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let stop = self.stop.clone();
        self.running.spawn(async move {
            while AssertUnwindSafe(work(stop.clone()))
                .catch_unwind()
                .await
                .is_err()
            {
                panicked(name);
                tokio::select! {
                    () = tokio::time::sleep(REST) => {}
                    () = stop.cancelled() => return,
                }
            }
        });
    }

    /// Asks everything to stop and waits for it, at most `grace`. Says whether all ended in time.
    pub async fn drain(&self, grace: Duration) -> bool {
        self.stop.cancel();
        self.running.close();
        tokio::time::timeout(grace, self.running.wait())
            .await
            .is_ok()
    }
}

fn panicked(name: &'static str) {
    tracing::error!(task = name, "a task panicked");
    metrics::counter!("isms_panics_total", "task" => name).increment(1);
}

/// The wish that the process should stop: SIGTERM, or Ctrl-C. Made before anything is begun, so
/// that one which comes early is not lost.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub fn listen() -> std::io::Result<Self> {
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Returns when one has come.
    pub async fn asked_to_stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_is_started_again() {
        let tasks = Tasks::new();
        let starts = Arc::new(AtomicUsize::new(0));
        let counted = starts.clone();
        tasks.keep("test", move |stop| {
            let start = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                assert!(start > 0, "the first start fails");
                stop.cancelled().await;
            }
        });
        tokio::time::sleep(REST * 2).await;
        assert_eq!(starts.load(Ordering::SeqCst), 2);
        assert!(tasks.drain(Duration::from_secs(1)).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_drain_waits_for_what_has_begun() {
        let tasks = Tasks::new();
        let done = Arc::new(AtomicUsize::new(0));
        let mark = done.clone();
        tasks.spawn("test", async move {
            tokio::time::sleep(Duration::from_secs(3)).await;
            mark.store(1, Ordering::SeqCst);
        });
        assert!(tasks.drain(Duration::from_secs(8)).await);
        assert_eq!(done.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_drain_does_not_wait_for_ever() {
        let tasks = Tasks::new();
        tasks.spawn("test", std::future::pending());
        assert!(!tasks.drain(Duration::from_secs(8)).await);
    }
}
