//! Requests that are carried out in steps. Each step is a unit of work that stores its
//! own progress. If a request stops before its end, what it says of itself is correct,
//! and the same call again continues it.

use crate::{
    domain::progress::Progress,
    store::{Database, Error, UnitOfWork},
};

/// The most steps of one call. The next call continues.
const STEPS: usize = 60;
/// The age of a call, in milliseconds, after which it begins no further step: well
/// below the functions' time limit of 10 seconds.
const LATEST_STEP: i64 = 5_000;

/// The steps of a kind of request.
pub(super) trait Steps {
    /// The request and its progress, as they are stored.
    type Request;

    /// How far the request is.
    fn progress(request: &Self::Request) -> Progress;

    /// Adds the next step and the request after it to `unit`, and returns that request;
    /// `None` if nothing is left to do.
    async fn next(&self, unit: &mut UnitOfWork, request: &Self::Request) -> Result<Option<Self::Request>, Error>;

    /// Adds the completed request to `unit`, and returns it.
    fn complete(&self, unit: &mut UnitOfWork, request: &Self::Request) -> Result<Self::Request, Error>;

    /// The request as it is stored now.
    async fn current(&self, request: &Self::Request) -> Result<Self::Request, Error>;
}

/// Continues a request as far as one call can. All steps but the last are committed
/// here. The last one, which completes the request, is added to `unit`.
pub(super) async fn carry_out<S: Steps>(
    steps: &S,
    database: &Database,
    unit: &mut UnitOfWork,
    mut request: S::Request,
) -> Result<S::Request, Error> {
    let context = unit.context().clone();
    for count in 0..STEPS {
        let completed = S::progress(&request) == Progress::Completed;
        if completed || (count > 0 && context.age() > LATEST_STEP) {
            break;
        }
        let mut step = UnitOfWork::new(&context);
        let Some(next) = steps.next(&mut step, &request).await? else {
            return steps.complete(unit, &request);
        };
        request = match step.commit(database).await {
            Ok(()) => next,
            // The data has changed meanwhile, or a concurrent call has made a step.
            Err(Error::Stale) => steps.current(&request).await?,
            Err(error) => return Err(error),
        };
    }
    Ok(request)
}
