//! The gate through which a version of a notice is published: it finds what the
//! version lacks to satisfy the law (DPDP Act s.5 and s.6(3); DPDP Rules 2025, Rule 3).

use crate::domain::{
    FieldError,
    consent_notice::{
        Language, NoticePurpose, NoticeStatus, PurposeCode, PurposeDescription, RegisteredNotice, Services,
    },
};

/// How many languages a version may have that passes the gate. They are published in one
/// transaction, with two changes each: at most 100, and with the largest drafts at most 4 MB.
pub const LANGUAGES: usize = 36;

/// What one language lacks by itself. Fields are named as in the body that registered it.
pub fn gaps(notice: &RegisteredNotice) -> Vec<FieldError> {
    let mut gaps = Vec::new();
    let mut require = |is_there: bool, field: String| {
        if !is_there {
            gaps.push(FieldError::new(field, "is missing"));
        }
    };
    require(!notice.particulars.data_items.is_empty(), "dataItems".to_owned());
    for (position, purpose) in notice.purposes.iter().enumerate() {
        require(!purpose.data_items.is_empty(), format!("purposes[{position}].dataItems"));
        require(purpose.services.is_some(), format!("purposes[{position}].services"));
    }
    let links = notice.particulars.links.clone().unwrap_or_default();
    for (name, link) in [("withdraw", links.withdraw), ("rights", links.rights), ("complaint", links.complaint)] {
        require(link.is_some(), format!("links.{name}"));
    }
    require(notice.grievance_officer.is_some(), "grievanceOfficer".to_owned());
    gaps
}

/// What a version lacks, in all of its languages, sorted by field. Fields start with `languages.` and the tag of the
/// language. `required` are languages that it must have, beside those that it may have.
pub fn gaps_of_version(notices: &[RegisteredNotice], required: &[Language]) -> Vec<FieldError> {
    // A language is compared with those before it: what is published cannot be changed any more.
    let mut notices: Vec<&RegisteredNotice> = notices.iter().collect();
    notices.sort_by_key(|notice| (notice.status == NoticeStatus::Draft, notice.id));
    let mut found = Vec::new();
    for (position, notice) in notices.iter().enumerate() {
        let language = &notice.language;
        let mut lacking = gaps(notice);
        lacking.extend(copied(notice, notices.get(..position).unwrap_or_default()));
        if let Some(first) = notices.first() {
            lacking.extend(differing(notice, first));
        }
        found.extend(lacking.into_iter().map(|gap| {
            let remedy = match notice.status {
                NoticeStatus::Draft => "",
                NoticeStatus::Published => "; this language is published already, so it takes another version",
            };
            FieldError::new(format!("languages.{language}.{}", gap.field), gap.message + remedy)
        }));
        let named = required.iter().any(|range| range.includes(language));
        if notice.status == NoticeStatus::Draft && !language.is_scheduled() && !named {
            let message = "is neither English nor a language of the Eighth Schedule, and requiredLanguages lacks it";
            found.push(FieldError::new(format!("languages.{language}"), message));
        }
    }
    for range in required {
        if !notices.iter().any(|notice| range.includes(&notice.language)) {
            found.push(FieldError::new(format!("languages.{range}"), "is required, but the version lacks it"));
        }
    }
    found.sort();
    found
}

/// The texts that are word for word those of an earlier language. A single short text may be
/// the same in two languages, but not all of them.
fn copied(notice: &RegisteredNotice, earlier: &[&RegisteredNotice]) -> Vec<FieldError> {
    let others = || earlier.iter().filter(|other| other.language.primary() != notice.language.primary());
    let content = others().find(|other| other.content_hash == notice.content_hash);
    let purposes = others().find(|other| same_texts(notice, other));
    let found = [("content", content), ("purposes", purposes)].into_iter();
    let gap = |field, other: &RegisteredNotice| {
        FieldError::new(field, format!("is word for word that of {}", other.language))
    };
    found.filter_map(|(field, other)| other.map(|other| gap(field, other))).collect()
}

