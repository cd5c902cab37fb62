//! The commands with `--stack`, through AWS's own CLI, on a stack of `tests/support/moto.rs`; and the functions on its
//! tables.

use std::collections::BTreeMap;
use std::path::Path;

use assent_tests::fixtures::{Caller, PROJECTS, sha256, text};
use assent_tests::jose::PublishedKeys;
use assent_tests::moto::{Moto, STACK};
use assent_tests::system::System;
use tokio::process::Command;

crate::trials![keys_of_a_stack_open_its_api, signing_keys_of_a_stack_sign_its_records, shards_of_a_stack_are_changed,];

/// The id of the key that begins like this one, and its line in `keys list`.
async fn listed(moto: &Moto, key: &str) -> (String, String) {
    let lines = moto.assent(&["keys", "list"]).await;
    let line = lines.lines().find(|line| line.contains(&key[..12])).expect("the key is listed");
    (line.split(' ').next().expect("an id").to_owned(), line.to_owned())
}

async fn keys_of_a_stack_open_its_api(_: &'static System) {
    let moto = Moto::start().await;
    let create = ["keys", "create", "--tenant", "acme", "--label", "web shop", "--plan"];
    let key = moto.assent(&[&create[..], &["free"]].concat()).await.trim_end().to_owned();
    let (id, line) = listed(&moto, &key).await;
    assert!(line.contains(" active ") && line.contains(" free ") && line.ends_with("acme, *, web shop"), "{line}");
    // API Gateway knows the hash, and no more.
    assert_eq!(moto.gateway_keys().await, BTreeMap::from([(sha256(&key), "free".to_owned())]));
    // The smoke test records a consent, which is signed.
    moto.assent(&["signing-keys", "rotate"]).await;
    let served = moto.serve().await;
    Caller::new(&served.client, &key).get(PROJECTS).await.expect(200);
    let smoke = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/smoke");
    let url = format!("http://{}", served.client.authority());
    let smoke = Command::new(smoke).env("API_URL", url).env("API_KEY", &key).kill_on_drop(true).output().await;
    let smoke = smoke.expect("the smoke test runs");
    assert!(smoke.status.success(), "{smoke:?}");

    // The next key is on the same plan. The old one is accepted until its end.
    let next = moto.assent(&["keys", "rotate", &id, "--overlap-hours", "1"]).await.trim_end().to_owned();
    let (next_id, line) = listed(&moto, &next).await;
    assert!(line.contains(" free ") && line.ends_with("acme, *, web shop"), "{line}");
    let served = moto.serve().await;
    for key in [&key, &next] {
        Caller::new(&served.client, key).get(PROJECTS).await.expect(200);
    }
    let last = moto.assent(&["keys", "rotate", &next_id, "--overlap-hours", "0"]).await.trim_end().to_owned();
    let served = moto.serve().await;
    Caller::new(&served.client, &next).get(PROJECTS).await.expect_error(401, "UNAUTHORIZED");
    Caller::new(&served.client, &last).get(PROJECTS).await.expect(200);

    // A disabled key is refused, and takes no place at API Gateway.
    moto.assent(&["keys", "disable", &id]).await;
    let (_, line) = listed(&moto, &key).await;
    assert!(line.contains(" disabled "), "{line}");
    assert_eq!(moto.gateway_keys().await, BTreeMap::from([(sha256(&last), "free".to_owned())]));
    let served = moto.serve().await;
    Caller::new(&served.client, &key).get(PROJECTS).await.expect_error(401, "UNAUTHORIZED");
    Caller::new(&served.client, &last).get(PROJECTS).await.expect(200);

    for (arguments, stack, error) in [
        ([&create[..], &["gold"]].concat(), STACK, "the plans are enterprise, free, pro"),
        (vec!["keys", "list"], "none", "Stack with id none does not exist"),
        (vec!["keys", "disable", &id.replace(char::is_numeric, "0")], STACK, "there is no key"),
    ] {
        let output = moto.try_assent(&arguments, stack).await;
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && output.stdout.is_empty() && said.contains(error), "{output:?}");
    }
}

async fn signing_keys_of_a_stack_sign_its_records(_: &'static System) {
    let moto = Moto::start().await;
    let key = moto.assent(&["keys", "create", "--tenant", "acme"]).await.trim_end().to_owned();
    let served = moto.serve().await;
    assert_eq!(PublishedKeys::read(&served.client).await.names(), [""; 0]);
    let mut kids = Vec::new();
    for _ in 0..2 {
        kids.push(moto.assent(&["signing-keys", "rotate"]).await.trim_end().to_owned());
        // Functions that start now use it.
        let served = moto.serve().await;
        let record = Caller::new(&served.client, &key).create_record().await;
        let proof = &record["consentProof"];
        assert_eq!(text(proof, "kid"), *kids.last().expect("a key"));
        let published = PublishedKeys::read(&served.client).await;
        assert!(kids.iter().all(|kid| published.names().contains(&kid.as_str())), "{kids:?}");
        let signed = published.verified(&text(proof, "proofJwt")).expect("a good signature");
        assert_eq!(signed["recordId"], record["recordId"]);
    }
}

async fn shards_of_a_stack_are_changed(_: &'static System) {
    let moto = Moto::start().await;
    moto.assent(&["keys", "create", "--tenant", "acme"]).await;
    let shown = moto.assent(&["shards", "show", "--tenant", "acme"]).await;
    assert!(shown.lines().count() == 8 && shown.lines().all(|line| line.ends_with("1 shard")), "{shown}");
    let set = moto.assent(&["shards", "set", "--tenant", "acme", "--list", "records", "--count", "16"]).await;
    assert!(set.lines().any(|line| line.contains("16 shards from 2")), "{set}");
    let shown = moto.assent(&["shards", "show", "--tenant", "acme"]).await;
    assert!(shown.lines().count() == 9 && shown.contains(&set), "{shown}");
}
