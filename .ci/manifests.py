"""Writes what scoop and winget need to install the Windows package from where it is published.

Usage: manifests.py FOLDER VERSION URL. The zip of that name lies in FOLDER; the manifests are put beside it: azedit.json
for scoop, and three files for winget, schema 1.6."""

import hashlib
import json
import pathlib
import sys

SUMMARY = "A full-screen terminal editor and command line for Authorization Manager (AzMan) XML policy stores"
LICENCE = "MIT OR Apache-2.0"
IDENTIFIER = "azedit.azedit"


def main(folder, version, url):
    folder = pathlib.Path(folder)
    archive = url.rsplit("/", 1)[1]
    name = archive.removesuffix(".zip")
    digest = hashlib.sha256((folder / archive).read_bytes()).hexdigest()
    home = url.rsplit("/", 1)[0]

    scoop = {"version": version, "description": SUMMARY, "homepage": home, "license": LICENCE,
             "architecture": {"64bit": {"url": url, "hash": digest, "extract_dir": name}}, "bin": "azedit.exe"}
    (folder / "azedit.json").write_text(json.dumps(scoop, indent=4) + "\n")

    files = {
        "": ("version", {"DefaultLocale": "en-US"}),
        ".locale.en-US": ("defaultLocale", {
            "PackageLocale": "en-US", "Publisher": "azedit", "PackageName": "azedit", "PackageUrl": home,
            "License": LICENCE, "ShortDescription": SUMMARY}),
        ".installer": ("installer", {
            "Platform": ["Windows.Desktop"], "MinimumOSVersion": "10.0.0.0", "InstallerType": "zip",
            "NestedInstallerType": "portable",
            "NestedInstallerFiles": [{"RelativeFilePath": f"{name}\\azedit.exe", "PortableCommandAlias": "azedit"}],
            "Installers": [{"Architecture": "x64", "InstallerUrl": url, "InstallerSha256": digest.upper()}]}),
    }
    for ending, (kind, fields) in files.items():
        fields = {"PackageIdentifier": IDENTIFIER, "PackageVersion": version, **fields,
                  "ManifestType": kind, "ManifestVersion": "1.6.0"}
        (folder / f"{IDENTIFIER}{ending}.yaml").write_text(
            f"# yaml-language-server: $schema=https://aka.ms/winget-manifest.{kind}.1.6.0.schema.json\n"
            + "".join(yaml(key, value, "") for key, value in fields.items()))


def yaml(key, value, indent):
    """A field in the few shapes that these manifests have: a text, a list of texts, a list of records of texts."""
    if not isinstance(value, list):
        return f"{indent}{key}: {quoted(value)}\n"
    lines = [f"{indent}{key}:\n"]
    for entry in value:
        if isinstance(entry, dict):
            fields = [yaml(field, text, "") for field, text in entry.items()]
            lines += [f"{indent}{'- ' if number == 0 else '  '}{field}" for number, field in enumerate(fields)]
        else:
            lines.append(f"{indent}- {quoted(entry)}\n")
    return "".join(lines)


def quoted(text):
    """Single quotes: a version is not a number, a backslash no escape."""
    return "'" + text.replace("'", "''") + "'"


main(*sys.argv[1:])
