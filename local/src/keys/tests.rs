//! Keys on this machine, and in a stack whose AWS is played by a script.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use assent_shared::domain::Timestamp;

use super::*;

#[test]
fn tenants_have_names_and_keys_may_have() {
    assert_eq!(one_line("--tenant", " Acme Ltd ", 1).ok().as_deref(), Some("Acme Ltd"));
    assert_eq!(one_line("--label", " ", 0).ok().as_deref(), Some(""));
    for name in ["", "  ", "a\nb", &"x".repeat(201)] {
        assert!(one_line("--tenant", name, 1).is_err(), "{name:?}");
    }
    assert!(Order::parse("Acme", "a\u{1b}[2J", "*", "free").is_err());
}

#[test]
fn what_is_no_keys_id_is_said_so_and_a_secret_is_not_repeated() {
    assert_eq!(parse_id(" 00000000-0000-0000-0000-000000000000 ").ok(), Some(Uuid::nil()));
    let said = |text: &str| parse_id(text).unwrap_err().to_string();
    assert!(said("nope").starts_with("\"nope\" is no key's id"), "{}", said("nope"));
    let key = "ak_live_0123456789012345678901234567890123456789012";
    assert!(said(key).contains("keys list") && !said(key).contains("0123456789"), "{}", said(key));
}

#[test]
fn an_unknown_scope_is_told_with_those_there_are() {
    let Err(error) = Order::parse("acme", "", "notices:read,notices:delete", "free") else {
        panic!("an error is expected")
    };
    let message = error.to_string();
    assert!(message.contains("notices:read") && message.contains("events:write"), "{message}");
    assert!(message.contains("\"notices:delete\"") && !message.contains('\n'), "{message}");
    assert_eq!(
        parse_scopes(" notices:read , events:write").map(|scopes| scopes.to_string()).ok().as_deref(),
        Some("notices:read events:write")
    );
    assert!(matches!(parse_scopes("*"), Ok(Scopes::All)));
    assert!(parse_scopes("*,notices:read").is_err());
}

/// A directory of one test's own.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("assent-keys-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        Self(directory)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn template() -> Template {
    Template::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml"))).unwrap()
}

async fn empty_database() -> Dynoxide {
    let database = Dynoxide::start(None, 0, fresh_access_key_id()).unwrap();
    create_tables(&template(), database.endpoint()).await.unwrap();
    database
}

fn order(plan: &str) -> Order {
    Order::parse("Acme", "web shop", "grants:read,grants:write", plan).unwrap()
}

/// The status of each key, the oldest first.
async fn statuses(registry: &Registry) -> Vec<ApiKeyStatus> {
    registry.all().await.unwrap().iter().map(|known| known.key.status).collect()
}

