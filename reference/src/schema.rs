//! Schemas, as lists of fields.

use std::fmt::Write as _;

use saphyr::Yaml;

use crate::{
    description::{Description, get, items, members, scalar, text_of},
    html::{anchor, code, escaped, markdown},
    shared::TYPES,
};

/// How deep a schema may be. A deeper one refers to itself.
const MAX_DEPTH: usize = 24;
/// The keywords that are shown as JSON Schema, because the descriptions say the same in words.
const CONDITIONS: [&str; 6] = ["if", "then", "else", "not", "contains", "propertyNames"];

/// A schema, with the schemas that it refers to and that hold together with it.
pub(crate) struct Schema<'a> {
    /// The outermost comes first: its description is the one that is shown.
    layers: Vec<&'a Yaml<'a>>,
    /// The name by which it is referred to.
    name: Option<&'a str>,
    nullable: bool,
}

#[derive(PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    Alternatives,
    Simple,
}

impl<'a> Schema<'a> {
    pub(crate) fn new(description: &Description<'a>, node: &'a Yaml<'a>) -> Result<Self, String> {
        let mut schema = Self { layers: Vec::new(), name: None, nullable: false };
        let mut named = true;
        let mut open = vec![node];
        while let Some(layer) = open.pop() {
            schema.layers.push(layer);
            if schema.layers.len() > MAX_DEPTH {
                return Err(format!("a schema refers to itself: {node:?}"));
            }
            if let Some((name, referred)) = description.referred(layer)? {
                schema.name = schema.name.or(named.then_some(name));
                open.push(referred);
            }
            // `or null` is said beside the type, and is no alternative.
            if let [other, null] = items(get(layer, "anyOf")).collect::<Vec<_>>().as_slice()
                && text_of(null, "type") == Some("null")
            {
                schema.nullable = true;
                open.push(other);
            }
            let all: Vec<_> = items(get(layer, "allOf")).collect();
            // The name of a part is not the name of the whole.
            named &= all.is_empty();
            open.extend(all.into_iter().rev());
            schema.nullable |= items(get(layer, "type")).any(|each| each.as_str() == Some("null"));
        }
        Ok(schema)
    }

    /// The value of a keyword in the outermost layer that has it.
    fn keyword(&self, name: &str) -> Option<&'a Yaml<'a>> {
        self.layers.iter().find_map(|layer| get(layer, name))
    }

    /// The type, without `null`.
    fn types(&self) -> Vec<&'a str> {
        match self.keyword("type") {
            Some(Yaml::Sequence(types)) => types.iter().filter_map(Yaml::as_str).filter(|it| *it != "null").collect(),
            Some(one) => one.as_str().into_iter().collect(),
            None => Vec::new(),
        }
    }

    fn alternatives(&self) -> Vec<&'a Yaml<'a>> {
        let alternatives = self.layers.iter().map(|layer| items(get(layer, "anyOf")).collect::<Vec<_>>());
        let mut alternatives = alternatives.filter(|all| {
            let null = all.iter().any(|one| text_of(one, "type") == Some("null"));
            all.len() > 1 && !(null && all.len() == 2)
        });
        alternatives.next().unwrap_or_default()
    }

    pub(crate) fn kind(&self) -> Kind {
        if self.types() == ["object"] || self.keyword("properties").is_some() {
            Kind::Object
        } else if self.types() == ["array"] {
            Kind::Array
        } else if self.alternatives().is_empty() {
            Kind::Simple
        } else {
            Kind::Alternatives
        }
    }

    /// What it says about itself.
    fn described(&self) -> String {
        let text = self.layers.iter().find_map(|layer| text_of(layer, "description"));
        text.map(markdown).unwrap_or_default()
    }

    /// Its type and its limits in one line of HTML. A simple type with a name is described on a page of its own.
    fn type_line(&self, links: Links, is_definition: bool) -> Result<String, String> {
        let mut parts = Vec::new();
        let name = self.name.filter(|_| self.kind() == Kind::Simple && !is_definition);
        match (name, self.types().as_slice(), self.kind()) {
            (Some(name), ..) => parts.push(links.to_type(name)),
            (None, _, Kind::Alternatives) => parts.push("one of several forms".to_owned()),
            // A value by itself says its type.
            (None, [], _) if self.keyword("const").is_some() => {}
            (None, [], _) => parts.push("any JSON".to_owned()),
            (None, types, _) => parts.push(types.join(" or ")),
        }
        if self.nullable {
            parts.push("or null".to_owned());
        }
        let mut parts = if parts.is_empty() { parts } else { vec![parts.join(" ")] };
        for (minimum, maximum, unit) in [
            ("minLength", "maxLength", "character"),
            ("minItems", "maxItems", "item"),
            ("minProperties", "maxProperties", "member"),
            ("minimum", "maximum", ""),
        ] {
            let limit = |name: &str| self.keyword(name).map(scalar).transpose();
            let range = match (limit(minimum)?, limit(maximum)?) {
                (None, None) => continue,
                (Some(least), None) => format!("at least {least}"),
                (None, Some(most)) => format!("at most {most}"),
                (Some(least), Some(most)) if least == most => format!("exactly {least}"),
                (Some(least), Some(most)) => format!("{least} to {most}"),
            };
            let plural = if unit.is_empty() || range.ends_with(" 1") { "" } else { "s" };
            parts.push(format!("{range} {unit}{plural}").trim_end().to_owned());
        }
        if self.keyword("uniqueItems").and_then(Yaml::as_bool) == Some(true) {
            parts.push("no duplicates".to_owned());
        }
        if let Some(format) = self.keyword("format").and_then(Yaml::as_str) {
            parts.push(escaped(format));
        }
        let values: Vec<_> = self.keyword("const").into_iter().chain(items(self.keyword("enum"))).collect();
        if !values.is_empty() {
            let values: Result<Vec<_>, _> =
                values.into_iter().map(|value| scalar(value).map(|value| code(&value.to_string()))).collect();
            parts.push(values?.join(" | "));
        }
        if let Some(default) = self.keyword("default") {
            parts.push(format!("{} by default", code(&scalar(default)?.to_string())));
        }
        // The pattern of a named type stands where the type is described.
        if name.is_none()
            && let Some(pattern) = self.keyword("pattern").and_then(Yaml::as_str)
        {
            parts.push(format!("matches {}", code(pattern)));
        }
        Ok(parts.join(" · "))
    }
}

