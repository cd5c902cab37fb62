"""What schemathesis needs beside schemathesis.toml."""

import re

import schemathesis


@schemathesis.hook
def filter_headers(context, headers):
    # HTTP takes blanks off both ends of a value (RFC 9110, section 5.5): what was made to be bad would arrive good.
    return all(value == value.strip(" \t") for value in (headers or {}).values() if isinstance(value, str))


@schemathesis.check
def error_is_described(ctx, response, case):
    """All errors have one schema; which codes one can have stands in the description of the response."""
    described = case.operation.responses.find_by_status_code(response.status_code)
    # A status without a description is the finding of another check.
    if response.status_code < 400 or described is None:
        return
    body = response.json()
    status, code = body["statusCode"], body["code"]
    assert status == response.status_code, f"the body says {status}"
    codes = re.findall("`([A-Z_]+)`", described.definition["description"])
    assert code in codes, f"{code} is none of {', '.join(codes)}"
    # A body that cannot be read at all is a BAD_REQUEST too.
    if code == "UNPROCESSABLE_ENTITY" or (status == 400 and code != "BAD_REQUEST"):
        assert "details" in body, f"{code} without details"
    elif status != 400:
        assert "details" not in body, f"{code} with details"
