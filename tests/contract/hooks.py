"""What schemathesis needs beside schemathesis.toml."""

import schemathesis


@schemathesis.hook
def before_load_schema(context, raw_schema):
    # Negated, a schema that holds itself is built without end: deeper than one level, any JSON is taken here.
    value = raw_schema["components"]["schemas"]["MetadataValue"]
    value["items"] = value["additionalProperties"] = True


@schemathesis.hook
def filter_headers(context, headers):
    # HTTP takes blanks off both ends of a value (RFC 9110, section 5.5): what was made to be bad would arrive good.
    return all(value == value.strip(" \t") for value in (headers or {}).values() if isinstance(value, str))
