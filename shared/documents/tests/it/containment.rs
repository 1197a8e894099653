//! Files that attack their reader. Each ends as an error, or pages, of its own, and the program that asked
//! goes on.

use crate::{extractor, files, patient};
use documents::{Class, Error, Extractor, Kind, Limits};
use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

/// Most memory this process ever had, in bytes.
#[cfg(target_os = "linux")]
fn peak_memory_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
}

async fn still_works(extractor: &Extractor) {
    let sound = files::pdf(&[files::lines(&["sound"])], false);
    let document = extractor.extract(sound, Kind::Pdf).await.unwrap();
    assert_eq!(document.pages[0].text(), Some("sound"));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_bomb_of_memory_ends_with_its_worker() {
    const MEBIBYTE: u64 = 1024 * 1024;
    let content = files::stream("/Filter/FlateDecode", &files::bomb(1024));
    let bomb = files::one_page("", content, &[]);
    assert!(bomb.len() < 8 * 1024 * 1024, "small on the wire: {}", bomb.len());
    let before = peak_memory_bytes();
    let extractor = extractor(Limits { memory_bytes: 192 * MEBIBYTE, ..patient() });
    let ended = extractor.extract(bomb, Kind::Pdf).await;
    assert!(matches!(ended, Err(Error::Crashed)), "{ended:?}");
    let grown = peak_memory_bytes() - before;
    assert!(grown < 128 * MEBIBYTE, "the program that asked grew by {grown} bytes");
    still_works(&extractor).await;
}

#[tokio::test]
async fn loops_and_depths_are_survived() {
    let form = |content: &str| files::stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", content.as_bytes());
    let draw = files::stream("", b"/Fm Do");
    let page_tree_in_itself = files::raw_pdf(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 2 0 R 3 0 R]/Count 3>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox 2 0 R>>".to_vec(),
    ]);
    let endless_parents = files::raw_pdf(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Parent 4 0 R/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 4 0 R>>".to_vec(),
        b"<</Type/Pages/Parent 2 0 R/Kids[]>>".to_vec(),
    ]);
    let reference_to_itself = files::raw_pdf(&[b"1 0 R".to_vec(), b"2 0 R".to_vec()]);
    let form_in_itself = files::one_page("/XObject<</Fm 5 0 R>>", draw, &[form("/Fm Do")]);
    let deep_array = files::one_page("", files::stream("", &b"[".repeat(200_000)), &[b"[".repeat(200_000)]);
    let extractor = extractor(patient());
    for (name, bytes) in [
        ("a page tree in itself", page_tree_in_itself),
        ("endless parents", endless_parents),
        ("a reference to itself", reference_to_itself),
        ("a form in itself", form_in_itself),
        ("deep arrays", deep_array),
    ] {
        match extractor.extract(bytes, Kind::Pdf).await {
            Ok(document) => {
                assert!(document.pages.iter().all(|page| page.text().is_none()), "{name}: {document:?}")
            }
            Err(Error::Crashed | Error::NotThisKind) => {}
            Err(other) => panic!("{name}: {other:?}"),
        }
        still_works(&extractor).await;
    }
}

#[tokio::test]
async fn a_file_without_end_meets_the_deadline() {
    // Each form draws the next one twenty times: more steps than any machine takes.
    const FORMS: usize = 12;
    let twenty = "/Fm Do ".repeat(20);
    let forms: Vec<_> = (0..FORMS)
        .map(|n| {
            let next = 5 + (n + 1) % FORMS;
            let resources = format!("/Subtype/Form/Resources<</XObject<</Fm {next} 0 R>>>>");
            let content = if n + 1 == FORMS { "" } else { twenty.as_str() };
            files::stream(&resources, content.as_bytes())
        })
        .collect();
    let endless = files::one_page("/XObject<</Fm 5 0 R>>", files::stream("", twenty.as_bytes()), &forms);
    let ended = extractor(Limits { seconds: 1, ..patient() }).extract(endless, Kind::Pdf).await;
    assert!(matches!(ended, Err(Error::TimedOut { seconds: 1 })), "{ended:?}");
    let message = ended.unwrap_err().to_string();
    assert!(message.contains("1 s"), "{message}");
}

#[tokio::test]
async fn many_at_once_each_end_for_themselves() {
    let extractor = extractor(patient());
    let sound = files::pdf(&[files::lines(&["sound"])], false);
    let tasks: Vec<_> = (0..6)
        .map(|n| {
            let (extractor, bytes) =
                (extractor.clone(), if n % 2 == 0 { sound.clone() } else { vec![0; 100] });
            tokio::spawn(async move { extractor.extract(bytes, Kind::Pdf).await })
        })
        .collect();
    for (n, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.await.unwrap().is_ok(), n % 2 == 0);
    }
}

#[tokio::test]
async fn a_file_above_the_limit_is_refused_before_anything_starts() {
    let nowhere = Extractor::new(PathBuf::from("/nonexistent/worker"), Limits { bytes: 10, ..patient() });
    let refused = nowhere.extract(vec![b'a'; 11], Kind::Text).await.unwrap_err();
    assert!(matches!(refused, Error::TooLarge { limit_bytes: 10 }), "{refused:?}");
    assert!(refused.to_string().contains("10 bytes") && refused.class() == Class::Permanent);

    let missing = nowhere.extract(vec![b'a'; 10], Kind::Text).await.unwrap_err();
    assert!(matches!(missing, Error::Io(_)) && missing.class() == Class::Retry, "{missing:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_that_is_no_worker_is_told_from_a_bad_file() {
    for program in ["/bin/true", "/bin/false", "/usr/bin/true", "/usr/bin/false"].map(PathBuf::from) {
        if program.exists() {
            let ended = Extractor::new(program, patient()).extract(b"text".to_vec(), Kind::Text).await;
            assert!(matches!(ended, Err(Error::Io(_))), "{ended:?}");
        }
    }
}

#[test]
fn only_the_one_argument_makes_a_worker() {
    assert!(documents::worker().is_none());
    for arguments in [&["extract-document", "more"][..], &["other"], &[]] {
        let ended = Command::new(env!("CARGO_BIN_EXE_document-worker")).args(arguments).output().unwrap();
        assert_eq!(ended.status.code(), Some(64), "{arguments:?}");
    }
}

#[test]
fn a_worker_that_is_sent_nonsense_says_nothing() {
    let mut worker = Command::new(env!("CARGO_BIN_EXE_document-worker"))
        .arg("extract-document")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    worker.stdin.take().unwrap().write_all(b"{\"kind\":\"secret\"}\nsecret").unwrap();
    let ended = worker.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(70));
    assert!(ended.stdout.is_empty() && ended.stderr.is_empty());
}
