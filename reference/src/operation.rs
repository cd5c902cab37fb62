//! The page of an operation or of a webhook.

use std::fmt::Write as _;

use saphyr::Yaml;

use crate::{
    description::{Description, Operation, get, items, members, text_of},
    html::{self, anchor, code, escaped, heading, markdown, tag_id},
    schema::{Links, Renderer},
    shared::{ERROR, RESPONSES},
};

pub(crate) fn page<'a>(description: &Description<'a>, operation: &Operation<'a>) -> Result<String, String> {
    let renderer = Renderer { description, links: Links { of_types: false } };
    let about = |error| format!("{}: {error}", operation.id);
    let parts = [
        introduction(operation),
        callers(operation),
        parameters(&renderer, operation).map_err(about)?,
        body(&renderer, operation).map_err(about)?,
        responses(&renderer, operation).map_err(about)?,
        others(description, operation),
    ];
    Ok(html::page(operation.summary, &parts.concat()))
}

fn introduction(operation: &Operation<'_>) -> String {
    let Operation { id, method, path, tag, summary, is_webhook, declared, .. } = operation;
    let (to, name) = if *is_webhook {
        (" to the recipient’s <code>url</code>:", String::new())
    } else {
        ("", format!("<p>Its <code>operationId</code> is {}.</p>\n", code(id)))
    };
    format!(
        "<nav aria-label=\"Place\"><a href=\"../docs\">Reference</a> › <a href=\"../docs#{}\">{}</a></nav>\n<main>\n<h1>{}</h1>\n\
         <p class=\"call\"><b>{method}</b>{to} {}</p>\n{}{name}",
        tag_id(tag),
        escaped(tag),
        escaped(summary),
        code(path),
        markdown(text_of(declared, "description").unwrap_or_default()),
    )
}

/// Who may call it. The description of a scheme is on the index.
fn callers(operation: &Operation<'_>) -> String {
    if operation.is_webhook {
        return String::new();
    }
    let schemes: Vec<_> = items(get(operation.declared, "security")).flat_map(|one| members(Some(one))).collect();
    let links: Vec<String> =
        schemes.iter().map(|(name, _)| format!("<a href=\"../docs#{0}\">{0}</a>", escaped(name))).collect();
    let mut text = if links.is_empty() { "No key is needed.".to_owned() } else { links.join(" or ") };
    if let Some(scope) = text_of(operation.declared, "x-scope").filter(|scope| *scope != "any") {
        let _ = write!(text, ", with the scope {}", code(scope));
    }
    format!("{}<p>{text}</p>\n", heading(2, "key", "Key"))
}

fn parameters<'a>(renderer: &Renderer<'a, '_>, operation: &Operation<'a>) -> Result<String, String> {
    let mut out = String::new();
    for node in [operation.item, operation.declared] {
        for parameter in items(get(node, "parameters")) {
            let parameter = renderer.description.resolved(parameter)?;
            let name = text_of(parameter, "name").ok_or("a parameter has no name")?;
            let place = text_of(parameter, "in").ok_or("a parameter is nowhere")?;
            out.push_str(&renderer.named(name, parameter, &format!("{place}.{name}"), &format!("in the {place}"))?);
        }
    }
    Ok(if out.is_empty() { out } else { format!("{}<dl>\n{out}</dl>\n", heading(2, "parameters", "Parameters")) })
}

fn body<'a>(renderer: &Renderer<'a, '_>, operation: &Operation<'a>) -> Result<String, String> {
    let Some(body) = get(operation.declared, "requestBody") else { return Ok(String::new()) };
    Ok(heading(2, "body", "Body") + &contents(renderer, body, "body", operation.is_webhook)?)
}

fn responses<'a>(renderer: &Renderer<'a, '_>, operation: &Operation<'a>) -> Result<String, String> {
    let mut out = heading(2, "responses", "Responses");
    for (status, response) in members(get(operation.declared, "responses")) {
        out.push_str(&heading(3, status, &format!("{} {}", escaped(status), reason(status))));
        if let Some((name, shared)) = renderer.description.referred(response)? {
            out.push_str(&markdown(text_of(shared, "description").unwrap_or_default()));
            let link = format!("{RESPONSES}#{}", escaped(name));
            let _ = writeln!(out, "<p><a href=\"{link}\">Headers, body and examples</a></p>");
        } else {
            out.push_str(&self::response(renderer, response, status, "")?);
        }
    }
    Ok(out)
}

