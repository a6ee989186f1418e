"""Holds what is found in a folder of keys against what `cryptography` reads there: `keys PROGRAM FOLDER`."""

import json
import pathlib
import subprocess
import sys
import warnings

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

PROGRAM, FOLDER = sys.argv[1:]
RULES = {"plaintext-private-key": "plain", "encrypted-private-key": "encrypted"}
PRIVATE = [
    serialization.load_pem_private_key,
    serialization.load_der_private_key,
    serialization.load_ssh_private_key,
    pkcs12.load_key_and_certificates,
]
PUBLIC = [
    serialization.load_pem_public_key,
    serialization.load_der_public_key,
    serialization.load_ssh_public_identity,
    serialization.load_pem_parameters,
    serialization.load_der_parameters,
    x509.load_pem_x509_certificates,
    x509.load_der_x509_certificate,
    x509.load_pem_x509_csr,
    x509.load_der_x509_csr,
    x509.load_pem_x509_crl,
    x509.load_der_x509_crl,
]
# The fewest of each kind: a corpus that lost its files proves nothing.
FEWEST = {"plain": 50, "encrypted": 40, "public": 500}


def judged(data):
    """What a file is, and `None` where nothing can be read in it or only a password would tell."""
    for load in PRIVATE:
        try:
            loaded = load(data, None)
        except TypeError:
            return "encrypted"
        except Exception as error:  # each loader has its own
            if "password" in str(error).lower() and load is not pkcs12.load_key_and_certificates:
                return "encrypted"
            continue
        if load is pkcs12.load_key_and_certificates:
            return None
        return "plain" if loaded else None
    for load in PUBLIC:
        try:
            load(data)
        except Exception:
            continue
        return None if b"PRIVATE KEY" in data else "public"
    return None


def main():
    warnings.simplefilter("ignore")
    command = [PROGRAM, "check", "--no-config", "--output-format", "json", FOLDER]
    run = subprocess.run(command, capture_output=True, check=False)
    found = {}
    for diagnostic in json.loads(run.stdout)["diagnostics"]:
        kind = RULES.get(diagnostic["rule"])
        if kind:
            found.setdefault(diagnostic["location"]["path"], set()).add(kind)
    counts = dict.fromkeys(FEWEST, 0)
    wrong = []
    root = pathlib.Path(FOLDER)
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name = path.relative_to(root).as_posix()
        kind = judged(path.read_bytes())
        if kind is None:
            continue
        counts[kind] += 1
        expected = set() if kind == "public" else {kind}
        if found.get(name, set()) != expected:
            wrong.append(f"{name}: {kind}, found {sorted(found.get(name, set()))}")
    print("\n".join(wrong))
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()))
    few = [kind for kind, fewest in FEWEST.items() if counts[kind] < fewest]
    sys.exit(f"{len(wrong)} wrong, too few of {few}" if wrong or few else 0)


if __name__ == "__main__":
    main()