#[tokio::test]
async fn a_local_key_lives_and_ends() {
    let (scratch, database) = (Scratch::new("local"), empty_database().await);
    let data = Data::open(&scratch.0).unwrap();
    let registry = registry(&template(), &data, database.endpoint()).await.unwrap();
    let plan_keys = data.usage_plan_keys();

    let Err(error) = registry.create(&order("gold")).await else { panic!("there is no such plan") };
    assert!(error.to_string().contains("enterprise, free, pro"), "{error}");
    assert!(statuses(&registry).await.is_empty());

    let first = registry.create(&order("free")).await.unwrap();
    let hash = first.text.hash();
    assert_eq!(plan_keys.plan_of(&hash.to_string()).as_deref(), Some("free"));
    let lines = registry.list().await.unwrap();
    assert!(lines.contains("active") && lines.contains("Acme, grants:read grants:write, web shop"), "{lines}");
    assert!(lines.contains(&format!("  {}  ", first.text.prefix())), "{lines}");
    assert!(!lines.contains(first.text.reveal()) && !lines.contains(&hash.to_string()), "{lines}");

    // The day of its last call is noted, once, and by nobody who only looks at it.
    let used = async || registry.find(first.caller.key_id).await.unwrap().key.last_used_on;
    let day = |text: &str| Timestamp::parse(text).unwrap();
    registry.keys.caller(&hash, registry.context.now).await.unwrap().unwrap();
    assert_eq!(used().await, None);
    for (moment, noted) in [
        ("2026-04-05T00:00:00Z", "2026-04-05"),
        ("2026-04-05T23:59:59Z", "2026-04-05"),
        ("2026-04-06T00:00:00Z", "2026-04-06"),
        ("2026-04-05T23:59:59Z", "2026-04-06"),
    ] {
        registry.keys.calling(&hash, day(moment)).await.unwrap().unwrap();
        assert_eq!(used().await.as_deref(), Some(noted), "{moment}");
    }
    assert!(registry.list().await.unwrap().contains("  2026-04-06  "));
    registry.keys.set_status(&hash, ApiKeyStatus::Disabled, &registry.context).await.unwrap();
    assert!(registry.keys.calling(&hash, day("2026-04-07T00:00:00Z")).await.unwrap().is_none());
    assert_eq!(used().await.as_deref(), Some("2026-04-06"));
    registry.keys.set_status(&hash, ApiKeyStatus::Active, &registry.context).await.unwrap();

    // The new one is like the old one, which ends a day later.
    let mut shown = String::new();
    registry.rotate(first.caller.key_id, 24, |key| key.text.reveal().clone_into(&mut shown)).await.unwrap();
    let new = ApiKeyText::parse(&shown).unwrap().hash();
    let now = registry.context.now;
    let caller = registry.keys.caller(&new, now).await.unwrap().unwrap();
    assert_eq!((caller.tenant_id, &caller.scopes), (first.caller.tenant_id, &first.caller.scopes));
    assert_eq!(plan_keys.plan_of(&new.to_string()).as_deref(), Some("free"));
    assert!(registry.keys.caller(&hash, now.plus_seconds(86_000)).await.unwrap().is_some());
    assert!(registry.keys.caller(&hash, now.plus_seconds(86_401)).await.unwrap().is_none());

    // Without an overlap it ends at once, at the gateway too.
    registry.rotate(first.caller.key_id, 0, |_| ()).await.unwrap();
    assert!(registry.keys.caller(&hash, now).await.unwrap().is_none());
    assert_eq!(plan_keys.plan_of(&hash.to_string()), None);
    assert!(registry.rotate(first.caller.key_id, 0, |_| panic!("no key is made")).await.is_err());
    assert!(registry.find(Uuid::nil()).await.is_err());
    assert_eq!(statuses(&registry).await.len(), 3);
    database.stop();
}

#[tokio::test]
async fn keys_from_before_there_were_plans_are_put_on_the_usual_one() {
    let (scratch, database) = (Scratch::new("before"), empty_database().await);
    let data = Data::open(&scratch.0).unwrap();
    let item = KeyOrder {
        tenant_name: "Acme",
        label: "",
        scopes: Scopes::All,
        expires_at: None,
        status: ApiKeyStatus::Active,
    };
    let earlier = ApiKeys::new(&database.endpoint().connect()).issue(item, &RequestContext::system()).await.unwrap();
    let registry = registry(&template(), &data, database.endpoint()).await.unwrap();
    assert!(registry.is_good("Acme", earlier.text.reveal()).await.unwrap());
    database.stop();
}

/// What plays the AWS CLI: it writes down each call of API Gateway, and fails at the one it is told to, before doing
/// it or, as where the answer is lost, after.
const SCRIPT: &str = r#"
here=$1; shift
case "$1 $2" in
"cloudformation describe-stacks")
    [ "$4" = shop ] || { echo 'An error occurred (ValidationError): Stack with id none does not exist' >&2; exit 254; }
    echo '{"Stacks": [{"StackId": "arn:aws:cloudformation:ap-south-1:123456789012:stack/shop/1", "Outputs": [
        {"OutputKey": "ApiKeysTableName", "OutputValue": "ApiKeysTable"},
        {"OutputKey": "TenantsTableName", "OutputValue": "TenantsTable"},
        {"OutputKey": "FreeUsagePlanId", "OutputValue": "plan-free"},
        {"OutputKey": "ProUsagePlanId", "OutputValue": "plan-pro"}]}]}'
    exit 0 ;;
