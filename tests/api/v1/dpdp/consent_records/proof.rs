//! `consentProof`: a signature over what was recorded.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use assent_tests::client::{Request, Response};
use assent_tests::fault_proxy::{Fault, Matching};
use assent_tests::fixtures::{NOTICES, RECORDS, Tenant, erasure_path, notice, record, record_path, text, unique, with};
use assent_tests::jose::PublishedKeys;
use assent_tests::like::{assert_like, time};
use assent_tests::lone_function::{LoneFunction, binary};
use assent_tests::receipts::{self, receipt_path};
use assent_tests::system::System;
use assent_tests::verifier::{verified, verified_with};
use hyper::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::process::Command;

crate::trials![
    a_proof_states_what_was_recorded,
    a_proof_does_not_name_the_person,
    an_altered_proof_proves_nothing,
    a_record_is_verified_without_a_server,
    the_salt_proves_whose_consent_it_was_until_erasure,
    signatures_of_an_old_key_stay_valid,
    the_command_rotates_the_key_of_a_stack,
    without_a_key_nothing_is_recorded,
    the_jwks_uri_is_at_the_gateways_domain,
    the_host_header_gets_into_no_jwks_uri,
];

fn jws(record: &Value) -> String {
    text(&record["consentProof"], "proofJwt")
}

