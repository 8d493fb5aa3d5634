"""Whether files are CycloneDX: ``validate.py FILE…`` compares them with the schema, which cyclonedx-python-lib carries.

Needs ``cyclonedx-python-lib[json-validation]``, in an environment of its own.
"""

import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

validator = JsonStrictValidator(SchemaVersion.V1_6)
if len(sys.argv) < 2:
    sys.exit("validate.py: name the files to look at.")
for name in sys.argv[1:]:
    problem = validator.validate_str(Path(name).read_text("utf-8"))
    if problem is not None:
        sys.exit(f"{name}: {problem}")
    sys.stdout.write(f"{name} is CycloneDX.\n")
