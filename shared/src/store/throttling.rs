//! What happens where `DynamoDB` throttles. Whoever goes on asking a busy
//! partition holds an instance while it waits, and soon all that the account
//! has: so a call is made twice at the most, whether all of it is throttled or
//! one action of its transaction. What else can pass, a connection that breaks
//! or another transaction, is retried elsewhere and more often.

use aws_sdk_dynamodb::config::{
    ConfigBag, Intercept, RuntimeComponents,
    interceptors::{FinalizerInterceptorContextRef, InterceptorContext},
    retry::{ClassifyRetry, RetryAction, RetryConfig},
};
use aws_smithy_runtime_api::{box_error::BoxError, client::orchestrator::HttpResponse};
use serde::Deserialize;
use std::time::Duration;

/// How often a call is made that is throttled.
const TRIES: u32 = 2;
/// The longest wait before the second try; half of it on average.
const WAIT: Duration = Duration::from_millis(200);

/// Has the SDK try a throttled call once more, and no more than that.
#[derive(Debug)]
pub(super) struct Throttling;

#[derive(Deserialize)]
struct Refused {
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
    /// The SDK knows the codes of whole calls, but not a transaction's reasons.
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

    /// The SDK is asked whether to retry after this, by the settings that it then finds.
    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if is_throttled(context.response()) {
            let retries = settings.load::<RetryConfig>().cloned().unwrap_or_else(RetryConfig::standard);
            settings.interceptor_state().store_put(retries.with_max_attempts(TRIES).with_initial_backoff(WAIT));
        }
        Ok(())
    }
}

/// Whether this is the code of a call that was throttled.
pub(super) fn throttles_call(code: &str) -> bool {
    matches!(code, "ThrottlingException" | "ProvisionedThroughputExceededException" | "RequestLimitExceeded")
}

/// Whether this is the code of a transaction's action that was throttled.
pub(super) fn throttles_action(code: &str) -> bool {
    matches!(code, "ThrottlingError" | "ProvisionedThroughputExceeded")
}

fn is_throttled(response: Option<&HttpResponse>) -> bool {
    let refused = response.filter(|response| !response.status().is_success());
    let body = refused.and_then(|response| response.body().bytes()).unwrap_or_default();
    let Ok(refused) = serde_json::from_slice::<Refused>(body) else { return false };
    // A code may stand behind the name of the service that it is of.
    let code = refused.code.rsplit('#').next().unwrap_or_default();
    let reasons = refused.reasons.iter().filter_map(|reason| reason.code.as_deref());
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
    fn a_call_is_throttled_as_a_whole_or_by_one_of_its_actions() {
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
