//! Gives callers the versions of the functions that a stack had before a deployment.

use chrono::{DateTime, FixedOffset};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;

use crate::Error;
use crate::stack::{Aws, Stack};

/// The functions that are asked for at the same time. Each call of the AWS CLI is a process.
const AT_ONCE: usize = 4;

/// What became of a function.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// Its alias names an older version now.
    SetBack { from: String, to: String },
    /// Its alias has named that version already.
    Unchanged,
    /// It has no older version.
    New,
}

/// Sets the alias of each function of a stack to the version that it had before `since`, or before the last deployment. Can
/// be repeated. `report` gets a line for each function that is set back, and one about all.
pub async fn roll_back(stack: &str, since: Option<&str>, report: impl FnMut(String)) -> Result<(), Error> {
    of_stack(&Stack::find(Aws::from_environment(), stack).await?, since, report).await
}

async fn of_stack(stack: &Stack, since: Option<&str>, mut report: impl FnMut(String)) -> Result<(), Error> {
    if stack.is_changing() {
        return Err(Error::RollBack(
            "a deployment of the stack is running: wait until it has ended, or undo it by aws cloudformation \
             cancel-update-stack"
                .to_owned(),
        ));
    }
    let Some(since) = since.or(stack.updated()) else {
        return Err(Error::RollBack("the stack was deployed once only: no function has an older version".to_owned()));
    };
    let moment =
        parse(since).ok_or_else(|| Error::RollBack(format!("{since:?} is not a time: 2026-11-29T10:00:00Z")))?;

    let aliases = stack.function_aliases().await?;
    let functions = aliases.iter().filter_map(|arn| {
        // arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS
        let mut parts = arn.splitn(8, ':').skip(6);
        Some((parts.next()?, parts.next()?))
    });
    let work = functions.map(async |(name, alias)| (name, set_back(stack, name, alias, moment).await));
    let mut outcomes = stream::iter(work).buffer_unordered(AT_ONCE);
    let (mut set, mut unchanged, mut new, mut failed) = (0, 0, 0, Vec::new());
    while let Some((name, outcome)) = outcomes.next().await {
        match outcome {
            Ok(Outcome::SetBack { from, to }) => {
                set += 1;
                report(format!("{name}: version {from} -> {to}"));
            }
            Ok(Outcome::Unchanged) => unchanged += 1,
            Ok(Outcome::New) => {
                new += 1;
                report(format!("{name}: has no older version, and stays as it is"));
            }
            Err(error) => failed.push(format!("{name}: {error}")),
        }
    }
    report(format!(
        "since {since}: {set} set back, {unchanged} had that version already, {new} without an older version"
    ));
    match failed.as_slice() {
        [] => Ok(()),
        [first, ..] => Err(Error::RollBack(format!("{} not set back, so repeat the command; {first}", failed.len()))),
    }
}

async fn set_back(stack: &Stack, name: &str, alias: &str, since: DateTime<FixedOffset>) -> Result<Outcome, Error> {
    let listed = stack.call("lambda", &["list-versions-by-function", "--function-name", name]).await?;
    let versions = listed.get("Versions").and_then(Value::as_array).into_iter().flatten();
    // All versions have numbers, except for $LATEST.
    let older = versions.filter_map(|version| {
        let number: u64 = text(version, "Version")?.parse().ok()?;
        (parse(text(version, "LastModified")?)? < since).then_some(number)
    });
    let Some(to) = older.max().map(|number| number.to_string()) else { return Ok(Outcome::New) };
    let found = stack.call("lambda", &["get-alias", "--function-name", name, "--name", alias]).await?;
    let from = text(&found, "FunctionVersion").unwrap_or_default().to_owned();
    let weights = found.pointer("/RoutingConfig/AdditionalVersionWeights").and_then(Value::as_object);
    if from == to && weights.is_none_or(serde_json::Map::is_empty) {
        return Ok(Outcome::Unchanged);
    }
    let all = ["--function-version", &to, "--routing-config", "AdditionalVersionWeights={}"];
    let update = [["update-alias", "--function-name", name, "--name", alias].as_slice(), &all].concat();
    stack.call("lambda", &update).await?;
    Ok(Outcome::SetBack { from, to })
}

fn text<'value>(value: &'value Value, name: &str) -> Option<&'value str> {
    value.get(name).and_then(Value::as_str)
}