/// SHA-256 over the salt's bytes and the person's name.
fn commitment(salt: &str, principal: &str) -> String {
    let byte = |position: usize| u8::from_str_radix(&salt[position..position + 2], 16).expect("hex");
    let salt: Vec<u8> = (0..salt.len()).step_by(2).map(byte).collect();
    let digest = Sha256::new().chain_update(salt).chain_update(principal).finalize();
    digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

async fn a_proof_states_what_was_recorded(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = "a#b%23 é/?";
    let (grant, notice) = (tenant.create_grant(principal).await, tenant.create_notice().await);
    let purposes = json!([
        {"code": "personalization", "description": "x"},
        {"code": "analytics", "description": "x"},
    ]);
    let body = with(&record(&grant, &notice, principal), "purposes", Some(purposes));
    let created = tenant.post(RECORDS, &body).await.expect(201);
    let proof = &created["consentProof"];
    assert_like(
        proof,
        &json!({
            "type": "JWS-EdDSA",
            "alg": "EdDSA",
            "kid": "<text>",
            "proofJwt": "<text>",
            "jwksUri": format!("http://{}/.well-known/jwks.json", system.client.authority()),
            "signedAt": created["createdAt"],
        }),
    );
    let said = PublishedKeys::read(&system.client).await.verified(&jws(&created)).expect("a good signature");
    let read = tenant.get(record_path(&created)).await.expect(200);
    // A proof never expires, so it has no `exp`.
    assert_like(
        &said,
        &json!({
            "iat": time(&created["createdAt"]).timestamp(),
            "tenantId": tenant.id,
            "recordId": created["recordId"],
            "grantId": grant["grantId"],
            "consentNoticeId": notice["noticeId"],
            "consentNoticeVersion": "2.0",
            "consentNoticeLanguage": "en",
            "consentNoticeHash": notice["contentHash"],
            "documentHash": read["documentHash"],
            "purposes": ["personalization", "analytics"],
            "consentGivenAt": read["consentGivenAt"],
            "dataPrincipalCommitment": commitment(&text(&read, "commitmentSalt"), principal),
        }),
    );
    // The proof is stored with the record, and every view of the record shows it.
    assert_eq!(&read["consentProof"], proof);
    let listed = tenant.get(RECORDS).await.expect(200)["records"][0].clone();
    for field in ["consentProof", "commitmentSalt"] {
        assert_eq!(listed[field], read[field]);
    }
}

async fn a_proof_does_not_name_the_person(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let keys = async || PublishedKeys::read(&system.client).await;
    let mut commitments = Vec::new();
    let principal = unique("user");
    let grant = tenant.create_grant(&principal).await;
    for _ in 0..2 {
        let created = tenant.post(RECORDS, &record(&grant, &notice, &principal)).await.expect(201);
        let said = keys().await.verified(&jws(&created)).expect("a good signature");
        assert!(!said.to_string().contains(&principal), "{said}");
        // The proof does not contain the salt.
        let salt = text(&tenant.get(record_path(&created)).await.expect(200), "commitmentSalt");
        assert!(!said.to_string().contains(&salt) && created.get("commitmentSalt").is_none());
        commitments.push(text(&said, "dataPrincipalCommitment"));
    }
    // Two proofs do not show that they are about the same person.
    assert_ne!(commitments[0], commitments[1]);
}

async fn an_altered_proof_proves_nothing(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (one, other) = (jws(&tenant.create_record().await), jws(&tenant.create_record().await));
    let keys = PublishedKeys::read(&system.client).await;
    let [one, other] = [&one, &other].map(|jws| jws.split('.').collect::<Vec<&str>>());
    assert!(keys.verified(&one.join(".")).is_ok());
    let mixed = [one[0], other[1], one[2]].join(".");
    assert!(keys.verified(&mixed).is_err());
    let unsigned = [one[0], one[1], ""].join(".");
    assert!(keys.verified(&unsigned).is_err());
    // One altered character of the payload, at any position.
    for position in (0..one[1].len()).step_by(17) {
        let letter = if one[1].as_bytes()[position] == b'A' { "B" } else { "A" };
        let payload = format!("{}{letter}{}", &one[1][..position], &one[1][position + 1..]);
        assert!(keys.verified(&[one[0], &payload, one[2]].join(".")).is_err(), "{position}");
    }
}

async fn a_record_is_verified_without_a_server(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = tenant.create_record().await;
    let (principal, id) = (text(&created, "dataPrincipalId"), text(&created, "recordId"));
    let keys = PublishedKeys::read(&system.client).await;
    let name = format!("consent record {id}");
    let kid = text(&created["consentProof"], "kid");
    let valid = (format!("{name}: valid, the consent as it was given is signed by key {kid}\n"), true);
    let read = tenant.get(record_path(&created)).await.expect(200);
    assert_eq!(verified_with(&read.to_string(), &keys), valid);
    let list = tenant.get(RECORDS).await.expect(200);
    assert_eq!(verified_with(&list.to_string(), &keys), valid);
    let no_keys = format!("{name}: not verified: give the published keys, --jwks JWKS\n");
    assert_eq!(verified(&read.to_string()), (no_keys, false));

    for (member, value) in [
        ("grantId", json!("grnt_01ARZ3NDEKTSV4RRFFQ69G5FAV")),
        ("consentNoticeVersion", json!("9.9")),
        ("consentNoticeHash", json!("0".repeat(64))),
        ("documentHash", json!("0".repeat(64))),
        ("purposes", json!([{"code": "everything", "description": "x"}])),
        ("consentGivenAt", json!("2020-01-01T00:00:00.000Z")),
        ("dataPrincipalId", json!("somebody else")),
    ] {
        let changed = with(&read, member, Some(value)).to_string();
        let output = format!("{name}: invalid: its {member} is not what was signed\n");
        assert_eq!(verified_with(&changed, &keys), (output, false));
    }
    // The proof alone, unchanged and with the signature of another proof.
    let alone = format!("proof of consent record {id}: valid, all of it is signed by key {kid}\n");
    assert_eq!(verified_with(&jws(&created), &keys), (alone, true));
    let other = jws(&tenant.create_record().await);
    let (proof, other) = (jws(&created), other.rsplit('.').next().expect("a signature").to_owned());
    let (output, good) = verified_with(&format!("{}.{other}", proof.rsplit_once('.').expect("a JWS").0), &keys);
    assert!(!good && output.contains("invalid: its signature is wrong"), "{output}");

    let erasure = erasure_path(&principal);
    assert_eq!(tenant.send(tenant.request(Method::POST, erasure)).await.expect(201)["status"], "completed");
    let erased = tenant.get(record_path(&created)).await.expect(200);
    assert_eq!(verified_with(&erased.to_string(), &keys), valid);
}

async fn the_salt_proves_whose_consent_it_was_until_erasure(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = tenant.create_record().await;
    let principal = text(&created, "dataPrincipalId");
    let before = tenant.get(record_path(&created)).await.expect(200);
    let salt = text(&before, "commitmentSalt");
    let keys = PublishedKeys::read(&system.client).await;
    let said = keys.verified(&jws(&before)).expect("a good signature");
    assert_eq!(said["dataPrincipalCommitment"], commitment(&salt, &principal));
    assert_ne!(said["dataPrincipalCommitment"], commitment(&salt, "somebody else"));
    assert!(!system.contents.of(tenant.id).await.mentioning(&salt).is_empty());

    let erasure = erasure_path(&principal);
    let erased = tenant.send(tenant.request(Method::POST, erasure)).await.expect(201);
    assert_eq!(erased["status"], "completed");
    let after = tenant.get(record_path(&created)).await.expect(200);
    assert_eq!((&after["commitmentSalt"], &after["consentProof"]), (&Value::Null, &before["consentProof"]));
    assert_eq!(keys.verified(&jws(&after)).expect("a good signature"), said);
    assert!(system.contents.of(tenant.id).await.mentioning(&salt).is_empty());
}

/// The response of a lone function to this tenant's request to record a consent.
async fn recorded_by(function: &LoneFunction, tenant: &Tenant, body: &Value) -> Response {
    let request = Request::new(Method::POST, RECORDS).json(body);
    response_of(function, tenant, &request).await
}

async fn response_of(function: &LoneFunction, tenant: &Tenant, request: &Request) -> Response {
    function.response(&request.event(&tenant.authorizer())).await
}

async fn signatures_of_an_old_key_stay_valid(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let body = record(&grant, &notice, "user-1");
    let kid = |record: &Value| text(&record["consentProof"], "kid");
    let early = system.lone_function("create-consent-record", system.database_url()).await;
    let old = recorded_by(&early, &tenant, &body).await.expect(201);
    let next = system.rotate_signing_key().await;
    assert_ne!(kid(&old), next);
    // A function that starts now signs with the new key; a running one does so within a minute.
    let late = system.lone_function("create-consent-record", system.database_url()).await;
    let new = recorded_by(&late, &tenant, &body).await.expect(201);
    let meanwhile = recorded_by(&early, &tenant, &body).await.expect(201);
    assert_ne!(kid(&new), kid(&old));
    let keys = PublishedKeys::read(&system.client).await;
    assert!(keys.names().contains(&next.as_str()));
    for record in [&old, &new, &meanwhile] {
        let said = keys.verified(&jws(record)).expect("a good signature");
        assert_eq!(said["recordId"], record["recordId"]);
        let read = tenant.get(record_path(record)).await.expect(200);
        assert_eq!(read["consentProof"], record["consentProof"]);
    }
}

/// Replaces the AWS CLI: the tests have the table, but no AWS account.
const AWS: &str = r#"#!/bin/sh
case "$1 $2 $4" in
"cloudformation describe-stacks shop")
    echo '{"Stacks": [{"StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/shop/1", "Outputs": [
        {"OutputKey": "SigningKeysTableName", "OutputValue": "SigningKeysTable"},
        {"OutputKey": "SigningSecretArn", "OutputValue": "arn:of-the-secret"}]}]}' ;;
