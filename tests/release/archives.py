"""Tests of `make release`: it builds the archive of the last commit, for this machine's processor. That another build makes
the same one is checked when there is a release (.github/workflows/release.yml), because it takes as long again.

Run by `scripts/test long`. Its last line is that of cargo's test runner.
"""

import hashlib
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import platform
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
ARCHITECTURE = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
# The number of a processor in the header of a program (ELF).
MACHINE = {"arm64": 183, "x86_64": 62}[ARCHITECTURE]
VERSION = re.search(r'^\[workspace\.package\]\nversion = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
NAME = f"assent-{VERSION}-{ARCHITECTURE}.tar.gz"
# The bytes that a function may have, zipped.
MOST = 4_000_000
AUTHOR = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]


def run(*command, **options):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "check": True} | options
    try:
        return subprocess.run(command, **options).stdout
    except subprocess.CalledProcessError as error:
        raise AssertionError(f"{error}\n{error.stdout}") from error


def clone(source, folder):
    """A clone with tools of its own."""
    run("git", "clone", "--quiet", source, folder)
    with (folder / ".git/info/exclude").open("a") as excluded:
        excluded.write("/.tools\n")
    try:
        run("cp", "-al", f"{(ROOT / '.tools').resolve()}", folder / ".tools")
    except AssertionError:
        # On another disk.
        shutil.rmtree(folder / ".tools", ignore_errors=True)
        run("cp", "-a", f"{(ROOT / '.tools').resolve()}", folder / ".tools")
    return folder


def release(folder, version=VERSION, architecture=ARCHITECTURE):
    command = [folder / "scripts/release", version, architecture]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def module(folder):
    """scripts/release of a clone, as a module."""
    loader = importlib.machinery.SourceFileLoader("release", str(folder / "scripts/release"))
    found = importlib.util.module_from_spec(importlib.util.spec_from_loader("release", loader))
    loader.exec_module(found)
    return found


