#[path = "../../catalogue.rs"]
mod catalogue;

use catalogue::{Segment, read};

const SOURCE: &str = "### English. The source of all other catalogues.\n\n# A comment.\nlanguage-name = English\n\
                      told = { $who } told { $whom } of { $who }\n";
const FIRST_LINE: &str = "### Deutsch (de). Translated from English; no native speaker has reviewed it.\n";

fn faults(first_line: &str, messages: &str) -> Vec<String> {
    let translated = format!("{first_line}{messages}");
    read(&[("en", SOURCE), ("de", &translated)]).unwrap_err()
}

#[test]
fn messages_are_read_in_the_order_of_the_source() {
    let translated = format!("{FIRST_LINE}told = {{ $whom }} von {{ $who }}\nlanguage-name = Deutsch\n");
    let catalogues = read(&[("en", SOURCE), ("de", &translated)]).unwrap();
    assert_eq!(catalogues[0].messages[1].placeables(), ["who", "whom"]);
    assert!(catalogues[0].reviewed && !catalogues[1].reviewed);
    assert_eq!(catalogues[1].messages[0].segments, [Segment::Text("Deutsch".to_owned())]);
    assert_eq!(catalogues[1].messages[1].placeables(), ["whom", "who"]);

    let reviewed = "### Deutsch (de). Translated from English; reviewed by a translators' association.\n";
    let translated = translated.replace(FIRST_LINE, reviewed);
    assert!(read(&[("en", SOURCE), ("de", &translated)]).unwrap()[1].reviewed);
}

#[test]
fn all_faults_are_named() {
    assert_eq!(
        faults(FIRST_LINE, "told = { $whom } von { $when }\nmore = Mehr\n"),
        [
            "de.ftl: language-name: is missing",
            "de.ftl: told: lacks the placeable $who",
            "de.ftl: told: has the placeable $when, which the source lacks",
            "de.ftl: more: is not a message of the source",
        ]
    );
}

#[test]
fn what_is_not_supported_is_refused() {
    let told = "told = { $who } { $whom }\n";
    for (messages, fault) in [
        ("language-name = A & B\n", "de.ftl: language-name: has one of the characters that HTML reads as markup"),
        ("language-name = A\n    .title = B\n", "de.ftl: language-name: attributes are not supported"),
        (
            "language-name = { $who ->\n    [one] A\n   *[other] B\n    }\n",
            "de.ftl: language-name: only placeables of the form { $name } are supported",
        ),
        ("language-name = { \"A\" }\n", "de.ftl: language-name: only placeables of the form { $name } are supported"),
        ("language-name = A\nlanguage-name = B\n", "de.ftl: language-name: stands there twice"),
        ("language-name = A\n-term = B\n", "de.ftl: -term: terms are not supported"),
    ] {
        assert_eq!(faults(FIRST_LINE, &format!("{told}{messages}")), [fault], "{messages}");
    }
    let error = faults(FIRST_LINE, &format!("{told}language-name = {{ $who\n"));
    assert!(error[0].starts_with("de.ftl: line 3: "), "{error:?}");
    assert_eq!(error[1..], ["de.ftl: language-name: is missing"]);
}

#[test]
fn the_first_line_says_who_reviewed() {
    let faults =
        faults("### Deutsch (de). Translated from English.\n", "language-name = A\ntold = { $who } { $whom }\n");
    assert_eq!(
        faults,
        [
            "de.ftl: the first line must end with \"Translated from English; no native speaker has reviewed it.\" or with \
          \"Translated from English; reviewed by \" and a name"
        ]
    );
}