"cloudformation describe-stacks earlier")
    echo '{"Stacks": [{"StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/earlier/1", "Outputs": []}]}' ;;
"secretsmanager get-secret-value arn:of-the-secret") echo "{\"SecretString\": \"$SECRET\"}" ;;
*) echo "An error occurred: $*" >&2; exit 254 ;;
esac
"#;

async fn the_command_rotates_the_key_of_a_stack(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let body = record(&grant, &notice, "user-1");
    let folder = std::env::temp_dir().join(unique("aws"));
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("aws"), AWS).expect("a program");
    std::fs::set_permissions(folder.join("aws"), Permissions::from_mode(0o700)).expect("a program");
    let rotate = async |stack: &str, secret: &str| {
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new(binary("assent").expect("the folder of the programs"));
        command.args(["signing-keys", "rotate", "--stack", stack]).env_clear().envs([
            ("PATH", path.as_str()),
            ("SECRET", secret),
            ("AWS_ENDPOINT_URL_DYNAMODB", system.database_url()),
            ("AWS_ACCESS_KEY_ID", &system.database().access_key_id),
            ("AWS_SECRET_ACCESS_KEY", "local"),
        ]);
        let output = command.output().await.expect("a program");
        (output.status.success(), String::from_utf8(output.stdout).expect("text"))
    };
    // An unknown stack, a stack without the outputs, and an empty secret.
    for (stack, secret) in [("none", system.signing_secret()), ("earlier", system.signing_secret()), ("shop", "")] {
        assert_eq!(rotate(stack, secret).await, (false, String::new()));
    }
    let (done, kid) = rotate("shop", system.signing_secret()).await;
    std::fs::remove_dir_all(&folder).expect("the folder");
    assert!(done && PublishedKeys::read(&system.client).await.names().contains(&kid.trim()), "{kid}");
    let create = system.lone_function("create-consent-record", system.database_url()).await;
    let created = recorded_by(&create, &tenant, &body).await.expect(201);
    PublishedKeys::read(&system.client).await.verified(&jws(&created)).expect("a good signature");
}