class Archives(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="assent-release-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.one = clone(ROOT, cls.folder / "one")
        # What is not released yet becomes a part of this version, as in the commit that a tag names.
        changelog = cls.one / "CHANGELOG.md"
        text = changelog.read_text()
        if re.search(r"^## Unreleased\n\n(?!## )", text, re.MULTILINE):
            text = re.sub(rf"^## {re.escape(VERSION)}\b.*\n", "", text, flags=re.MULTILINE)
            changelog.write_text(text.replace("\n## Unreleased\n", f"\n## {VERSION}\n"))
        run("git", *AUTHOR, "commit", "--all", "--allow-empty", "--quiet", "--message", "A release", cwd=cls.one)
        cls.epoch = run("git", "log", "-1", "--format=%ct", cwd=cls.one).strip()

        built = release(cls.one)
        if built.returncode != 0:
            raise AssertionError(f"the release failed:\n{built.stdout[-10000:]}")
        print(built.stdout[-400:], flush=True)
        with tarfile.open(cls.one / "dist" / NAME) as archive:
            archive.extractall(cls.folder, filter="data")
        cls.unpacked = cls.folder / f"assent-{VERSION}"
        cls.templates = sorted(cls.unpacked.rglob("template.yaml"))
        cls.zips = sorted(cls.unpacked.rglob("*.zip"))

    def test_the_same_files_make_the_same_archive(self):
        steps, again = module(self.one), self.folder / "again"
        for path in self.zips[:3]:
            again.write_bytes(zipfile.ZipFile(path).read("bootstrap"))
            steps.write_zip(again, self.folder / "again.zip")
            self.assertEqual((self.folder / "again.zip").read_bytes(), path.read_bytes(), path)
        steps.write_archive(self.unpacked, again, self.epoch)
        self.assertEqual(again.read_bytes(), (self.one / "dist" / NAME).read_bytes())

    def test_each_function_is_small(self):
        sizes = {path.stem: path.stat().st_size for path in self.zips}
        largest = max(sizes, key=sizes.get)
        print(f"{largest}: {sizes[largest]} bytes zipped, of {MOST} at the most", flush=True)
        self.assertLessEqual(sizes[largest], MOST)

    def test_nothing_names_a_path_of_this_machine(self):
        paths = [str(path).encode() for path in (self.folder, ROOT, pathlib.Path.home() / ".cargo")]
        for path in self.unpacked.rglob("*"):
            contents = [path.read_bytes()] if path.is_file() else []
            if path.suffix == ".zip":
                contents = [zipfile.ZipFile(path).read("bootstrap")]
            for content in contents:
                self.assertEqual([name for name in paths if name in content], [], path)

    def test_the_checksums_are_of_all_files(self):
        run("sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS", cwd=self.unpacked)
        named = {line.split("  ")[1] for line in (self.unpacked / "SHA256SUMS").read_text().splitlines()}
        files = {str(path.relative_to(self.unpacked)) for path in self.unpacked.rglob("*") if path.is_file()}
        self.assertEqual(named, files - {"SHA256SUMS"})
        run("sha256sum", "--check", "--quiet", f"{NAME}.sha256", cwd=self.one / "dist")

    def test_each_zip_holds_one_program(self):
        for path in self.zips:
            with zipfile.ZipFile(path) as file:
                [entry] = file.infolist()
                program = file.read(entry)
            self.assertEqual((entry.filename, entry.external_attr >> 16), ("bootstrap", 0o100755), path)
            self.assertEqual((program[:4], int.from_bytes(program[18:20], "little")), (b"\x7fELF", MACHINE), path)

    def test_the_templates_deploy_the_zips(self):
        used = []
        for template in self.templates:
            text = template.read_text()
            for found in re.findall(r"^ +(?:CodeUri|Location|TemplateURL): ([^:\s]+\.(?:zip|yaml))$", text, re.MULTILINE):
                self.assertTrue((template.parent / found).is_file(), f"{template}: {found}")
                used.append(template.parent / found)
        self.assertEqual(sorted(path for path in used if path.suffix == ".zip"), self.zips)
        functions = sum(template.read_text().count("Type: AWS::Serverless::Function") for template in self.templates)
        self.assertTrue(functions == len(self.zips) > 0, (functions, len(self.zips)))
        [root] = self.unpacked.glob("*/template.yaml")
        parameter = re.search(r"^  Architecture:\n((?:    .*\n)+)", root.read_text(), re.MULTILINE)[1]
        self.assertIn(f"    Default: {ARCHITECTURE}\n    AllowedValues:\n    - {ARCHITECTURE}\n    Desc", parameter)

    def test_cfn_lint_accepts_the_templates(self):
        run(ROOT / "scripts/install-tool", "cfn-lint")
        tool = ROOT / ".tools/cfn-lint"
        env = os.environ | {"PYTHONPATH": str(tool)}
        run(sys.executable, tool / "bin/cfn-lint", "--template", *self.templates, env=env)

    def test_sam_uploads_the_zips_as_they_are(self):
        """What `sam deploy` does before it calls CloudFormation, with an imitation of S3."""
        run(ROOT / "scripts/install-tool", "aws-sam-cli", "moto")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        moto = ROOT / ".tools/moto"
        command = [sys.executable, moto / "bin/moto_server", "-H", "127.0.0.1", "-p", str(port)]
        env = os.environ | {"PYTHONPATH": str(moto)}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        server = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, **quiet)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.2)
        env = os.environ | {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        make = "import boto3; boto3.client('s3').create_bucket(Bucket='releases')"
        run(sys.executable, "-c", make, env=env | {"PYTHONPATH": str(moto)})
        [root] = self.unpacked.glob("*/template.yaml")
        packaged = self.folder / "packaged.yaml"
        run(ROOT / "scripts/sam", "package", "--template-file", root, "--s3-bucket", "releases",
            "--output-template-file", packaged, env=env)
        listed = (
            "import boto3, hashlib, json; bucket = boto3.resource('s3').Bucket('releases');"
            "print(json.dumps([hashlib.sha256(it.get()['Body'].read()).hexdigest() for it in bucket.objects.all()]))"
        )
        uploaded = set(json.loads(run(sys.executable, "-c", listed, env=env | {"PYTHONPATH": str(moto)})))
        self.assertLessEqual({hashlib.sha256(path.read_bytes()).hexdigest() for path in self.zips}, uploaded)

    def test_the_program_runs(self):
        self.assertEqual(run(self.unpacked / "assent", "--version"), f"assent {VERSION}\n")
        self.assertIn("API_URL and API_KEY are missing", run(self.unpacked / "smoke", check=False))

    def test_the_bills_of_materials_list_the_crates(self):
        for file, expected in {
            f"{ARCHITECTURE}/functions.cdx.json": {"aws-sdk-dynamodb", "lambda_http", "assent-shared"},
            "assent.cdx.json": {"aws-sdk-dynamodb", "dynoxide-rs", "clap", "assent-functions"},
        }.items():
            bill = json.loads((self.unpacked / file).read_text())
            self.assertEqual((bill["bomFormat"], bill["specVersion"]), ("CycloneDX", "1.5"))
            self.assertLessEqual(expected, {component["name"] for component in bill["components"]}, file)

    def test_the_provenance_names_the_commit_and_all_files(self):
        statement = json.loads((self.unpacked / "provenance.json").read_text())
        self.assertEqual(statement["predicateType"], "https://slsa.dev/provenance/v1")
        named = {subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]}
        files = {str(path.relative_to(self.unpacked)): path for path in self.unpacked.rglob("*") if path.is_file()}
        expected = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
        self.assertEqual(named, {k: v for k, v in expected.items() if k not in ("provenance.json", "SHA256SUMS")})
        definition = statement["predicate"]["buildDefinition"]
        self.assertEqual(definition["externalParameters"], {"version": VERSION, "architectures": [ARCHITECTURE]})
        commit = run("git", "rev-parse", "HEAD", cwd=self.one).strip()
        self.assertIn({"name": "source", "digest": {"gitCommit": commit}}, definition["resolvedDependencies"])

    def test_what_is_no_version_is_refused(self):
        folder = clone(self.one, self.folder / "refused")
        for version, architecture, reason in [
            ("", "", "which version?"),
            (VERSION, "riscv64", "which version?"),
            ("99.0.0", "", f"the version in Cargo.toml is {VERSION}, not 99.0.0"),
        ]:
            refused = release(folder, version, architecture)
            self.assertTrue(refused.returncode != 0 and reason in refused.stdout, refused)
        changelog = (folder / "CHANGELOG.md").read_text()
        for text, reason in [
            (changelog.replace(f"\n## {VERSION}\n", "\n## 0.0.1\n"), f"CHANGELOG.md says nothing of {VERSION}"),
            (changelog.replace(f"\n## {VERSION}\n", f"\n## Unreleased\n\n- A.\n\n## {VERSION}\n"), "under Unreleased"),
        ]:
            (folder / "CHANGELOG.md").write_text(text)
            refused = release(folder)
            self.assertTrue(refused.returncode != 0 and "the working tree is not clean" in refused.stdout, refused)
            run("git", *AUTHOR, "commit", "--all", "--quiet", "--message", "Another changelog", cwd=folder)
            refused = release(folder)
            self.assertTrue(refused.returncode != 0 and reason in refused.stdout, refused)


if __name__ == "__main__":
    outcome = unittest.main(exit=False, verbosity=2).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"test result: {max(0, outcome.testsRun - failed)} passed; {failed} failed", flush=True)
    sys.exit(failed != 0)