/// A time as CloudFormation and people write it, or as Lambda does, which leaves out the colon of the offset.
fn parse(time: &str) -> Option<DateTime<FixedOffset>> {
    let time = time.strip_suffix('Z').map_or_else(|| time.to_owned(), |time| format!("{time}+0000"));
    DateTime::parse_from_str(&time, "%Y-%m-%dT%H:%M:%S%.f%z").ok()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::path::PathBuf;

    use super::*;

    /// The script in place of the AWS CLI. The files of the folder are its stack: what `describe-stacks` says, the version
    /// of each alias, and the function at which a change fails.
    const SCRIPT: &str = r#"
here=$1; shift
case "$1 $2" in
"cloudformation describe-stacks") cat "$here/stack"; exit 0 ;;
esac
case "$*" in *"--region ap-south-1 --output json") ;; *) echo "where? $*" >&2; exit 2 ;; esac
version() { echo '{"Version": "'$1'", "LastModified": "2026-11-'$2'T10:00:05.123+0000"}'; }
case "$1 $2 $4" in
"cloudformation list-stack-resources shop") echo '{"StackResourceSummaries": [
    {"ResourceType": "AWS::CloudFormation::Stack", "PhysicalResourceId": "arn:data"},
    {"ResourceType": "AWS::CloudFormation::Stack", "PhysicalResourceId": "arn:grants"}]}' ;;
"cloudformation list-stack-resources arn:data") echo '{"StackResourceSummaries": [
    {"ResourceType": "AWS::DynamoDB::Table", "PhysicalResourceId": "shop-GrantsTable"}]}' ;;
"cloudformation list-stack-resources arn:grants")
    for name in create-grant get-grant list-grants new-grant; do
        echo '{"ResourceType": "AWS::Lambda::Alias", "PhysicalResourceId": "arn:aws:lambda:ap-south-1:1:function:shop_'$name':live"}'
    done | paste -sd, | sed 's/.*/{"StackResourceSummaries": [&]}/' ;;
"lambda list-versions-by-function shop_new-grant") echo '{"Versions": ['"$(version 1 29)"']}' ;;
"lambda list-versions-by-function shop_get-grant") echo '{"Versions": ['"$(version 9 20)"', '"$(version 10 21)"']}' ;;
"lambda list-versions-by-function "*)
    echo '{"Versions": [{"Version": "$LATEST", "LastModified": "2026-11-29T10:00:05.000+0000"},
        '"$(version 1 10)"', '"$(version 9 20)"', '"$(version 10 21)"', '"$(version 11 29)"']}' ;;
"lambda get-alias "*) cat "$here/$4" ;;
"lambda update-alias "*)
    [ "$4" != "$(cat "$here/fails")" ] || { echo 'An error occurred (TooManyRequestsException)' >&2; exit 254; }
    echo "$*" >>"$here/calls"
    echo '{"FunctionVersion": "'$8'"}' >"$here/$4" ;;