esac
case "$*" in *"--region ap-south-1 --output json") ;; *) echo "where? $*" >&2; exit 2 ;; esac
fail=$(cat "$here/fail")
call=$(cat "$here/calls" 2>/dev/null | wc -l)
[ "$fail" != "before $call" ] || { echo "cut off" >&2; exit 1; }
echo "$*" >>"$here/calls"
case "$2" in
create-api-key)
    echo "$4 $6" >>"$here/keys"
    echo '{"id": "gw-'"$4"'"}' ;;
create-usage-plan-key) echo "$4 ${8#gw-}" >>"$here/members" ;;
get-api-keys) echo '{"items": [{"id": "gw-'"$4"'", "name": "'"$4"'"}, {"id": "other", "name": "'"$4"'-2"}]}' ;;
update-api-key) echo "$4 $6" >>"$here/disabled" ;;
get-usage-plan-keys)
    names=$(sed -n "s/^$4 \(.*\)/{\"name\": \"\1\"}/p" "$here/members" 2>/dev/null | paste -sd,)
    echo '{"items": ['"$names"']}' ;;
*) exit 2 ;;
esac
[ "$fail" != "after $call" ] || { echo "cut off" >&2; exit 1; }
"#;

struct Played {
    scratch: Scratch,
    database: Dynoxide,
    registry: Registry,
}

impl Played {
    async fn new(name: &str) -> Self {
        let (scratch, database) = (Scratch::new(name), empty_database().await);
        let script = scratch.0.join("aws.sh");
        std::fs::write(&script, SCRIPT).unwrap();
        let aws = Aws::of([OsStr::new("sh"), script.as_os_str(), scratch.0.as_os_str()]);
        assert!(
            Stack::find(aws.clone(), "none").await.is_err_and(|error| error.to_string().contains("does not exist"))
        );
        let stack = Stack::find(aws, "shop").await.unwrap();
        let keys = ApiKeys::new(&database.endpoint().connect());
        let played = Self {
            scratch,
            database,
            registry: Registry { keys, plans: Plans::Stack(stack), context: RequestContext::system() },
        };
        played.fail("never");
        played
    }

    fn fail(&self, when: &str) {
        std::fs::write(self.scratch.0.join("fail"), when).unwrap();
        let _ = std::fs::remove_file(self.scratch.0.join("calls"));
    }