/// Where the page of the types is, relative to a page.
#[derive(Clone, Copy)]
pub(crate) struct Links {
    /// Whether the links are on the page of the types itself.
    pub(crate) of_types: bool,
}

impl Links {
    fn to_type(self, name: &str) -> String {
        let page = if self.of_types { "" } else { TYPES };
        format!("<a href=\"{page}#{0}\">{0}</a>", escaped(name))
    }
}

/// Renders schemas of one page.
pub(crate) struct Renderer<'a, 'd> {
    pub(crate) description: &'d Description<'a>,
    pub(crate) links: Links,
}

impl<'a> Renderer<'a, '_> {
    /// The type line, the description and all fields of a schema that is not a field itself. `id` begins the anchors of
    /// the fields.
    pub(crate) fn whole(&self, node: &'a Yaml<'a>, id: &str) -> Result<String, String> {
        let schema = Schema::new(self.description, node)?;
        let line = schema.type_line(self.links, false)?;
        let named = schema.name.filter(|_| schema.kind() != Kind::Simple);
        let named = named.map(|name| format!("<b>{}</b> · ", escaped(name))).unwrap_or_default();
        Ok(format!("<p class=\"type\">{named}{line}</p>\n{}{}", schema.described(), self.inner(&schema, id, 0)?))
    }

    /// The definition of a simple type.
    pub(crate) fn definition(&self, name: &'a str, node: &'a Yaml<'a>) -> Result<String, String> {
        let schema = Schema { name: Some(name), ..Schema::new(self.description, node)? };
        let mut line = schema.type_line(self.links, true)?;
        if let Some((base, _)) = self.description.referred(node)? {
            let _ = write!(line, " · as {}", self.links.to_type(base));
        }
        Ok(format!("<p class=\"type\">{line}</p>\n{}{}", schema.described(), self.inner(&schema, name, 0)?))
    }

    /// A parameter or a header, which has a name, a schema, and perhaps a description of its own.
    pub(crate) fn named(&self, name: &str, node: &'a Yaml<'a>, id: &str, place: &str) -> Result<String, String> {
        let required = get(node, "required").and_then(Yaml::as_bool) == Some(true);
        let declared = get(node, "schema").ok_or_else(|| format!("{name} has no schema"))?;
        let schema = Schema::new(self.description, declared)?;
        let own = text_of(node, "description").map(markdown);
        let mut out = Self::term(id, name, &schema.type_line(self.links, false)?, place, required);
        let _ = write!(out, "<dd>{}", own.unwrap_or_else(|| schema.described()));
        if let Some(example) = get(node, "example") {
            let example = scalar(example)?;
            let shown = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
            let _ = writeln!(out, "<p>Example: {}</p>", code(&shown));
        }
        Ok(out + &self.inner(&schema, id, 0)? + "</dd>\n")
    }

    fn term(id: &str, name: &str, line: &str, place: &str, required: bool) -> String {
        let required = if required { " <b class=\"required\">required</b>" } else { "" };
        let place = if place.is_empty() { String::new() } else { format!(" {place}") };
        format!(
            "<dt id=\"{}\">{} <span class=\"type\">{line}</span>{place}{required}</dt>\n",
            escaped(id),
            anchor(id, &code(name))
        )
    }

    /// What is below the type and the description: fields, items, alternatives, conditions and examples.
    fn inner(&self, schema: &Schema<'a>, id: &str, depth: usize) -> Result<String, String> {
        if depth > MAX_DEPTH {
            return Err(format!("{id}: a schema refers to itself"));
        }
        let mut out = String::new();
        self.fields(schema, id, depth, &mut out)?;
        if let Some(each) = schema.keyword("items") {
            self.part("Each item", each, id, depth, &mut out)?;
        }
        let others = schema.keyword("additionalProperties");
        if let Some(each) = others.filter(|others| others.as_mapping().is_some()) {
            self.part("Each member", each, id, depth, &mut out)?;
        } else if schema.kind() == Kind::Object && others.and_then(Yaml::as_bool) != Some(false) {
            out.push_str("<p>Other members may follow.</p>\n");
        }
        for (index, alternative) in schema.alternatives().into_iter().enumerate() {
            self.part(&format!("Form {}", index + 1), alternative, &format!("{id}.{}", index + 1), depth, &mut out)?;
        }
        for layer in &schema.layers {
            let conditions = CONDITIONS.into_iter().filter_map(|name| Some((name, get(layer, name)?)));
            let mut conditions = conditions.peekable();
            if conditions.peek().is_some() {
                out.push_str("<details><summary>Conditions, as JSON Schema</summary>\n");
                for (name, condition) in conditions {
                    let json = escaped(&self.description.json(condition)?);
                    let _ = writeln!(out, "<pre><code>\"{name}\": {json}</code></pre>");
                }
                out.push_str("</details>\n");
            }
        }
        let examples = items(schema.keyword("examples").filter(|_| depth == 0));
        let examples: Result<Vec<_>, _> =
            examples.map(|it| self.description.json(it).map(|json| code(&json))).collect();
        let examples = examples?.join(", ");
        if !examples.is_empty() {
            let _ = writeln!(out, "<p>Examples: {examples}</p>");
        }
        Ok(out)
    }

    /// The list of the fields of an object.
    fn fields(&self, schema: &Schema<'a>, id: &str, depth: usize, out: &mut String) -> Result<(), String> {
        let required: Vec<&str> =
            schema.layers.iter().flat_map(|it| items(get(it, "required"))).filter_map(Yaml::as_str).collect();
        let mut seen = Vec::new();
        for (name, node) in schema.layers.iter().flat_map(|layer| members(get(layer, "properties"))) {
            // An outer layer may say more of a field than the inner one.
            if seen.contains(&name) {
                continue;
            }
            out.push_str(if seen.is_empty() { "<dl>\n" } else { "" });
            seen.push(name);
            let (field, id) = (Schema::new(self.description, node)?, format!("{id}.{name}"));
            out.push_str(&Self::term(&id, name, &field.type_line(self.links, false)?, "", required.contains(&name)));
            let _ = writeln!(out, "<dd>{}{}</dd>", field.described(), self.inner(&field, &id, depth + 1)?);
        }
        out.push_str(if seen.is_empty() { "" } else { "</dl>\n" });
        Ok(())
    }

    fn part(&self, label: &str, node: &'a Yaml<'a>, id: &str, depth: usize, out: &mut String) -> Result<(), String> {
        let schema = Schema::new(self.description, node)?;
        let line = schema.type_line(self.links, false)?;
        // What a simple type says of itself is behind its link: here it would only repeat the text of the whole.
        let is_named = schema.kind() == Kind::Simple && schema.name.is_some();
        let text = if is_named { String::new() } else { schema.described() };
        let _ = write!(out, "<p>{label}: <span class=\"type\">{line}</span></p>\n{text}");
        out.push_str(&self.inner(&schema, id, depth + 1)?);
        Ok(())
    }
}