*) echo "An error occurred: $*" >&2; exit 254 ;;
esac
"#;

    struct Imitation(PathBuf);

    impl Imitation {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("assent-roll-back-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            let it = Self(folder);
            it.write("aws.sh", SCRIPT);
            it.write("fails", "");
            it.deployed("UPDATE_COMPLETE", r#", "LastUpdatedTime": "2026-11-29T10:00:00.123000+00:00""#);
            for function in ["create-grant", "list-grants"] {
                it.write(&format!("shop_{function}"), r#"{"FunctionVersion": "11"}"#);
            }
            it.write("shop_get-grant", r#"{"FunctionVersion": "10"}"#);
            it.write("shop_new-grant", r#"{"FunctionVersion": "1"}"#);
            it
        }

        fn write(&self, file: &str, text: &str) {
            std::fs::write(self.0.join(file), text).unwrap();
        }

        fn deployed(&self, status: &str, updated: &str) {
            let id = "arn:aws:cloudformation:ap-south-1:123456789012:stack/shop/1";
            let stack = format!(r#"{{"Stacks": [{{"StackId": "{id}", "StackStatus": "{status}"{updated}}}]}}"#);
            self.write("stack", &stack);
        }

        async fn roll_back(&self, since: Option<&str>) -> (Vec<String>, Result<(), String>) {
            let aws = Aws::of([OsStr::new("sh"), self.0.join("aws.sh").as_os_str(), self.0.as_os_str()]);
            let stack = Stack::find(aws, "shop").await.unwrap();
            let mut lines = Vec::new();
            let done = of_stack(&stack, since, |line| lines.push(line)).await;
            lines.sort();
            (lines, done.map_err(|error| error.to_string()))
        }

        /// The calls that changed something, since this was last asked.
        fn changes(&self) -> Vec<String> {
            let calls = self.0.join("calls");
            let mut lines: Vec<_> =
                std::fs::read_to_string(&calls).unwrap_or_default().lines().map(str::to_owned).collect();
            let _ = std::fs::remove_file(calls);
            lines.sort();
            lines
        }
    }

    impl Drop for Imitation {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn change(function: &str, version: u32) -> String {
        format!(
            "lambda update-alias --function-name shop_{function} --name live --function-version {version} \
             --routing-config AdditionalVersionWeights={{}} --region ap-south-1 --output json"
        )
    }

    #[tokio::test]
    async fn what_the_last_deployment_changed_is_set_back_and_a_repeat_changes_nothing() {
        let aws = Imitation::new("last");
        let (lines, done) = aws.roll_back(None).await;
        assert_eq!(done, Ok(()));
        let new = "shop_new-grant: has no older version, and stays as it is";
        let expected = [
            "shop_create-grant: version 11 -> 10",
            "shop_list-grants: version 11 -> 10",
            new,
            "since 2026-11-29T10:00:00.123000+00:00: 2 set back, 1 had that version already, 1 without an older version",
        ];
        assert_eq!(lines, expected);
        assert_eq!(aws.changes(), [change("create-grant", 10), change("list-grants", 10)]);

        let (lines, done) = aws.roll_back(None).await;
        assert_eq!(done, Ok(()));
        assert_eq!(lines[0], new);
        assert!(lines[1].contains(": 0 set back, 3 had that version already, 1 without"), "{lines:?}");
        assert_eq!(aws.changes(), [""; 0]);
    }

    #[tokio::test]
    async fn an_earlier_moment_sets_back_further() {
        let aws = Imitation::new("earlier");
        let (_, done) = aws.roll_back(Some("2026-11-21T00:00:00Z")).await;
        assert_eq!(done, Ok(()));
        assert_eq!(aws.changes(), [change("create-grant", 9), change("get-grant", 9), change("list-grants", 9)]);
        let (_, done) = aws.roll_back(Some("yesterday")).await;
        assert!(done.unwrap_err().contains("is not a time"));
    }

    #[tokio::test]
    async fn a_version_that_gets_a_part_of_the_calls_gets_none() {
        let aws = Imitation::new("part");
        let shifting = r#"{"FunctionVersion": "10", "RoutingConfig": {"AdditionalVersionWeights": {"11": 0.1}}}"#;
        aws.write("shop_create-grant", shifting);
        aws.roll_back(None).await.1.unwrap();
        assert_eq!(aws.changes(), [change("create-grant", 10), change("list-grants", 10)]);
    }

    #[tokio::test]
    async fn one_failure_does_not_keep_the_others_and_a_repeat_completes_it() {
        let aws = Imitation::new("fails");
        aws.write("fails", "shop_create-grant");
        let (_, done) = aws.roll_back(None).await;
        let error = done.unwrap_err();
        assert!(error.contains("1 not set back, so repeat the command; shop_create-grant: "), "{error}");
        assert!(error.contains("TooManyRequests"), "{error}");
        assert_eq!(aws.changes(), [change("list-grants", 10)]);
        aws.write("fails", "");
        aws.roll_back(None).await.1.unwrap();
        assert_eq!(aws.changes(), [change("create-grant", 10)]);
    }

    #[tokio::test]
    async fn nothing_is_set_back_during_or_after_the_first_deployment() {
        let aws = Imitation::new("during");
        let updated = r#", "LastUpdatedTime": "2026-11-29T10:00:00.123Z""#;
        for status in ["UPDATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"] {
            aws.deployed(status, updated);
            assert!(aws.roll_back(None).await.1.unwrap_err().contains("is running"), "{status}");
        }
        aws.deployed("CREATE_COMPLETE", "");
        assert!(aws.roll_back(None).await.1.unwrap_err().contains("once only"));
        assert_eq!(aws.changes(), [""; 0]);
        // All functions have their new versions by then.
        aws.deployed("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", updated);
        assert_eq!(aws.roll_back(None).await.1, Ok(()));
        assert_eq!(aws.changes().len(), 2);
    }
}
