//! Two numbers that belong together in one order: `24 x 36`, `3 to 5`, `1:2`.

use super::{pattern::BETWEEN, read::Found, token::Token};

/// What joins the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    Across,
    Range,
}

/// The pairs that the draft says one way and the sources only the other way.
pub(super) fn exchanged(said: &[Found], known: &[Vec<Found>]) -> Vec<String> {
    let known: Vec<_> = known.iter().flat_map(|ground| pairs(ground)).collect();
    pairs(said)
        .into_iter()
        .filter(|(first, second, joint)| {
            let stands = |a: &Token, b: &Token| {
                known.iter().any(|(x, y, j)| j == joint && a.is_same(&x.token) && b.is_same(&y.token))
            };
            stands(&second.token, &first.token) && !stands(&first.token, &second.token)
        })
        .map(|(first, second, _)| format!("{} / {}", first.piece, second.piece))
        .collect()
}

fn pairs(found: &[Found]) -> Vec<(&Found, &Found, Joint)> {
    let value = |found: &Found| matches!(found.token, Token::Value { .. });
    found
        .iter()
        .zip(found.iter().skip(1))
        .filter(|(first, second)| value(first) && value(second))
        .filter_map(|(first, second)| {
            let captures = BETWEEN.captures(&second.before)?;
            let joint = if captures.name("across").is_some() { Joint::Across } else { Joint::Range };
            Some((first, second, joint))
        })
        .collect()
}
