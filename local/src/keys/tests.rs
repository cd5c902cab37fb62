//! Keys on this machine, and in a stack. A script stands in for the AWS CLI.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use assent_shared::domain::Timestamp;
use assent_shared::domain::ack_within::AckWithin;
use assent_shared::domain::recipient::{
    Delivery, RecipientEvents, RecipientName, RecipientProfile, RecipientPurposes, RecipientRole,
};
use assent_shared::domain::state_tag::ExpectedState;
use assent_shared::store::UnitOfWork;

use super::*;

#[test]
fn a_tenant_needs_a_name_and_a_key_may_have_a_label() {
    assert_eq!(one_line("--tenant", " Acme Ltd ", 1).ok().as_deref(), Some("Acme Ltd"));
    assert_eq!(one_line("--label", " ", 0).ok().as_deref(), Some(""));
    for name in ["", "  ", "a\nb", &"x".repeat(201)] {
        assert!(one_line("--tenant", name, 1).is_err(), "{name:?}");
    }
    assert!(Order::parse("Acme", "a\u{1b}[2J", "*", "free").is_err());
}

#[test]
fn an_invalid_id_is_an_error_that_does_not_repeat_a_key() {
    assert_eq!(parse_id(" 00000000-0000-0000-0000-000000000000 ").ok(), Some(Uuid::nil()));
    let message = |text: &str| parse_id(text).unwrap_err().to_string();
    assert!(message("nope").starts_with("\"nope\" is not the id of a key"), "{}", message("nope"));
    let key = "ak_live_0123456789012345678901234567890123456789012";
    assert!(message(key).contains("keys list") && !message(key).contains("0123456789"), "{}", message(key));
}

#[test]
fn the_error_for_an_unknown_scope_lists_the_scopes() {
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

/// A directory for one test.
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
    Template::own().unwrap()
}

