//! Reading lists page by page.

use serde_json::{Value, json};

use crate::client::Response;
use crate::fixtures::Caller;
use crate::system::Engine;

/// More pages than any list of a test has.
const ENDLESS: usize = 5000;
/// How often a page of large items is read again after a 503 of `DynamoDB` Local.
const UNAVAILABLE: usize = 3;

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The items on it.
    pub items: Vec<Value>,
    /// The cursor for the next one.
    pub next: Option<String>,
}

impl Page {
    /// The page in a response: the member of this name, beside `nextCursor`. If the name is empty, the body is a bare
    /// array, and the cursor is in the header `Link`.
    #[track_caller]
    pub fn of(response: &Response, member: &str) -> Self {
        let body = response.expect(200);
        let (items, next) = if member.is_empty() {
            (&body, response.header("link").map(|link| cursor_of(link).to_owned()))
        } else {
            let next = body.get("nextCursor").unwrap_or_else(|| panic!("no nextCursor: {response}"));
            assert!(next.is_null() || next.is_string(), "{response}");
            (&body[member], next.as_str().map(ToOwned::to_owned))
        };
        let items = items.as_array().unwrap_or_else(|| panic!("no {member}: {response}")).clone();
        assert!(body.get("count").is_none_or(|count| *count == items.len()), "{response}");
        Self { items, next }
    }

    /// This text member of each item.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.items.iter().map(|item| crate::fixtures::text(item, name)).collect()
    }
}

/// The cursor in a `Link` header that names the next page.
#[track_caller]
fn cursor_of(link: &str) -> &str {
    let url = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\""));
    let cursor = url.and_then(|url| url.rsplit_once("cursor="));
    cursor.unwrap_or_else(|| panic!("no next page in {link}")).1
}

/// The path with one more parameter in its query.
pub fn with_parameter(path: &str, parameter: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{parameter}")
}

/// A page of a list, from this cursor on.
pub async fn page(caller: &Caller, path: &str, member: &str, cursor: Option<&str>) -> Page {
    let path = match cursor {
        Some(cursor) => with_parameter(path, &format!("cursor={cursor}")),
        None => path.to_owned(),
    };
    Page::of(&caller.get(path).await, member)
}

/// Every page of a list.
pub async fn pages(caller: &Caller, path: &str, member: &str) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    loop {
        let cursor = pages.last().and_then(|page| page.next.clone());
        let page = page(caller, path, member, cursor.as_deref()).await;
        let last = page.next.is_none();
        pages.push(page);
        if last {
            return pages;
        }
        assert!(pages.len() < ENDLESS, "{path} has no end");
    }
}

/// Every page of a list of large items, read with the largest limit. Lambda returns at most 6 MB, in which the body is
/// escaped as a JSON string, so each page must end before that, and only the last page may be much smaller.
pub async fn large_pages(caller: &Caller, path: &str, member: &str) -> Vec<Page> {
    let path = with_parameter(path, "limit=200");
    let mut pages: Vec<Page> = Vec::new();
    loop {
        let cursor = pages.last().and_then(|page| page.next.as_ref()).map(|cursor| format!("cursor={cursor}"));
        let path = cursor.map_or_else(|| path.clone(), |cursor| with_parameter(&path, &cursor));
        let mut response = caller.get(&path).await;
        // On a busy machine, DynamoDB Local may take longer for megabytes of items than a function waits.
        for _ in 0..UNAVAILABLE {
            if response.status() != 503 || Engine::chosen() != Ok(Engine::DynamoDbLocal) {
                break;
            }
            response = caller.get(&path).await;
        }
        let size = json!(response.body().to_string()).to_string().len();
        let page = Page::of(&response, member);
        assert!(size < 5 * 1024 * 1024, "a page of {size} bytes");
        assert!(page.next.is_none() || size > 4 * 1024 * 1024, "a page of {size} bytes that is not the last");
        let is_last = page.next.is_none();
        pages.push(page);
        if is_last {
            return pages;
        }
    }
}

/// This text member of each item of all the pages.
pub fn texts(pages: &[Page], name: &str) -> Vec<String> {
    pages.iter().flat_map(|page| page.texts(name)).collect()
}