/// Whether all descriptions and services of the purposes and data items are the same.
fn same_texts(notice: &RegisteredNotice, other: &RegisteredNotice) -> bool {
    let (items, other_items) = (&notice.particulars.data_items, &other.particulars.data_items);
    (notice.purposes.len(), items.len()) == (other.purposes.len(), other_items.len())
        && items.iter().all(|item| other_items.contains(item))
        && notice.purposes.iter().all(|purpose| other.purposes.iter().any(|other| texts(other) == texts(purpose)))
}

fn texts(purpose: &NoticePurpose) -> (&PurposeCode, &PurposeDescription, Option<&Services>) {
    (&purpose.code, &purpose.description, purpose.services.as_ref())
}

/// What must be the same in all languages, but differs from the first.
fn differing(notice: &RegisteredNotice, first: &RegisteredNotice) -> Vec<FieldError> {
    let mut differing = Vec::new();
    let mut require = |is_same: bool, field: &str, what: &str| {
        if !is_same {
            let message = format!("differs from {}: {what} must be the same in all languages", first.language);
            differing.push(FieldError::new(field, message));
        }
    };
    let what = "the codes, dataItems, necessary and restricted";
    require(rules(notice) == rules(first), "purposes", what);
    require(item_codes(notice) == item_codes(first), "dataItems", "the codes");
    require(notice.change() == first.change(), "change", "it");
    require(notice.particulars.reconsent_by == first.particulars.reconsent_by, "reconsentBy", "it");
    differing
}

/// The purposes without their texts, in the order of their codes.
fn rules(notice: &RegisteredNotice) -> Vec<impl PartialEq> {
    let rule = |purpose: &NoticePurpose| {
        let mut items = purpose.data_items.clone();
        items.sort();
        (purpose.code.clone(), items, purpose.necessary.unwrap_or(false), purpose.restricted.unwrap_or_default())
    };
    let mut rules: Vec<_> = notice.purposes.iter().map(rule).collect();
    rules.sort_by(|left, right| left.0.cmp(&right.0));
    rules
}

