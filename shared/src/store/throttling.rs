//! Retries of throttled requests to `DynamoDB`. A function that retries on a busy
//! partition occupies a Lambda instance while it waits, and many of them would soon
//! occupy all instances of the account. So a request that is throttled, as a whole or
//! in one action of its transaction, is sent at most twice. Other temporary errors,
//! such as a broken connection or a transaction conflict, are retried elsewhere and
//! more often.

use aws_sdk_dynamodb::config::{
    ConfigBag, Intercept, RuntimeComponents,
    interceptors::{FinalizerInterceptorContextRef, InterceptorContext},
    retry::{ClassifyRetry, RetryAction, RetryConfig},
};
use aws_smithy_runtime_api::{box_error::BoxError, client::orchestrator::HttpResponse};
use serde::Deserialize;
use std::time::Duration;

/// How often a throttled request is sent.
pub const THROTTLED_TRIES: u32 = 2;
/// The longest wait before the second try. The average is half of it.
pub const THROTTLED_WAIT: Duration = Duration::from_millis(200);

/// Makes the SDK send a throttled request once more, and no more often.
#[derive(Debug)]
pub(super) struct Throttling;

#[derive(Deserialize)]
struct ErrorBody {
    #[serde(rename = "__type", default)]
    code: String,
    #[serde(rename = "CancellationReasons", default)]
    reasons: Vec<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    #[serde(rename = "Code")]
    code: Option<String>,
}

impl ClassifyRetry for Throttling {
    /// The SDK checks the code of a response, but not the reasons of a cancelled transaction.
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        if is_throttled(context.response()) { RetryAction::throttling_error() } else { RetryAction::NoActionIndicated }
    }

    fn name(&self) -> &'static str {
        "throttling"
    }
}

impl Intercept for Throttling {
    fn name(&self) -> &'static str {
        "throttling"
    }

    /// The SDK decides about a retry after this, with the changed settings.
    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if is_throttled(context.response()) {
            let retries = settings.load::<RetryConfig>().cloned().unwrap_or_else(RetryConfig::standard);
            settings
                .interceptor_state()
                .store_put(retries.with_max_attempts(THROTTLED_TRIES).with_initial_backoff(THROTTLED_WAIT));
        }
        Ok(())
    }
}

/// Whether this code means that a request was throttled.
pub(super) fn throttles_call(code: &str) -> bool {
    matches!(code, "ThrottlingException" | "ProvisionedThroughputExceededException" | "RequestLimitExceeded")
}

/// Whether this code means that an action of a transaction was throttled.
pub(super) fn throttles_action(code: &str) -> bool {
    matches!(code, "ThrottlingError" | "ProvisionedThroughputExceeded")
}

fn is_throttled(response: Option<&HttpResponse>) -> bool {
    let error = response.filter(|response| !response.status().is_success());
    let body = error.and_then(|response| response.body().bytes()).unwrap_or_default();
    let Ok(error) = serde_json::from_slice::<ErrorBody>(body) else { return false };
    // The code may follow the name of its service and a `#`.
    let code = error.code.rsplit('#').next().unwrap_or_default();
    let reasons = error.reasons.iter().filter_map(|reason| reason.code.as_deref());
    throttles_call(code) || reasons.into_iter().any(throttles_action)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::body::SdkBody;
    use serde_json::{Value, json};

    fn throttled(status: u16, body: &Value) -> bool {
        let status = status.try_into().unwrap();
        is_throttled(Some(&HttpResponse::new(status, SdkBody::from(body.to_string()))))
    }

    #[test]
    fn a_request_is_throttled_as_a_whole_or_by_one_of_its_actions() {
        let of_dynamodb = |code: &str| json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}") });
        for code in ["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"] {
            assert!(throttled(400, &of_dynamodb(code)), "{code}");
            assert!(throttled(400, &json!({ "__type": code })), "{code}");
            assert!(!throttled(200, &of_dynamodb(code)), "{code}");
        }
        let cancelled = |code: &str| {
            let mut body = of_dynamodb("TransactionCanceledException");
            body["CancellationReasons"] = json!([{ "Code": "None" }, { "Code": code, "Message": "…" }]);
            body
        };
        for code in ["ThrottlingError", "ProvisionedThroughputExceeded"] {
            assert!(throttled(400, &cancelled(code)), "{code}");
        }
        for code in ["TransactionConflict", "ConditionalCheckFailed", "None"] {
            assert!(!throttled(400, &cancelled(code)), "{code}");
        }
        for other in ["TransactionInProgressException", "TransactionConflictException", "InternalServerError"] {
            assert!(!throttled(400, &of_dynamodb(other)), "{other}");
        }
        assert!(!throttled(400, &json!("ThrottlingException")));
        assert!(!is_throttled(None));
    }
}
