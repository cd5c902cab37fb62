//! The commands that manage API keys and the shards of lists, and the script that removes a stack.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use assent_shared::domain::api_key::ApiKeyText;
use assent_tests::fixtures::unique;
use assent_tests::lone_function::binary;
use assent_tests::system::System;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

crate::trials![
    a_folder_without_a_database_gets_no_key,
    the_key_is_printed_on_stdout_and_its_id_on_stderr,
    a_malformed_key_id_is_reported,
    the_number_of_shards_of_a_list_is_changed,
    a_stack_is_removed_with_what_is_its_own,
];

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(unique("commands")))
    }

    async fn keys(&self, arguments: &[&str]) -> (Output, String, String) {
        self.run("keys", arguments).await
    }

    async fn run(&self, subcommand: &str, arguments: &[&str]) -> (Output, String, String) {
        let mut command = Command::new(binary("assent").expect("the folder of the programs"));
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        command.arg(subcommand).args(arguments).arg("--data").arg(&self.0).current_dir(root);
        let output = command.kill_on_drop(true).output().await.expect("the command runs");
        let text = |said: &[u8]| String::from_utf8(said.to_vec()).expect("text");
        let (said, beside) = (text(&output.stdout), text(&output.stderr));
        (output, said, beside)
    }
}

async fn a_folder_without_a_database_gets_no_key(_: &'static System) {
    let folder = Folder::new();
    for made in [false, true] {
        if made {
            std::fs::create_dir(&folder.0).expect("a folder");
        }
        for arguments in [&["create", "--tenant", "acme"][..], &["list"]] {
            let (output, said, beside) = folder.keys(arguments).await;
            assert!(!output.status.success() && said.is_empty() && beside.contains("holds no database"), "{output:?}");
        }
        let left = std::fs::read_dir(&folder.0).map(Iterator::count).ok();
        assert_eq!(left, made.then_some(0));
    }
}

async fn the_key_is_printed_on_stdout_and_its_id_on_stderr(_: &'static System) {
    let folder = Folder::new();
    std::fs::create_dir(&folder.0).expect("a folder");
    // A database without a table.
    std::fs::write(folder.0.join("dynamodb.sqlite"), "").expect("a file");
    let (output, said, beside) = folder.keys(&["create", "--tenant", "acme", "--label", "web shop"]).await;
    assert!(output.status.success(), "{output:?}");
    let key = said.strip_suffix('\n').and_then(ApiKeyText::parse).expect("a key, and nothing else");
    let (_, list, _) = folder.keys(&["list"]).await;
    let line = list.lines().last().expect("a key");
    let id = line.split(' ').next().expect("an id");
    assert!(line.contains(key.prefix()) && line.ends_with("acme, *, web shop"), "{list}");
    assert!(beside.contains(id) && beside.contains(key.prefix()), "{beside}");
    assert!(!beside.contains(key.reveal()) && !list.contains(key.reveal()), "{beside}");
}

async fn a_malformed_key_id_is_reported(_: &'static System) {
    let folder = Folder::new();
    for command in ["disable", "rotate"] {
        let (output, said, beside) = folder.keys(&[command, "nope"]).await;
        assert!(!output.status.success() && said.is_empty(), "{output:?}");
        assert!(
            beside.starts_with("assent: \"nope\" is not the id of a key") && beside.contains("keys list"),
            "{beside}"
        );
    }
}

async fn the_number_of_shards_of_a_list_is_changed(_: &'static System) {
    let folder = Folder::new();
    std::fs::create_dir(&folder.0).expect("a folder");
    std::fs::write(folder.0.join("dynamodb.sqlite"), "").expect("a file");
    let (created, ..) = folder.keys(&["create", "--tenant", "acme"]).await;
    assert!(created.status.success(), "{created:?}");
    let set = async |tenant: &str, list: &str, count: &str| {
        folder.run("shards", &["set", "--tenant", tenant, "--list", list, "--count", count]).await
    };
    let (output, said, _) = set("acme", "records", "16").await;
    assert!(output.status.success() && said.contains("16 shards from 20"), "{output:?}");
    for (tenant, list, count, error) in [
        ("acme", "records", "16", "is the number that the list has"),
        ("acme", "records", "12", "must be a power of two"),
        ("acme", "record", "16", "must be one of notices, grants, records"),
        ("acne", "records", "16", "there is no tenant"),
    ] {
        let (output, said, beside) = set(tenant, list, count).await;
        assert!(!output.status.success() && said.is_empty() && beside.contains(error), "{output:?}");
    }
    let (_, shown, _) = folder.run("shards", &["show", "--tenant", "acme"]).await;
    let of_records: Vec<&str> = shown.lines().filter(|line| line.starts_with("records")).collect();
    assert!(shown.lines().count() == 9 && of_records.len() == 2 && of_records[1].contains("16 shards from"), "{shown}");
}