async fn without_a_key_nothing_is_recorded(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let made = tenant.create_record().await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let body = record(&grant, &notice, "user-1");
    let receipt = Request::new(Method::GET, receipt_path(&made));
    let before = system.contents.of(tenant.id).await;
    let faults = system.own_faults().await;
    let (database, proxied) = (system.database_url(), faults.url());
    let _down = faults.strike(Matching::every(&"SigningKeysTable"), Fault::Cut, usize::MAX);
    for (url, variables) in [
        // A table without a key; a wrong secret, and no secret; a table that cannot be reached.
        (database, vec![("SIGNING_KEYS_TABLE", "ErasureRequestsTable")]),
        (database, vec![("SIGNING_SECRET", "another")]),
        (database, vec![("SIGNING_SECRET", "")]),
        (proxied.as_str(), vec![]),
    ] {
        let create = system.lone_function_with("create-consent-record", url, &variables).await;
        for _ in 0..2 {
            recorded_by(&create, &tenant, &body).await.expect_error(503, "SERVICE_UNAVAILABLE");
        }
        let sign = system.lone_function_with("get-consent-receipt", url, &variables).await;
        response_of(&sign, &tenant, &receipt).await.expect_error(503, "SERVICE_UNAVAILABLE");
        before.expect_unchanged(&system.contents.of(tenant.id).await);
    }
    // The same function with its key.
    let create = system.lone_function("create-consent-record", database).await;
    recorded_by(&create, &tenant, &body).await.expect(201);
}

async fn the_jwks_uri_is_at_the_gateways_domain(system: &'static System) {
    let tenant = Tenant::new(system).await;
    // Without a gateway, a function does not know its domain.
    let gateway = format!("http://{}", system.client.authority());
    for (client, domain) in [(&system.client, gateway.as_str()), (&system.function_urls().await, "")] {
        let created = tenant.by(client).create_record().await;
        let uri = text(&created["consentProof"], "jwksUri");
        assert_eq!(uri, format!("{domain}/.well-known/jwks.json"));
        PublishedKeys::read(client).await.verified(&jws(&created)).expect("a good signature");
    }
}

/// A client can send any `Host`.
async fn the_host_header_gets_into_no_jwks_uri(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.post(NOTICES, &notice()).await.expect(201));
    let body = record(&grant, &notice, "user-1");
    let gateway = format!("http://{}", system.client.authority());
    let long = "x".repeat(5000);
    for host in ["a b", "\"><script>", "evil@api.example.com", "é", ":", long.as_str()] {
        let response = tenant.send(tenant.posting(RECORDS, &body).header("host", host)).await;
        let uri = text(&response.expect(201)["consentProof"], "jwksUri");
        assert_eq!(uri, format!("{gateway}/.well-known/jwks.json"), "{host}");
    }
    for (client, domain) in [(&system.client, gateway.as_str()), (&system.function_urls().await, "")] {
        let caller = tenant.by(client);
        for host in ["evil.example", "localhost:9000"] {
            let named = |request: Request| request.header("host", host).header("x-forwarded-host", host);
            let made = caller.send(named(caller.posting(RECORDS, &body))).await.expect(201);
            let receipt = caller.send(named(caller.request(Method::GET, receipt_path(&made)))).await;
            receipts::check(&system.client, &receipt).await;
            for proof in [&made["consentProof"], &receipt.expect(200)] {
                assert_eq!(text(proof, "jwksUri"), format!("{domain}/.well-known/jwks.json"), "{host}");
            }
        }
    }
}
