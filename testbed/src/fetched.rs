//! What tests need of others' data: fetched from the package registries where it is published, once, and never kept in the project.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use crate::TestbedError;

/// The system's Python, which unpacks what `tar` cannot.
const PYTHON: &str = "/usr/bin/python3";
const UNPACK: &str = "import gzip, sys, zipfile
packed = zipfile.ZipFile(sys.argv[1]).read(sys.argv[2])
open(sys.argv[3], 'wb').write(gzip.decompress(packed) if sys.argv[2].endswith('.gz') else packed)";

/// A file in an archive of a package registry.
struct Published {
    /// What it is, for errors.
    what: &'static str,
    archive: &'static str,
    /// SHA-512 of the archive.
    digest: &'static str,
    /// The file in the archive.
    member: &'static str,
    /// What it is called here; with a version, so that another takes its place.
    name: &'static str,
    unpack: fn(&Path, &str, &Path) -> Command,
}

/// The accessibility checker that pages are held to, as its authors publish it on npm: a script to run in a page.
///
/// # Errors
/// Where it cannot be fetched (with `curl`), is not what was expected, or cannot be kept.
pub fn axe_core() -> Result<PathBuf, TestbedError> {
    let published = Published {
        what: "axe-core",
        archive: "https://registry.npmjs.org/axe-core/-/axe-core-4.14.1.tgz",
        digest: "1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5",
        member: "package/axe.min.js",
        name: "axe-core-4.14.1.min.js",
        unpack: untar,
    };
    published.fetch()
}

/// Takes one file out of an archive of npm.
fn untar(archive: &Path, member: &str, to: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "tar -xzOf \"$0\" \"$1\" > \"$2\""]).arg(archive).arg(member).arg(to);
    command
}

/// The Nu Html Checker, as its authors publish it on npm: a program for Java 11 or later.
///
/// # Errors
/// As of [`axe_core`].
pub fn html_checker() -> Result<PathBuf, TestbedError> {
    let published = Published {
        what: "the Nu Html Checker",
        archive: "https://registry.npmjs.org/vnu-jar/-/vnu-jar-26.9.27.tgz",
        digest: "4e441de4315f39a582f5e6edbe8cd3b2b1f655aa1dde3620faface791133217c417b12f3f7ead2d8336d8e7efe44f5226618258b44a0860057e9125135e6b428",
        member: "package/build/dist/vnu.jar",
        name: "vnu-26.9.27.jar",
        unpack: untar,
    };
    published.fetch()
}

/// Common passwords, the most common first, one in each line: those that Django refuses, from its package on PyPI.
///
/// # Errors
/// As of [`axe_core`].
pub fn common_passwords() -> Result<PathBuf, TestbedError> {
    let published = Published {
        what: "the list of common passwords",
        archive: "https://files.pythonhosted.org/packages/77/f2/adbe0352c6673f7b608724be5f69962c80ba1d06f8ed60fa4bfbec258b08/django-6.1.3-py3-none-any.whl",
        digest: "0e3b8a22113d982d8ebf95ac2a1d612c1fb91a4c66b80ceeb4f729b954550bc5e766bc4f1a07d0cbf8b8fe22d3043eda3e42a8d008388e5c49b1f3af53eade8c",
        member: "django/contrib/auth/common-passwords.txt.gz",
        name: "common-passwords-6.1.3.txt",
        unpack: by_python,
    };
    published.fetch()
}

/// Words to make passphrases of, one in each line after its number of dice: the long list of the EFF, from the package `diceware` on
/// PyPI.
///
/// # Errors
/// As of [`axe_core`].
pub fn passphrase_words() -> Result<PathBuf, TestbedError> {
    let published = Published {
        what: "the list of words for passphrases",
        archive: "https://files.pythonhosted.org/packages/3b/82/a89797a4bb6f80eb85716ecd1dcbaf0073a3eb39f7ccae98ef72692d2434/diceware-1.0.1-py3-none-any.whl",
        digest: "e4cf5c270298f2a90d4c0806c8a09edd8d401b2a51953b8b3221038f31f16a61ed43f3434f528d0ea904bdf49b1955c998ab3798c85d2096a6375f17a3106c61",
        member: "diceware/wordlists/wordlist_en_eff.txt",
        name: "passphrase-words-1.0.1.txt",
        unpack: by_python,
    };
    published.fetch()
}

fn by_python(archive: &Path, member: &str, to: &Path) -> Command {
    let mut command = Command::new(PYTHON);
    command.args(["-c", UNPACK]).arg(archive).arg(member).arg(to);
    command
}

impl Published {
    /// The file in the target folder, fetched where it is not there yet.
    fn fetch(&self) -> Result<PathBuf, TestbedError> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fetched");
        let kept = folder.join(self.name);
        if kept.is_file() {
            return Ok(kept);
        }
        fs::create_dir_all(&folder).map_err(TestbedError::cannot("make a folder for what is fetched"))?;
        // Of its own until it is whole: several processes may fetch it at once.
        let own = tempfile::tempdir_in(&folder).map_err(TestbedError::cannot("make a folder for what is fetched"))?;
        let (archive, unpacked) = (own.path().join("archive"), own.path().join("unpacked"));
        self.run(Command::new("curl").args(["-fsSL", "--retry", "3", "--max-time", "120", "-o"]).arg(&archive).arg(self.archive))?;
        let digest = self.run(Command::new("sha512sum").arg(&archive))?;
        if !digest.stdout.starts_with(self.digest.as_bytes()) {
            return Err(self.failed(format!("{} is not what it was", self.archive)));
        }
        self.run(&mut (self.unpack)(&archive, self.member, &unpacked))?;
        fs::rename(unpacked, &kept).map_err(TestbedError::cannot("keep what was fetched"))?;
        Ok(kept)
    }

    fn run(&self, command: &mut Command) -> Result<Output, TestbedError> {
        let ended = command.stdin(Stdio::null()).output().map_err(|error| self.failed(error.to_string()))?;
        if ended.status.success() {
            return Ok(ended);
        }
        Err(self.failed(String::from_utf8_lossy(&ended.stderr).trim().to_owned()))
    }

    fn failed(&self, why: String) -> TestbedError {
        TestbedError::NotFetched { what: self.what, why }
    }
}
