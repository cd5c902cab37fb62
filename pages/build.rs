//! Compiles the catalogues of messages into functions, and hashes the style sheet for the policies of pages.

use std::{
    env,
    error::Error,
    fmt::{self, Write},
    fs,
    path::Path,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use catalogue::{Catalogue, Message, Segment};
use sha2::{Digest, Sha256};

mod catalogue;
mod tags {
    include!("src/tags.rs");
}

const STYLE: &str = "templates/style.css";
/// What the console has beside that.
const CONSOLE: &str = "templates/console.css";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=messages");
    println!("cargo::rerun-if-changed={STYLE}");
    println!("cargo::rerun-if-changed={CONSOLE}");

    let hash = |style: &[u8]| BASE64_STANDARD.encode(Sha256::digest(style));
    let (style, of_console) = (fs::read(STYLE)?, fs::read(CONSOLE)?);
    println!("cargo::rustc-env=STYLE_SHA256={}", hash(&style));
    println!("cargo::rustc-env=CONSOLE_STYLE_SHA256={}", hash(&[style, of_console].concat()));

    let mut faults = Vec::new();
    let mut sources = Vec::new();
    for tag in tags::TAGS {
        let path = format!("messages/{tag}.ftl");
        match fs::read_to_string(path) {
            Ok(source) => sources.push((tag, source)),
            Err(error) => faults.push(format!("{tag}.ftl: {error}")),
        }
    }
    let sources: Vec<_> = sources.iter().map(|(tag, source)| (*tag, source.as_str())).collect();
    match catalogue::read(&sources) {
        Ok(catalogues) => {
            fs::write(Path::new(&env::var("OUT_DIR")?).join("messages.rs"), functions(&catalogues)?)?;
        }
        Err(more) => faults.extend(more),
    }
    // Each of these lines fails the build.
    for fault in faults {
        println!("cargo::error={fault}");
    }
    Ok(())
}

/// The source text of the catalogues' table and of one function for each message.
fn functions(catalogues: &[Catalogue]) -> Result<String, Box<dyn Error>> {
    let source = catalogues.first().ok_or("there is no catalogue")?;
    let mut code = String::new();
    writeln!(code, "static CATALOGUES: [Catalogue<{}>; {}] = [", source.messages.len() + 1, catalogues.len())?;
    for catalogue in catalogues {
        let mut text = String::new();
        let mut starts = vec![0];
        for (message, source) in catalogue.messages.iter().zip(&source.messages) {
            write_template(&mut text, message, source)?;
            starts.push(u16::try_from(text.len())?);
        }
        writeln!(code, "    Catalogue {{ reviewed: {}, starts: {starts:?}, text: {text:?} }},", catalogue.reviewed)?;
    }
    let name = source.messages.iter().position(|message| message.name == "language-name");
    writeln!(code, "];\n\nconst LANGUAGE_NAME: usize = {};\n", name.ok_or("the message language-name is missing")?)?;
    writeln!(code, "impl Messages {{")?;
    for (position, message) in source.messages.iter().enumerate() {
        // The pages ask each language for its own name, by its position.
        if message.name == "language-name" {
            continue;
        }
        let name = message.name.replace('-', "_");
        let placeables = message.placeables();
        write!(code, "    pub(crate) fn {name}(self")?;
        for placeable in &placeables {
            write!(code, ", {placeable}: &Html")?;
        }
        writeln!(code, ") -> Html {{\n        self.message({position}, &[{}])\n    }}", placeables.join(", "))?;
    }
    code.push_str("}\n");
    Ok(code)
}

/// A message as HTML, with the place of a placeable among the source's, in braces, for the placeable itself. A text
/// needs no escapes, since the catalogues have no character that HTML or this form reads as another thing.
fn write_template(html: &mut String, message: &Message, source: &Message) -> fmt::Result {
    let placeables = source.placeables();
    for segment in &message.segments {
        match segment {
            Segment::Text(text) => html.push_str(text),
            Segment::Placeable(name) => {
                let place = placeables.iter().position(|placeable| placeable == name).unwrap_or_default();
                write!(html, "{{{place}}}")?;
            }
        }
    }
    Ok(())
}
