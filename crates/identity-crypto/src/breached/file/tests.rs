use std::{collections::BTreeSet, fs, path::PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

/// `password` and `letmein`, among others, in order.
const LINES: &str = "\
5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:52256179
7110EDA4D09E062AA5E4A390B0A572AC0D2C0220:3
B7A875FC1EA228B9061041B7CEC4BD3C52AB3CE3:400
FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:1";

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("breached.bin");
    (folder, path)
}

fn build(lines: &str, path: &Path) -> Result<Built, BuildError> {
    BreachFile::build(lines.as_bytes(), path, 0)
}

async fn knows(file: &BreachFile, password: &str) -> bool {
    file.is_breached(&Candidate::new(password).unwrap()).await
}

#[tokio::test]
async fn knows_what_it_was_made_of() {
    let (_folder, path) = place();
    for lines in [LINES.to_owned(), LINES.replace('\n', "\r\n"), format!("{LINES}\n"), LINES.to_lowercase()] {
        assert_eq!(build(&lines, &path).unwrap(), Built { lines: 4, kept: 4 });
        let file = BreachFile::open(&path).unwrap();
        assert_eq!((file.count(), fs::metadata(&path).unwrap().len()), (4, 24 + 4 * 8));
        assert!(knows(&file, "password").await && knows(&file, "letmein").await);
        assert!(!knows(&file, "Plinth-gargoyle-7").await);
    }
}

#[tokio::test]
async fn the_rarely_seen_can_be_left_out() {
    let (_folder, path) = place();
    assert_eq!(BreachFile::build(LINES.as_bytes(), &path, 401).unwrap(), Built { lines: 4, kept: 1 });
    let file = BreachFile::open(&path).unwrap();
    assert!(knows(&file, "password").await && !knows(&file, "letmein").await);
    assert!(matches!(BreachFile::build(LINES.as_bytes(), &path, u64::MAX), Err(BuildError::Empty)));
}

#[test]
fn digests_that_begin_alike_are_one_entry() {
    let (_folder, path) = place();
    let lines = "0000000000000001000000000000000000000000:5\n0000000000000001FFFFFFFFFFFFFFFFFFFFFFFF:5\n";
    assert_eq!(build(lines, &path).unwrap(), Built { lines: 2, kept: 1 });
}

#[tokio::test]
async fn a_line_that_is_wrong_is_named_and_the_old_file_kept() {
    let (folder, path) = place();
    build(LINES, &path).unwrap();
    let swapped = "B7A875FC1EA228B9061041B7CEC4BD3C52AB3CE3:4\n5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:5";
    let twice = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:5\n5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:5\n";
    for (lines, fault) in [(swapped, LineFault::Order), (twice, LineFault::Order)] {
        let error = build(lines, &path).unwrap_err();
        assert!(matches!(error, BuildError::Line { number: 2, fault: found } if found == fault), "{error}");
    }
    let long = format!("{}:1", "F".repeat(5000));
    for line in [
        "",
        "hello",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:+1",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:99999999999999999999",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFG:1",
        "\u{feff}FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:1",
        &long,
    ] {
        let lines = LINES.replace("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:1", line) + "\n";
        let error = build(&lines, &path).unwrap_err();
        assert!(matches!(error, BuildError::Line { number: 4, fault: LineFault::Form }), "{line:?}: {error}");
    }
    assert!(matches!(build("", &path), Err(BuildError::Empty)));
    assert_eq!(BreachFile::open(&path).unwrap().count(), 4);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left lying about");
    assert!(matches!(build(LINES, &folder.path().join("no/such")), Err(BuildError::Write(_))));
}

#[test]
fn what_is_not_whole_is_not_opened() {
    let (_folder, path) = place();
    assert!(matches!(BreachFile::open(&path), Err(BreachFileError::Read(_))));
    build(LINES, &path).unwrap();
    let whole = fs::read(&path).unwrap();
    let open = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        BreachFile::open(&path)
    };
    for length in [55, 48, 24] {
        assert!(matches!(open(&whole[..length]), Err(BreachFileError::Length { expected: 56, .. })), "{length}");
    }
    assert!(matches!(open(&[&whole[..], b"x"].concat()), Err(BreachFileError::Length { found: 57, .. })));
    for length in [0, 8, 23] {
        assert!(matches!(open(&whole[..length]), Err(BreachFileError::Magic)), "{length}");
    }
    let changed = |at: usize, to: u8| {
        let mut bytes = whole.clone();
        bytes[at] = to;
        bytes
    };
    assert!(matches!(open(&changed(0, b'X')), Err(BreachFileError::Magic)));
    assert!(matches!(open(&changed(11, 2)), Err(BreachFileError::Version)));
    assert!(matches!(open(&changed(15, 20)), Err(BreachFileError::Version)));
    assert!(matches!(open(&changed(16, 255)), Err(BreachFileError::Length { .. })));
}

#[tokio::test]
async fn a_file_that_breaks_off_later_refuses_nobody() {
    let (_folder, path) = place();
    build(LINES, &path).unwrap();
    let file = BreachFile::open(&path).unwrap();
    fs::write(&path, "").unwrap();
    assert!(!knows(&file, "password").await);
    assert!(matches!(file.look_up(7).await, Err(LookUpError::Read(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn answers_as_a_set_does(digests in proptest::collection::btree_set(any::<[u8; 20]>(), 1..2000), others in proptest::collection::vec(any::<u64>(), 20)) {
        let (_folder, path) = place();
        let text = digests.iter().map(|digest| {
            digest.iter().map(|byte| format!("{byte:02X}")).chain([":1\r\n".to_owned()]).collect::<String>()
        }).collect::<String>();
        build(&text, &path).unwrap();
        let keys = digests.iter().map(|digest| number(&digest[..8])).collect::<BTreeSet<_>>();
        let file = BreachFile::open(&path).unwrap();
        prop_assert_eq!(file.count(), keys.len() as u64);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for key in keys.iter().copied().chain(others).chain([0, u64::MAX]) {
            prop_assert_eq!(runtime.block_on(file.look_up(key)).unwrap(), keys.contains(&key));
        }
    }
}
