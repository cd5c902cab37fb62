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
    description = json.load(answer)
schemas = description["components"]["schemas"]
named = {name for name, schema in schemas.items() if schema.get("type") == "object" or "enum" in schema}
# Pages are for people: no program sends their forms, and what they hold has no names.
pages = [methods for path, methods in description["paths"].items() if path.startswith(("/p/", "/console/"))]
ids = [operation["operationId"] for methods in pages for operation in methods.values()]
of_pages = tuple("".join(word.capitalize() for word in id.split("-")) for id in ids)
made = {model for model in models.__all__ if not model.startswith(of_pages)}
if named != made:
    missing, invented = named - made, made - named
    sys.exit(f"the Python client lacks {sorted(missing)} and invents {sorted(invented)}")
