//! No answer is paid for twice once it is stored.
//!
//! The model is asked in the same words again only where the answer before was none; where the process died after the
//! answer was given and before it was stored; or where the record's evidence was another one in between, for which the
//! stored answer made room (a closed RFI that came and went, a section that could not be read once). So between two good
//! answers to the same words lies a kill, and no kill explains more of them than there were runs in hand, or a good answer
//! about the same record in other words.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sandbox::model::{Exchange, Failure};

use crate::{
    lives::{Ended, Kill},
    world::FarSide,
};

/// Runs in hand at once.
const HANDS: usize = 4;

/// Good answers that were given to the same words before.
#[derive(Debug, Default)]
pub(crate) struct Again {
    /// By the kill between the two.
    by_kill: BTreeMap<Kill, usize>,
    /// With other words about the same record between the two.
    changed_back: usize,
    /// With neither.
    unexplained: Vec<String>,
}

impl Again {
    /// Answers that died with their process, and those that had made room for another.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.by_kill.values().sum(), self.changed_back)
    }
}

/// First turns that were answered well, by their record: when, and to which words.
fn good_answers(exchanges: &[Exchange]) -> BTreeMap<String, Vec<(Timestamp, String)>> {
    let mut answers: BTreeMap<String, Vec<(Timestamp, String)>> = BTreeMap::new();
    for exchange in exchanges.iter().filter(|exchange| !exchange.is_repair()) {
        if matches!(exchange.failure, None | Some(Failure::Slow(_))) {
            let words = words(exchange);
            answers.entry(record(&words)).or_default().push((exchange.at, words));
        }
    }
    answers
}

/// The request without the token of its fence, which is another one each time.
fn words(exchange: &Exchange) -> String {
    let user = exchange.request["messages"][1]["content"].as_str().unwrap();
    let (_, fenced) = user.split_once("<<<EVIDENCE ").expect("a fence");
    let (token, _) = fenced.split_once(">>>").expect("the fence's token");
    let schema = &exchange.request["response_format"]["json_schema"]["name"];
    format!("{schema} {}", user.replace(token, ""))
}

/// The workflow and the label of the first row, which is the record itself.
fn record(words: &str) -> String {
    let first = words.lines().find(|line| line.starts_with('[')).expect("a row");
    format!("{} {first}", words.split(' ').next().unwrap_or_default())
}

/// What was answered again, and why.
pub(crate) fn given_again(exchanges: &[Exchange], ended: &Ended) -> Again {
    let mut again = Again::default();
    for answers in good_answers(exchanges).values() {
        for (position, (after, words)) in answers.iter().enumerate() {
            let earlier = &answers[..position];
            let Some(last) = earlier.iter().rposition(|(_, other)| other == words) else { continue };
            let before = earlier[last].0;
            if last + 1 < position {
                again.changed_back += 1;
            } else if let Some(kill) =
                ended.kills.iter().rev().find(|kill| kill.at <= *after && before <= kill.until)
            {
                *again.by_kill.entry(*kill).or_default() += 1;
            } else {
                let kill = ended.kills.iter().rev().find(|kill| kill.at <= *after);
                again.unexplained.push(format!("at {before} and {after}, last kill {kill:?}: {words}"));
            }
        }
    }
    again
}

pub(crate) fn verdict(far: &FarSide, ended: &Ended) {
    judge(&given_again(&far.model.exchanges(), ended));
}

fn judge(again: &Again) {
    if let Some(words) = again.unexplained.first() {
        panic!("{} times paid for twice in one life: {words}", again.unexplained.len());
    }
    for (kill, answers) in &again.by_kill {
        assert!(*answers <= HANDS, "{answers} answers were paid for again after {kill:?}");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked(second: i64, token: &str, words: &str, failure: Option<Failure>) -> Exchange {
        let user = format!("<<<EVIDENCE {token}>>>\n{words}\n<<<END {token}>>>");
        let messages = json!([{"role": "system", "content": ""}, {"role": "user", "content": user}]);
        Exchange { request: json!({"messages": messages}), failure, at: at(second) }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn kill(second: i64) -> Kill {
        Kill { at: at(second), until: at(second + 1) }
    }

    #[test]
    fn only_a_kill_explains_that_the_same_words_are_answered_again() {
        let killed = Ended { kills: vec![kill(15)], ..Ended::default() };
        let lost = asked(10, "c", "[R1] one", Some(Failure::ServerError));
        let answers = [
            asked(10, "a", "[R1] one", None),
            asked(20, "b", "[R1] one", None),
            asked(21, "d", "[R1] two", None),
        ];
        let again = given_again(&answers, &killed);
        assert_eq!(again.counts(), (1, 0));
        judge(&again);
        judge(&given_again(&[lost, answers[1].clone()], &Ended::default()));
        for kills in [vec![], vec![kill(8)], vec![kill(21)]] {
            let unexplained = given_again(&answers, &Ended { kills, ..Ended::default() });
            assert!(std::panic::catch_unwind(|| judge(&unexplained)).is_err());
        }
        let too_many = Again { by_kill: BTreeMap::from([(kill(15), HANDS + 1)]), ..Again::default() };
        assert!(std::panic::catch_unwind(|| judge(&too_many)).is_err());
    }

    #[test]
    fn evidence_that_was_another_one_in_between_explains_it_too() {
        let row = |rest: &str| format!("[R1] record | RFI 7\n{rest}");
        let of = |second, rest: &str| asked(second, "t", &row(rest), None);
        let again = given_again(&[of(10, "x"), of(20, "y"), of(30, "x")], &Ended::default());
        assert_eq!(again.counts(), (0, 1));
        judge(&again);
        let other = asked(20, "t", "[R1] record | RFI 8\ny", None);
        let unexplained = given_again(&[of(10, "x"), other, of(30, "x")], &Ended::default());
        assert!(std::panic::catch_unwind(|| judge(&unexplained)).is_err(), "another record explains nothing");
    }
}
