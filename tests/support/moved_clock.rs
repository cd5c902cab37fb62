//! A clock that stands still until the test moves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use assent_shared::domain::{Clock, RequestContext, Timestamp};

/// The clock. Its clones show the same time.
#[derive(Clone)]
pub struct MovedClock(Arc<AtomicI64>);

impl MovedClock {
    /// A clock that shows the present time.
    pub fn at_present() -> Self {
        Self(Arc::new(AtomicI64::new(RequestContext::system().now.milliseconds())))
    }

    /// Moves it on.
    pub fn pass(&self, time: Duration) {
        self.0.fetch_add(i64::try_from(time.as_millis()).expect("a short time"), Ordering::Relaxed);
    }

    /// The clock for a function.
    pub fn clock(&self) -> Clock {
        let now = Arc::clone(&self.0);
        Clock::new(move || Timestamp::from_milliseconds(now.load(Ordering::Relaxed)).expect("a time"))
    }
}
