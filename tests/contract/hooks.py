"""What schemathesis needs beside schemathesis.toml."""

import schemathesis


@schemathesis.hook
def before_load_schema(context, raw_schema):
    # Negated, a schema that holds itself is built without end: deeper than one level, any JSON is taken here.
    value = raw_schema["components"]["schemas"]["MetadataValue"]
    value["items"] = value["additionalProperties"] = True
