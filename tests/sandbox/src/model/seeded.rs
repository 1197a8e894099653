//! The honest model over the seeded project: scripts quote the seed verbatim, and extraction alone does well enough.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde::Deserialize;

use super::{
    prompt::{Prompt, Row},
    script, scripted,
    words::folded,
};

#[derive(Deserialize)]
struct Rfis {
    rfi: Vec<Rfi>,
}

#[derive(Deserialize)]
struct Rfi {
    status: String,
    #[serde(default)]
    private: bool,
    subject: String,
    section: Option<String>,
    question: String,
    #[serde(default)]
    answer: Vec<Body>,
    #[serde(default)]
    attachment: Vec<File>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Body {
    body: String,
}

#[derive(Deserialize)]
struct File {
    file: String,
}

#[derive(Deserialize)]
struct Expected {
    answer_status: Option<String>,
}

fn seed(file: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("seed").join(file)).unwrap()
}

fn rfis() -> Vec<Rfi> {
    toml::from_str::<Rfis>(&seed("rfis.toml")).unwrap().rfi
}

/// The latest revision of a section, its articles as rows.
fn section(number: &str) -> Vec<String> {
    let prefix = number.replace(' ', "_");
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("seed/sections");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let latest = names.filter(|name| name.starts_with(&prefix)).max().unwrap();
    let text = seed(&format!("sections/{latest}"));
    let mut articles = vec![String::new()];
    for line in text.lines() {
        let starts = line.starts_with("PART ")
            || line.chars().nth(1) == Some('.') && line.starts_with(|c: char| c.is_ascii_digit());
        if starts {
            articles.push(String::new());
        }
        let article = articles.last_mut().unwrap();
        article.push_str(line);
        article.push('\n');
    }
    articles
}

/// The evidence a run would show: the record, the section's articles, closed RFIs of the section, attachments.
fn evidence(rfi: &Rfi) -> Prompt {
    let mut rows =
        vec![("R", rfi.subject.clone(), format!("Subject: {}\nQuestion: {}", rfi.subject, rfi.question))];
    for article in rfi.section.iter().flat_map(|number| section(number)) {
        rows.push(("S", rfi.section.clone().unwrap(), article));
    }
    let closed = |other: &&Rfi| other.status == "closed" && !other.private && other.section == rfi.section;
    for other in rfis().iter().filter(closed).filter(|_| rfi.section.is_some()) {
        let answers: String = other.answer.iter().map(|answer| answer.body.as_str()).collect();
        rows.push(("P", other.subject.clone(), format!("Question: {}\nAnswer: {answers}", other.question)));
    }
    for file in &rfi.attachment {
        rows.push(("A", file.file.clone(), seed(&format!("drawings/{}", file.file))));
    }
    let mut counts = BTreeMap::new();
    let rows = rows.into_iter().map(|(letter, label, text)| {
        let count = counts.entry(letter).or_insert(0);
        *count += 1;
        Row { handle: format!("{letter}{count}"), kind: String::new(), label, text }
    });
    Prompt { rows: rows.collect(), ..Prompt::default() }
}

#[test]
fn every_open_rfi_has_a_script_that_stands_and_reaches_the_expected_status() {
    for rfi in rfis().iter().filter(|rfi| rfi.status == "open") {
        let prompt = evidence(rfi);
        let record = prompt.record().unwrap();
        let script = script::of(record).unwrap_or_else(|| panic!("no script for {}", rfi.subject));
        assert!(
            script.answer(&prompt.rows).is_some(),
            "the quotations of {} are not in the seed",
            rfi.subject
        );
        let answer = scripted::answer(&prompt);
        assert_eq!(Some(answer.answer_status), rfi.expected.answer_status, "{}", rfi.subject);
        assert!(!answer.response.starts_with("The documents in evidence answer a part"), "{}", rfi.subject);
        for citation in answer.claims.iter().flat_map(|claim| &claim.evidence) {
            let row = prompt.rows.iter().find(|row| row.handle == citation.h).unwrap();
            assert!(folded(&row.text).contains(&citation.quote), "{}: {}", rfi.subject, citation.quote);
        }
    }
}

/// What a person's RFI gets: the same questions under a subject no script knows.
#[test]
fn extraction_alone_finds_the_governing_sentence() {
    let expected = [
        ("Mounting height of room", "highest raised character is not more than 60 inches"),
        ("Curing period", "Cure with moisture-retaining cover only, lapped 12 inches"),
        ("Sealant depth", "one-half of the joint width"),
        ("Floor tile joint width", "Joint Width, Floor Tile: 1/8 inch."),
        ("Manos de pintura", "Corridors and Waiting Areas: One coat of latex primer"),
        ("Opening force", "a maximum opening force of 5 pounds"),
        ("Floor flatness", "Slabs on Grade: Specified overall value FF 35"),
        ("Sign thickness", "Thickness: 1/8 inch overall"),
        ("Tile substrate", "Maximum variation of the substrate is 1/8 inch in 10 feet"),
    ];
    for rfi in rfis().iter().filter(|rfi| rfi.status == "open") {
        let mut prompt = evidence(rfi);
        for row in prompt.rows.iter_mut().filter(|row| row.handle == "R1") {
            row.label = "RFI".to_owned();
            row.text = format!("Question: {}", rfi.question);
        }
        assert!(script::of(prompt.record().unwrap()).is_none(), "{}", rfi.subject);
        let answer = scripted::answer(&prompt);
        assert_eq!(Some(answer.answer_status), rfi.expected.answer_status, "{}", rfi.subject);
        for (_, sentence) in expected.iter().filter(|(subject, _)| rfi.subject.starts_with(subject)) {
            let found = answer.claims.iter().any(|claim| claim.text.contains(sentence));
            assert!(found, "{}: {:?}", rfi.subject, answer.claims);
        }
    }
}

/// Put to a section about something else, a question finds no answer there. Words are all the model has, and trades
/// share some: concrete is cured under tile too, and hardware has mounting heights.
#[test]
fn the_wrong_section_is_no_ground() {
    let sections = ["03 30 00", "07 92 00", "08 71 00", "09 30 00", "09 91 23", "10 14 00", "10 28 00"];
    let (mut asked, mut answered) = (0, Vec::new());
    for mut rfi in rfis().into_iter().filter(|rfi| rfi.status == "open" && rfi.section.is_some()) {
        let own = rfi.section.take();
        for number in sections.iter().filter(|number| Some(**number) != own.as_deref()) {
            rfi.section = Some((*number).to_owned());
            let mut prompt = evidence(&rfi);
            prompt.rows.retain(|row| !row.is('A'));
            for row in prompt.rows.iter_mut().filter(|row| row.handle == "R1") {
                row.text = format!("Question: {}", rfi.question);
                row.label = "RFI".to_owned();
            }
            asked += 1;
            if scripted::answer(&prompt).outcome == "draft" {
                answered.push(format!("{} in {number}", rfi.subject));
            }
        }
    }
    assert_eq!(asked, 60);
    assert!(answered.len() <= 4, "{answered:#?}");
}
