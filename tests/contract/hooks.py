"""Hooks of schemathesis, which schemathesis.toml cannot express."""

import re

import schemathesis


@schemathesis.hook
def filter_headers(context, headers):
    # HTTP strips spaces from both ends of a value (RFC 9110, section 5.5), so an invalid value could arrive as a valid one.
    return all(value == value.strip(" \t") for value in (headers or {}).values() if isinstance(value, str))


@schemathesis.deserializer("text/css", "text/html", "text/javascript")
def text(ctx, response):
    return response.text


@schemathesis.check
def error_is_described(ctx, response, case):
    """All errors but those of pages have the same schema. The description of a response lists the codes that it can have."""
    described = case.operation.responses.find_by_status_code(response.status_code)
    # Another check reports a status without a description.
    if response.status_code < 400 or described is None:
        return
    # An error of a page is a page.
    if any(value.startswith("text/html") for value in response.headers.get("content-type", [])):
        return
    body = response.json()
    status, code = body["statusCode"], body["code"]
    assert status == response.status_code, f"the body says {status}"
    codes = re.findall("`([A-Z_]+)`", described.definition["description"])
    assert code in codes, f"{code} is none of {', '.join(codes)}"
    # A body that cannot be parsed also gets a BAD_REQUEST.
    if code in ("UNPROCESSABLE_ENTITY", "NOTICE_INCOMPLETE") or (status == 400 and code != "BAD_REQUEST"):
        assert "details" in body, f"{code} without details"
    elif status != 400:
        assert "details" not in body, f"{code} with details"