fn item_codes(notice: &RegisteredNotice) -> Vec<impl PartialEq> {
    let mut codes: Vec<_> = notice.particulars.data_items.iter().map(|item| item.code.clone()).collect();
    codes.sort();
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const SCHEDULED: &str = "as bn brx doi en gu hi kn kok ks mai ml mni mr ne or pa sa sat sd ta te ur";

    /// A complete draft.
    fn draft(language: &str) -> Value {
        let words = |what: &str| format!("{what} ({language})");
        json!({
            "id": "ntc_01ARZ3NDEKTSV4RRFFQ69G5FAV", "noticeId": "n", "version": "1", "language": language,
            "title": words("Title"), "contentHash": words("hash"), "createdAt": "2026-01-01T00:00:00.000Z",
            "status": "draft",
            "purposes": [
                {"code": "a", "description": words("A"), "services": words("S"), "dataItems": ["mail", "name"]},
                {"code": "b", "description": words("B"), "services": words("S"), "dataItems": ["mail"]},
            ],
            "dataItems": [{"code": "mail", "description": "E-mail"}, {"code": "name", "description": "Name"}],
            "links": {
                "withdraw": "https://a.example/w", "rights": "https://a.example/r", "complaint": "https://a.example/c",
            },
            "grievanceOfficer": {"name": "Jane Doe", "email": "jane@a.example"},
        })
    }

    fn notice(draft: Value) -> RegisteredNotice {
        serde_json::from_value(draft).unwrap()
    }

    fn found(drafts: &[Value], required: &[&str]) -> Vec<String> {
        let notices: Vec<RegisteredNotice> = drafts.iter().cloned().map(notice).collect();
        let required: Vec<Language> = required.iter().map(|tag| Language::parse(tag).unwrap()).collect();
        let gaps = gaps_of_version(&notices, &required);
        gaps.into_iter().map(|gap| format!("{} {}", gap.field, gap.message)).collect()
    }

    fn fields(drafts: &[Value], required: &[&str]) -> Vec<String> {
        let found = found(drafts, required);
        found.iter().map(|gap| gap.split(' ').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn english_and_the_languages_of_the_eighth_schedule_pass() {
        let all: Vec<Value> = SCHEDULED.split(' ').map(draft).collect();
        assert_eq!(all.len(), 23);
        let required: Vec<&str> = SCHEDULED.split(' ').collect();
        assert_eq!(found(&all, &required), [""; 0]);
        assert_eq!(found(&[draft("hi-IN"), draft("sd-Deva"), draft("or")], &["hi"]), [""; 0]);
    }

    #[test]
    fn another_language_passes_where_it_is_required() {
        assert_eq!(fields(&[draft("en"), draft("fr")], &["en"]), ["languages.fr"]);
        assert_eq!(found(&[draft("en"), draft("fr")], &["fr"]), [""; 0]);
        // Once it is published, it needs no further permission.
        let mut published = draft("fr");
        published["status"] = json!("published");
        assert_eq!(found(&[published, draft("en")], &[]), [""; 0]);
    }

    #[test]
    fn a_required_language_must_be_there() {
        assert_eq!(found(&[draft("en")], &["ta", "en"]), ["languages.ta is required, but the version lacks it"]);
    }

    #[test]
    fn every_gap_of_every_language_is_named() {
        let mut bare = draft("en");
        for member in ["dataItems", "links", "grievanceOfficer"] {
            bare.as_object_mut().unwrap().remove(member);
        }
        bare["purposes"] = json!([{"code": "a", "description": "A"}, {"code": "b", "description": "B"}]);
        let mut hindi = draft("hi");
        hindi["links"].as_object_mut().unwrap().remove("complaint");
        hindi["purposes"][1].as_object_mut().unwrap().remove("services");
        assert_eq!(
            fields(&[bare, hindi], &["ta"]),
            [
                "languages.en.dataItems",
                "languages.en.grievanceOfficer",
                "languages.en.links.complaint",
                "languages.en.links.rights",
                "languages.en.links.withdraw",
                "languages.en.purposes[0].dataItems",
                "languages.en.purposes[0].services",
                "languages.en.purposes[1].dataItems",
                "languages.en.purposes[1].services",
                "languages.hi.dataItems",
                "languages.hi.links.complaint",
                "languages.hi.purposes",
                "languages.hi.purposes[1].services",
                "languages.ta",
            ]
        );
    }

    #[test]
    fn languages_must_agree_but_for_their_words() {
        for (pointer, value, field) in [
            ("/purposes/0/code", json!("c"), "purposes"),
            ("/purposes/0/dataItems", json!(["mail"]), "purposes"),
            ("/purposes/0/necessary", json!(true), "purposes"),
            ("/purposes/0/restricted", json!("tracking"), "purposes"),
            ("/dataItems/0/code", json!("phone"), "dataItems"),
            ("/change", json!("editorial"), "change"),
            ("/reconsentBy", json!("2027-01-01T00:00:00.000Z"), "reconsentBy"),
        ] {
            let mut other = draft("hi");
            let (parent, member) = pointer.rsplit_once('/').unwrap();
            other.pointer_mut(parent).unwrap()[member] = value;
            assert_eq!(fields(&[draft("en"), other], &[]), [format!("languages.hi.{field}")], "{pointer}");
        }
        let mut reordered = draft("hi");
        for list in ["/purposes", "/dataItems", "/purposes/1/dataItems"] {
            reordered.pointer_mut(list).unwrap().as_array_mut().unwrap().reverse();
        }
        // To say the default is to say nothing.
        reordered["change"] = json!("material");
        reordered["purposes"][0]["necessary"] = json!(false);
        reordered["purposes"][0]["restricted"] = json!("none");
        assert_eq!(found(&[draft("en"), reordered], &[]), [""; 0]);
    }

    #[test]
    fn a_copy_is_no_translation() {
        let mut copy = draft("en");
        copy["language"] = json!("hi");
        assert_eq!(
            found(&[draft("en"), draft("ta"), copy.clone()], &[]),
            ["languages.hi.content is word for word that of en", "languages.hi.purposes is word for word that of en",]
        );
        // The same language in another region may say the same.
        copy["language"] = json!("en-IN");
        assert_eq!(found(&[draft("en"), copy], &[]), [""; 0]);
        // One description alone may be the same.
        let mut name = draft("hi");
        name["purposes"][0]["description"] = draft("en")["purposes"][0]["description"].clone();
        assert_eq!(found(&[draft("en"), name], &[]), [""; 0]);
    }
}
