"""Checks that the generated models are the objects and enumerations of openapi.yaml, by their names.

A model of another name is one that the generator had to invent for a schema without any; one that is missing it could
not make.
"""

import json
import os
import sys
import urllib.request

from assent import models

with urllib.request.urlopen(os.environ["BASE_URL"] + "/openapi.json", timeout=30) as answer:
    schemas = json.load(answer)["components"]["schemas"]
named = {name for name, schema in schemas.items() if schema.get("type") == "object" or "enum" in schema}
if named != set(models.__all__):
    missing, invented = named - set(models.__all__), set(models.__all__) - named
    sys.exit(f"the Python client lacks {sorted(missing)} and invents {sorted(invented)}")
