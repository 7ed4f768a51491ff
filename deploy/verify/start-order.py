"""Prints a Compose file's services in the order in which they may start: name, then dependency:condition of each."""

import graphlib
import sys

import yaml

with open(sys.argv[1], encoding="utf-8") as file:
    services = yaml.safe_load(file)["services"]
everyday = {name: service for name, service in services.items() if "profiles" not in service}
needs = {name: service.get("depends_on", {}) for name, service in everyday.items()}
for name in graphlib.TopologicalSorter(needs).static_order():
    print(name, *(f"{need}:{how['condition']}" for need, how in needs[name].items()))