async fn empty_database() -> Engine {
    let database = Engine::memory().unwrap();
    database.create_tables(&template()).await.unwrap();
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
async fn a_local_key_is_created_rotated_and_disabled() {
    let (scratch, database) = (Scratch::new("local"), empty_database().await);
    let data = Data::open(&scratch.0).unwrap();
    let registry = registry(&template(), &data, &database.connect()).await.unwrap();
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

    // Only `calling` records the day of the last use, and the day never goes back.
    let used = async || registry.find(first.caller.key_id).await.unwrap().key.last_used_on;
    let day = |text: &str| Timestamp::parse(text).unwrap();
    registry.keys.caller(&hash, registry.context.now).await.unwrap().unwrap();
    assert_eq!(used().await, None);
    for (moment, recorded) in [
        ("2026-04-05T00:00:00Z", "2026-04-05"),
        ("2026-04-05T23:59:59Z", "2026-04-05"),
        ("2026-04-06T00:00:00Z", "2026-04-06"),
        ("2026-04-05T23:59:59Z", "2026-04-06"),
    ] {
        registry.keys.calling(&hash, day(moment)).await.unwrap().unwrap();
        assert_eq!(used().await.as_deref(), Some(recorded), "{moment}");
    }
    assert!(registry.list().await.unwrap().contains("  2026-04-06  "));
    registry.keys.set_status(&hash, ApiKeyStatus::Disabled, &registry.context).await.unwrap();
    assert!(registry.keys.calling(&hash, day("2026-04-07T00:00:00Z")).await.unwrap().is_none());
    assert_eq!(used().await.as_deref(), Some("2026-04-06"));
    registry.keys.set_status(&hash, ApiKeyStatus::Active, &registry.context).await.unwrap();

    // For a site, a valid key is read once in five seconds. One that is not valid is read each time.
    let moment = |milliseconds: i64| {
        let begun = day("2026-04-08T00:00:00Z").milliseconds();
        Timestamp::from_milliseconds(begun + milliseconds).unwrap()
    };
    let on_site = async |milliseconds| registry.keys.calling_site(&hash, moment(milliseconds)).await.unwrap().is_some();
    assert!(on_site(0).await);
    assert_eq!(used().await.as_deref(), Some("2026-04-08"));
    registry.keys.set_status(&hash, ApiKeyStatus::Disabled, &registry.context).await.unwrap();
    assert!(on_site(4_999).await);
    assert!(registry.keys.calling(&hash, moment(4_999)).await.unwrap().is_none());
    assert!(!on_site(5_000).await);
    registry.keys.set_status(&hash, ApiKeyStatus::Active, &registry.context).await.unwrap();
    assert!(on_site(5_001).await);
    // The end that a key had when it was read is exact.
    registry.keys.end_at(&hash, moment(12_000), &registry.context).await.unwrap();
    assert!(on_site(10_001).await);
    assert!(on_site(11_999).await);
    assert!(!on_site(12_000).await);
    let never = Timestamp::parse("2150-01-01T00:00:00Z").unwrap();
    registry.keys.end_at(&hash, never, &registry.context).await.unwrap();
    assert!(on_site(12_001).await);

    // The new key is like the old one, which expires a day later.
    let mut shown = String::new();
    registry.rotate(first.caller.key_id, 24, |key| key.text.reveal().clone_into(&mut shown)).await.unwrap();
    let new = ApiKeyText::parse(&shown).unwrap().hash();
    let now = registry.context.now;
    let caller = registry.keys.caller(&new, now).await.unwrap().unwrap();
    assert_eq!((caller.tenant_id, &caller.scopes), (first.caller.tenant_id, &first.caller.scopes));
    assert_eq!(plan_keys.plan_of(&new.to_string()).as_deref(), Some("free"));
    assert!(registry.keys.caller(&hash, now.plus_seconds(86_000)).await.unwrap().is_some());
    assert!(registry.keys.caller(&hash, now.plus_seconds(86_401)).await.unwrap().is_none());

    // Without an overlap, the old key ends at once, at the gateway too.
    registry.rotate(first.caller.key_id, 0, |_| ()).await.unwrap();
    assert!(registry.keys.caller(&hash, now).await.unwrap().is_none());
    assert_eq!(plan_keys.plan_of(&hash.to_string()), None);
    assert!(registry.rotate(first.caller.key_id, 0, |_| panic!("no key is created")).await.is_err());
    assert!(registry.find(Uuid::nil()).await.is_err());
    assert_eq!(statuses(&registry).await.len(), 3);
}

#[tokio::test]
async fn a_recipient_of_the_tenant_has_a_key_until_it_ends() {
    let (scratch, engine) = (Scratch::new("recipient"), empty_database().await);
    let (data, database) = (Data::open(&scratch.0).unwrap(), engine.connect());
    let registry = registry(&template(), &data, &database).await.unwrap();
    let context = &registry.context;
    let tenant = registry.create(&order("free")).await.unwrap().caller.tenant_id;
    let profile = RecipientProfile {
        name: RecipientName::parse("Mail").unwrap(),
        role: RecipientRole::Processor,
        purposes: RecipientPurposes::All,
        events: RecipientEvents::All,
        country: None,
        contact: None,
        ack_within: AckWithin::default(),
        delivery: Delivery::Pull,
    };
    let mut unit = UnitOfWork::new(context);
    let (made, _) = registry.recipients.create(&mut unit, tenant, profile).await.unwrap();
    unit.commit(&database).await.unwrap();
    let id = made.recipient.id;
    let of = |tenant: &str, recipient: &str| Order::parse(tenant, "", "*", "free").unwrap().of_recipient(recipient);

    let issued = registry.create(&of("Acme", &id.to_string()).unwrap()).await.unwrap();
    let caller = registry.keys.caller(&issued.text.hash(), context.now).await.unwrap().unwrap();
    assert_eq!((caller.recipient(), caller.tenant_id), (Some(id), tenant));
    assert_eq!(caller.scopes.to_string(), "deliveries:read deliveries:write");
    let lines = registry.list().await.unwrap();
    assert!(lines.contains(&format!("Acme, deliveries:read deliveries:write of {id}, -")), "{lines}");
    let mut next = None;
    let rotated = registry.rotate(issued.caller.key_id, 1, |key| next = Some(key.caller.clone())).await;
    rotated.unwrap();
    assert_eq!(next.map(|key| (key.recipient(), key.scopes)), Some((Some(id), caller.scopes)));

    // Others' recipients, those of no one, and what has ended get none, and no tenant is created.
    let before = statuses(&registry).await.len();
    registry.create(&Order::parse("Other", "", "*", "free").unwrap()).await.unwrap();
    for (tenant, recipient) in
        [("Other", id.to_string()), ("None", id.to_string()), ("Acme", "rcp_01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned())]
    {
        let refused = registry.create(&of(tenant, &recipient).unwrap()).await.map(|key| key.caller);
        assert!(refused.is_err_and(|error| error.to_string().contains("has no recipient")), "{tenant} {recipient}");
    }
    assert_eq!(registry.keys.tenant_named("None").await.unwrap(), None);
    let mut unit = UnitOfWork::new(context);
    registry.recipients.end(&mut unit, tenant, id, &ExpectedState::Any).await.unwrap();
    unit.commit(&database).await.unwrap();
    let refused = registry.create(&of("Acme", &id.to_string()).unwrap()).await.map(|key| key.caller);
    assert!(refused.is_err_and(|error| error.to_string().contains("has ended")));
    assert_eq!(statuses(&registry).await.len(), before + 1);
    assert!(of("Acme", "rcp_1").is_err_and(|error| error.to_string().contains("not the id of a recipient")));
}

#[tokio::test]
async fn keys_from_before_there_were_plans_get_the_default_plan() {
    let (scratch, database) = (Scratch::new("before"), empty_database().await);
    let data = Data::open(&scratch.0).unwrap();
    let item = KeyOrder {
        tenant_name: "Acme",
        label: "",
        scopes: Scopes::All,
        expires_at: None,
        status: ApiKeyStatus::Active,
        recipient_id: None,
    };
    let earlier = ApiKeys::new(&database.connect()).issue(item, &RequestContext::system()).await.unwrap();
    let registry = registry(&template(), &data, &database.connect()).await.unwrap();
    assert!(registry.is_valid_demo_key("Acme", earlier.text.reveal()).await.unwrap());
}

/// The script in place of the AWS CLI. It records each call to API Gateway, and fails at the call that `fail` names,
/// before it does it, or after it, as if the response was lost.
const SCRIPT: &str = r#"
here=$1; shift
case "$1 $2" in
"cloudformation describe-stacks")
    [ "$4" = shop ] || { echo 'An error occurred (ValidationError): Stack with id none does not exist' >&2; exit 254; }
    echo '{"Stacks": [{"StackId": "arn:aws:cloudformation:ap-south-1:123456789012:stack/shop/1", "Outputs": [
        {"OutputKey": "ApiKeysTableName", "OutputValue": "ApiKeysTable"},
        {"OutputKey": "TenantsTableName", "OutputValue": "TenantsTable"},
        {"OutputKey": "RecipientsTableName", "OutputValue": "RecipientsTable"},
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
delete-api-key) echo "$4" >>"$here/deleted" ;;
get-usage-plan-keys)
    names=$(sed -n "s/^$4 \(.*\)/{\"name\": \"\1\"}/p" "$here/members" 2>/dev/null | paste -sd,)
    echo '{"items": ['"$names"']}' ;;