    fn noted(&self, file: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.scratch.0.join(file)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Every key of the table that opens a door is one that API Gateway knows, on one plan.
    async fn nothing_is_half_open(&self) {
        let (known, members) = (self.noted("keys"), self.noted("members"));
        for key in self.registry.all().await.unwrap() {
            let name = format!("shop-{}", key.key.caller.key_id);
            if key.key.status == ApiKeyStatus::Active {
                assert!(known.contains(&format!("{name} {}", key.hash)), "{name} is active and unknown");
                assert_eq!(members.iter().filter(|member| member.ends_with(&name)).count(), 1, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn a_stacks_key_lives_and_ends() {
    let played = Played::new("stack").await;
    let registry = &played.registry;
    let Err(error) = registry.create(&order("enterprise")).await else { panic!("there is no such plan") };
    assert!(error.to_string().contains("free, pro"), "{error}");
    let issued = registry.create(&order("pro")).await.unwrap();
    let (name, hash) = (format!("shop-{}", issued.caller.key_id), issued.text.hash());
    assert_eq!(played.noted("keys"), [format!("{name} {hash}")]);
    assert_eq!(played.noted("members"), [format!("plan-pro {name}")]);
    assert!(registry.keys.caller(&hash, registry.context.now).await.unwrap().is_some());
    let lines = registry.list().await.unwrap();
    assert!(lines.contains("pro") && !lines.contains("free"), "{lines}");

    let mut shown = String::new();
    registry.rotate(issued.caller.key_id, 0, |key| key.text.reveal().clone_into(&mut shown)).await.unwrap();
    assert!(registry.keys.caller(&hash, registry.context.now).await.unwrap().is_none());
    assert_eq!(played.noted("disabled"), [format!("gw-{name} op=replace,path=/enabled,value=false")]);
    assert_eq!(played.noted("members").len(), 2);
    played.nothing_is_half_open().await;

    // Neither key's text was given to anybody but to the one who asked for it.
    for file in ["calls", "keys", "members", "disabled"] {
        let noted = played.noted(file).join("\n");
        assert!(
            !noted.contains(issued.text.reveal()) && !noted.contains(&shown) && !noted.contains("ak_live_"),
            "{noted}"
        );
    }
    played.database.stop();
}

#[tokio::test]
async fn a_crash_while_a_key_is_made_leaves_nothing_half_open() {
    for when in ["before 0", "after 0", "before 1", "after 1"] {
        let played = Played::new(&when.replace(' ', "-")).await;
        played.fail(when);
        assert!(played.registry.create(&order("free")).await.is_err(), "{when}");
        // The item stood there before API Gateway was asked for anything, and is switched off.
        assert_eq!(statuses(&played.registry).await, [ApiKeyStatus::Disabled], "{when}");
        played.nothing_is_half_open().await;
        played.fail("never");
        // Given again, it works; what was left is tidied up by its id.
        played.registry.create(&order("free")).await.unwrap();
        let left = played.registry.all().await.unwrap();
        let left = left.iter().find(|known| known.key.status == ApiKeyStatus::Disabled).unwrap();
        played.registry.disable(left).await.unwrap();
        let mut counted = BTreeMap::new();
        for status in statuses(&played.registry).await {
            *counted.entry(format!("{status:?}")).or_insert(0) += 1;
        }
        assert_eq!(counted, BTreeMap::from([("Active".to_owned(), 1), ("Disabled".to_owned(), 1)]), "{when}");
        played.nothing_is_half_open().await;
        played.database.stop();
    }
}

#[tokio::test]
async fn a_crash_while_a_key_is_ended_leaves_it_shut() {
    for when in ["before 0", "after 0", "before 1", "after 1"] {
        let played = Played::new(&format!("end-{}", when.replace(' ', "-"))).await;
        let issued = played.registry.create(&order("free")).await.unwrap();
        let known = played.registry.find(issued.caller.key_id).await.unwrap();
        played.fail(when);
        assert!(played.registry.disable(&known).await.is_err(), "{when}");
        assert_eq!(statuses(&played.registry).await, [ApiKeyStatus::Disabled], "{when}");
        played.fail("never");
        played.registry.disable(&known).await.unwrap();
        assert!(!played.noted("disabled").is_empty(), "{when}");
        played.database.stop();
    }
}

#[tokio::test]
async fn a_crash_while_a_key_is_rotated_leaves_the_old_one_as_it_was() {
    // Two calls look for its plan, two make the new one.
    for call in 0..4 {
        let played = Played::new(&format!("rotate-{call}")).await;
        let issued = played.registry.create(&order("free")).await.unwrap();
        played.fail(&format!("before {call}"));
        let done = played.registry.rotate(issued.caller.key_id, 24, |_| panic!("no key is shown")).await;
        assert!(done.is_err(), "{call}");
        let caller = played.registry.keys.caller(&issued.text.hash(), played.registry.context.now).await.unwrap();
        assert!(caller.is_some_and(|caller| caller.expires_at.is_none()), "{call}");
        played.nothing_is_half_open().await;
        played.database.stop();
    }
}
