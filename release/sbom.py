"""The list of what a release consists of, as CycloneDX 1.6: aigraph itself and every package that its lock file pins.

    python release/sbom.py -o aigraph.cdx.json

Names, versions, hashes and platforms come from `requirements.lock`, licences from `docs/licences.md`. The same lock
file gives the same bytes: no time, and a serial number that follows from the content.
"""

from __future__ import annotations

import argparse
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from aigraph import __version__

ROOT = Path(__file__).resolve().parents[1]
LICENCE = "Apache-2.0 AND CC-BY-SA-4.0"
_PIN = re.compile(
    r"^([a-z0-9.-]+)(?:\[[a-z0-9,-]+\])?==(\S+)(?: ; ([^\\\n]+?))? \\\n((?: +--hash=\S+(?: \\)?\n)+)", re.M
)
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://w3id.org/aigraph/sbom")


@dataclass(frozen=True, slots=True)
class Pin:
    """A package that a lock file pins: its version, the SHA-256 of each of its files, where it is used, if told."""

    name: str
    version: str
    hashes: tuple[str, ...]
    where: str | None


def pins(lock: str) -> Iterator[Pin]:
    """What a lock file pins, in its order."""
    for name, version, where, hashes in _PIN.findall(lock):
        yield Pin(name, version, tuple(re.findall(r"sha256:([0-9a-f]{64})", hashes)), where or None)


def licences(page: str) -> dict[str, str]:
    """The licence of each package, as the table of `docs/licences.md` has it."""
    return dict(re.findall(r"^\| ([a-z0-9.-]+) \| ([^|]+?) \|", page, re.MULTILINE))


def sbom(lock: str, page: str) -> str:
    """The list as JSON.

    Raises:
        SystemExit: a package has no licence in the list, or what comes out does not follow the schema.
    """
    known, licence = licences(page), LicenseFactory()
    own = Component(
        name="aigraph",
        version=__version__,
        type=ComponentType.APPLICATION,
        bom_ref=f"aigraph@{__version__}",
        licenses=[licence.make_from_string(LICENCE)],
        purl=PackageURL("pypi", name="aigraph", version=__version__),
    )
    found = list(pins(lock))
    if missing := [pin.name for pin in found if pin.name not in known]:
        raise SystemExit(f"docs/licences.md lacks {', '.join(missing)}. Add what these packages state of themselves.")
    parts = [
        Component(
            name=pin.name,
            version=pin.version,
            type=ComponentType.LIBRARY,
            bom_ref=f"{pin.name}@{pin.version}",
            licenses=[licence.make_from_string(known[pin.name])],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha) for sha in pin.hashes],
            purl=PackageURL("pypi", name=pin.name, version=pin.version),
            properties=[Property(name="aigraph:where", value=pin.where)] if pin.where else [],
        )
        for pin in found
    ]
    serial = uuid.uuid5(_SPACE, f"{__version__}\n{lock}\n{sorted(known.items())}")
    bom = Bom(components=parts, metadata=BomMetaData(component=own), serial_number=serial)
    bom.metadata.timestamp = None  # type: ignore[assignment]  # the same content is to give the same bytes
    bom.register_dependency(own, parts)
    text = JsonV1Dot6(bom).output_as_string(indent=1) + "\n"
    if (error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)) is not None:
        raise SystemExit(f"What came out is no CycloneDX 1.6: {error}")
    return text


def main() -> None:
    """Write the list of this checkout."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=Path("aigraph.cdx.json"))
    output: Path = parser.parse_args().output
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    output.write_text(sbom(lock, (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{output}: {len(list(pins(lock)))} packages")


if __name__ == "__main__":
    main()
