"""Checks Compose files against the Compose specification's schema, which docker-compose 1.29 brings along."""

import importlib.resources
import json
import sys

import jsonschema
import yaml

text = importlib.resources.files("compose").joinpath("config", "compose_spec.json").read_text()
schema = json.loads(text)
# The specification has taken this in since.
schema["properties"]["name"] = {"type": "string"}

faults = 0
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    for error in jsonschema.Draft201909Validator(schema).iter_errors(document):
        where = "/".join(str(part) for part in error.absolute_path)
        print(f"{path}: {where}: {error.message}", file=sys.stderr)
        faults += 1
sys.exit(1 if faults else 0)