/// In place of the AWS CLI: an account with the stacks `shop` and `shop-two`. It notes what changes something.
const AWS: &str = r#"#!/bin/sh
here=$(dirname "$0")
case "$1 $2" in
"cloudformation describe-stacks") grep -v -x -f "$here/deleted" <<END
shop
shop-Data-1A2B
shop-Consents-3C4D
shop-two
shop-two-Data-5E6F
END
    exit 0 ;;
"cloudformation list-stack-resources")
    [ "$4" = shop-Data-1A2B ] || exit 2
    case "$*" in
    *DynamoDB*) printf 'shop-EventsTable\nshop-GrantsTable\n' ;;
    *SecretsManager*) echo arn:secret ;;
    *TablesKey*) echo of-tables ;;
    esac
    exit 0 ;;
"dynamodb list-tables") printf 'shop-GrantsTable\nshop-two-GrantsTable\n'; exit 0 ;;
"kms describe-key") echo Enabled; exit 0 ;;
"apigateway get-api-keys")
    printf 'shop-11d7500b-1d1b-4774-90c8-e5e2cd7283c9\tone\nshop-two-11d7500b-1d1b-4774-90c8-e5e2cd7283c9\ttwo\n'
    exit 0 ;;
*" wait") exit 0 ;;
esac
echo "$*" >>"$here/calls"
[ "$1 $2" != "cloudformation delete-stack" ] || echo "$4" >>"$here/deleted"
"#;

async fn a_stack_is_removed_with_what_is_its_own(_: &'static System) {
    let folder = Folder::new();
    std::fs::create_dir(&folder.0).expect("a folder");
    let file = folder.0.join("aws");
    std::fs::write(&file, AWS).expect("a file");
    std::fs::set_permissions(&file, Permissions::from_mode(0o700)).expect("a program");
    std::fs::write(folder.0.join("deleted"), "none\n").expect("a file");
    let path = format!("{}:{}", folder.0.display(), std::env::var("PATH").unwrap_or_default());
    let remove = async |stack: &str, typed: &str| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/remove-stack");
        let mut command = Command::new(script);
        command.arg(stack).env("PATH", &path).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.kill_on_drop(true).spawn().expect("it runs");
        let mut input = running.stdin.take().expect("its input");
        // It may have ended before it reads.
        let _ = input.write_all(format!("{typed}\n").as_bytes()).await;
        drop(input);
        running.wait_with_output().await.expect("it ends")
    };
    let calls = || {
        let calls = std::fs::read_to_string(folder.0.join("calls")).unwrap_or_default();
        let _ = std::fs::remove_file(folder.0.join("calls"));
        calls
    };

    for (stack, typed) in [("shop", "shop-two"), ("shop", ""), ("other", "other"), ("sho.", "sho."), ("", "")] {
        assert!(!remove(stack, typed).await.status.success(), "{stack}");
        assert_eq!(calls(), "", "{stack}");
    }
    let done = remove("shop", "shop").await;
    assert!(done.status.success(), "{done:?}");
    let expected = "\
cloudformation delete-stack --stack-name shop
dynamodb update-table --table-name shop-GrantsTable --no-deletion-protection-enabled
dynamodb delete-table --table-name shop-GrantsTable
secretsmanager delete-secret --secret-id arn:secret --force-delete-without-recovery
kms schedule-key-deletion --key-id of-tables --pending-window-in-days 7
cloudformation delete-stack --stack-name shop-Data-1A2B
apigateway delete-api-key --api-key one
";
    assert_eq!(calls(), expected);
    // The stacks are gone, so there is nothing to remove.
    assert!(!remove("shop", "shop").await.status.success());
    assert_eq!(calls(), "");
}