/// The description, headers, body and examples of a response. `here` is the page of the shared headers, relative to the
/// page of the response.
pub(crate) fn response<'a>(
    renderer: &Renderer<'a, '_>,
    response: &'a Yaml<'a>,
    id: &str,
    here: &str,
) -> Result<String, String> {
    let mut out = markdown(text_of(response, "description").unwrap_or_default());
    let (mut shared, mut own) = (Vec::new(), String::new());
    for (name, header) in members(get(response, "headers")) {
        if let Some((component, _)) = renderer.description.referred(header)? {
            let page = if here.is_empty() { RESPONSES } else { "" };
            shared.push(format!("<a href=\"{page}#header-{}\">{}</a>", escaped(component), escaped(name)));
        } else {
            own.push_str(&renderer.named(name, header, &format!("{id}.header.{name}"), "")?);
        }
    }
    if !shared.is_empty() {
        let _ = writeln!(out, "<p>Headers: {}</p>", shared.join(", "));
    }
    if !own.is_empty() {
        let _ = write!(out, "<dl>\n{own}</dl>\n");
    }
    Ok(out + &contents(renderer, response, id, false)?)
}

/// The schema and the examples of each media type.
fn contents<'a>(renderer: &Renderer<'a, '_>, node: &'a Yaml<'a>, id: &str, quiet: bool) -> Result<String, String> {
    let mut out = String::new();
    for (index, (media_type, content)) in members(get(node, "content")).enumerate() {
        let id = if index == 0 { id.to_owned() } else { format!("{id}.{}", index + 1) };
        if !quiet {
            let _ = writeln!(out, "<p class=\"media\">{}</p>", code(media_type));
        }
        let schema = get(content, "schema").ok_or("a content has no schema")?;
        match renderer.description.referred(schema)? {
            Some((ERROR, _)) => {
                let _ = writeln!(out, "<p>The body is an <a href=\"{RESPONSES}#{ERROR}\">{ERROR}</a>.</p>");
            }
            _ => out.push_str(&renderer.whole(schema, &id)?),
        }
        let named = members(get(content, "examples"));
        let named = named.map(|(name, it)| (name, text_of(it, "summary").unwrap_or(name), get(it, "value")));
        let unnamed = get(content, "example").map(|value| ("only", "", Some(value)));
        for (name, summary, value) in named.chain(unnamed) {
            let value = value.ok_or_else(|| format!("the example {name} has no value"))?;
            let id = format!("{id}.example.{name}");
            let label = if summary.is_empty() { "Example".to_owned() } else { format!("Example: {summary}") };
            let text = value.as_str().map_or_else(|| renderer.description.json(value), |text| Ok(text.to_owned()))?;
            let _ = writeln!(
                out,
                "<figure id=\"{}\"><figcaption>{}</figcaption><pre><code>{}</code></pre></figure>",
                escaped(&id),
                anchor(&id, &escaped(&label)),
                escaped(&text)
            );
        }
    }
    Ok(out)
}

/// The other operations of the same tag.
fn others(description: &Description<'_>, operation: &Operation<'_>) -> String {
    let others = description.operations.iter().filter(|other| other.tag == operation.tag && other.id != operation.id);
    let links = others.map(|other| format!("<li><a href=\"{}\">{}</a></li>\n", other.id, escaped(other.summary)));
    let list = links.collect::<Vec<_>>().concat();
    let list = if list.is_empty() { list } else { format!("<h2>{}</h2>\n<ul>\n{list}</ul>\n", escaped(operation.tag)) };
    format!(
        "</main>\n<nav aria-label=\"Other operations\">\n{list}<p><a href=\"../docs\">All operations</a></p>\n</nav>\n"
    )
}

/// The names of the statuses (RFC 9110) that the description has.
pub(crate) fn reason(status: &str) -> &'static str {
    match status {
        "200" => "OK",
        "201" => "Created",
        "202" => "Accepted",
        "204" => "No Content",
        "400" => "Bad Request",
        "401" => "Unauthorized",
        "403" => "Forbidden",
        "404" => "Not Found",
        "406" => "Not Acceptable",
        "409" => "Conflict",
        "410" => "Gone",
        "412" => "Precondition Failed",
        "413" => "Content Too Large",
        "415" => "Unsupported Media Type",
        "422" => "Unprocessable Content",
        "429" => "Too Many Requests",
        "500" => "Internal Server Error",
        "503" => "Service Unavailable",
        _ => "",
    }
}