*) exit 2 ;;
esac
[ "$fail" != "after $call" ] || { echo "cut off" >&2; exit 1; }
"#;

struct ScriptedStack {
    scratch: Scratch,
    registry: Registry,
}

impl ScriptedStack {
    async fn new(name: &str) -> Self {
        let (scratch, database) = (Scratch::new(name), empty_database().await);
        let script = scratch.0.join("aws.sh");
        std::fs::write(&script, SCRIPT).unwrap();
        let aws = Aws::of([OsStr::new("sh"), script.as_os_str(), scratch.0.as_os_str()]);
        assert!(
            Stack::find(aws.clone(), "none").await.is_err_and(|error| error.to_string().contains("does not exist"))
        );
        let stack = Stack::find(aws, "shop").await.unwrap();
        let (keys, recipients) = (ApiKeys::new(&database.connect()), Recipients::new(&database.connect()));
        let stack = Self {
            scratch,
            registry: Registry { keys, recipients, plans: Plans::Stack(stack), context: RequestContext::system() },
        };
        stack.fail("never");
        stack
    }

    fn fail(&self, when: &str) {
        std::fs::write(self.scratch.0.join("fail"), when).unwrap();
        let _ = std::fs::remove_file(self.scratch.0.join("calls"));
    }

    fn recorded(&self, file: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.scratch.0.join(file)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Checks that API Gateway has each active key of the table, on one plan.
    async fn check_active_keys(&self) {
        let (known, members) = (self.recorded("keys"), self.recorded("members"));
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
async fn a_key_of_a_stack_is_created_and_rotated() {
    let stack = ScriptedStack::new("stack").await;
    let registry = &stack.registry;
    let Err(error) = registry.create(&order("enterprise")).await else { panic!("there is no such plan") };
    assert!(error.to_string().contains("free, pro"), "{error}");
    let issued = registry.create(&order("pro")).await.unwrap();
    let (name, hash) = (format!("shop-{}", issued.caller.key_id), issued.text.hash());
    assert_eq!(stack.recorded("keys"), [format!("{name} {hash}")]);
    assert_eq!(stack.recorded("members"), [format!("plan-pro {name}")]);
    assert!(registry.keys.caller(&hash, registry.context.now).await.unwrap().is_some());
    let lines = registry.list().await.unwrap();
    assert!(lines.contains("pro") && !lines.contains("free"), "{lines}");

    let mut shown = String::new();
    registry.rotate(issued.caller.key_id, 0, |key| key.text.reveal().clone_into(&mut shown)).await.unwrap();
    assert!(registry.keys.caller(&hash, registry.context.now).await.unwrap().is_none());
    assert_eq!(stack.recorded("deleted"), [format!("gw-{name}")]);
    assert_eq!(stack.recorded("members").len(), 2);
    stack.check_active_keys().await;

    // The AWS CLI never gets the text of a key.
    for file in ["calls", "keys", "members", "deleted"] {
        let recorded = stack.recorded(file).join("\n");
        assert!(
            !recorded.contains(issued.text.reveal()) && !recorded.contains(&shown) && !recorded.contains("ak_live_"),
            "{recorded}"
        );
    }
}

#[tokio::test]
async fn a_crash_during_create_leaves_a_disabled_key() {
    for when in ["before 0", "after 0", "before 1", "after 1"] {
        let stack = ScriptedStack::new(&when.replace(' ', "-")).await;
        stack.fail(when);
        assert!(stack.registry.create(&order("free")).await.is_err(), "{when}");
        // The item was written before API Gateway was called, and is disabled.
        assert_eq!(statuses(&stack.registry).await, [ApiKeyStatus::Disabled], "{when}");
        stack.check_active_keys().await;
        stack.fail("never");
        // A repeat succeeds, and the key that was left behind can be disabled by its id.
        stack.registry.create(&order("free")).await.unwrap();
        let left = stack.registry.all().await.unwrap();
        let left = left.iter().find(|known| known.key.status == ApiKeyStatus::Disabled).unwrap();
        stack.registry.disable(left).await.unwrap();
        let mut counted = BTreeMap::new();
        for status in statuses(&stack.registry).await {
            *counted.entry(format!("{status:?}")).or_insert(0) += 1;
        }
        assert_eq!(counted, BTreeMap::from([("Active".to_owned(), 1), ("Disabled".to_owned(), 1)]), "{when}");
        stack.check_active_keys().await;
    }
}

#[tokio::test]
async fn a_crash_during_disable_leaves_a_disabled_key() {
    for when in ["before 0", "after 0", "before 1", "after 1"] {
        let stack = ScriptedStack::new(&format!("end-{}", when.replace(' ', "-"))).await;
        let issued = stack.registry.create(&order("free")).await.unwrap();
        let known = stack.registry.find(issued.caller.key_id).await.unwrap();
        stack.fail(when);
        assert!(stack.registry.disable(&known).await.is_err(), "{when}");
        assert_eq!(statuses(&stack.registry).await, [ApiKeyStatus::Disabled], "{when}");
        stack.fail("never");
        stack.registry.disable(&known).await.unwrap();
        assert!(!stack.recorded("deleted").is_empty(), "{when}");
    }
}

#[tokio::test]
async fn a_crash_during_rotate_leaves_the_old_key_unchanged() {
    // Two calls look up the plan, and two create the new key.
    for call in 0..4 {
        let stack = ScriptedStack::new(&format!("rotate-{call}")).await;
        let issued = stack.registry.create(&order("free")).await.unwrap();
        stack.fail(&format!("before {call}"));
        let done = stack.registry.rotate(issued.caller.key_id, 24, |_| panic!("no key is shown")).await;
        assert!(done.is_err(), "{call}");
        let caller = stack.registry.keys.caller(&issued.text.hash(), stack.registry.context.now).await.unwrap();
        assert!(caller.is_some_and(|caller| caller.expires_at.is_none()), "{call}");
        stack.check_active_keys().await;
    }
}
