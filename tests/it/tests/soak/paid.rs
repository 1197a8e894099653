//! No answer is paid for twice once it is stored.
//!
//! The model is asked in the same words again only where the answer before was none, or where the process died after the
//! answer was given and before it was stored. So between two good answers to the same words lies a kill, and no kill
//! explains more of them than there were runs in hand.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sandbox::model::{Exchange, Failure};

use crate::{
    lives::{Ended, Kill},
    world::FarSide,
};

/// Runs in hand at once.
pub(crate) const HANDS: usize = 4;

/// Good answers that were given to the same words before.
#[derive(Debug, Default)]
pub(crate) struct Again {
    /// By the kill between the two.
    by_kill: BTreeMap<Kill, usize>,
    /// With none.
    unexplained: Vec<String>,
}

impl Again {
    /// Answers that died with their process.
    pub(crate) fn died(&self) -> usize {
        self.by_kill.values().sum()
    }
}

/// First turns that were answered well, by their words.
fn good_answers(exchanges: &[Exchange]) -> BTreeMap<String, Vec<Timestamp>> {
    let mut answers: BTreeMap<String, Vec<Timestamp>> = BTreeMap::new();
    for exchange in exchanges.iter().filter(|exchange| !exchange.is_repair()) {
        if matches!(exchange.failure, None | Some(Failure::Slow(_))) {
            answers.entry(words(exchange)).or_default().push(exchange.at);
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

/// What was answered again, and why.
pub(crate) fn given_again(exchanges: &[Exchange], ended: &Ended) -> Again {
    let mut again = Again::default();
    for (words, times) in good_answers(exchanges) {
        for (before, after) in times.iter().zip(times.iter().skip(1)) {
            let kill = ended.kills.iter().find(|kill| *before <= kill.until && kill.at <= *after);
            match kill {
                Some(kill) => *again.by_kill.entry(*kill).or_default() += 1,
                None => again.unexplained.push(format!("at {before} and {after}: {words}")),
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
        let lost = asked(10, "c", "one", Some(Failure::ServerError));
        let answers = [asked(10, "a", "one", None), asked(20, "b", "one", None), asked(21, "d", "two", None)];
        let again = given_again(&answers, &killed);
        assert_eq!(again.died(), 1);
        judge(&again);
        judge(&given_again(&[lost, answers[1].clone()], &Ended::default()));
        for kills in [vec![], vec![kill(8)], vec![kill(21)]] {
            let unexplained = given_again(&answers, &Ended { kills, ..Ended::default() });
            assert!(std::panic::catch_unwind(|| judge(&unexplained)).is_err());
        }
        let too_many = Again { by_kill: BTreeMap::from([(kill(15), HANDS + 1)]), ..Again::default() };
        assert!(std::panic::catch_unwind(|| judge(&too_many)).is_err());
    }
}
