//! Two numbers that belong together: `24 x 36`, `3 to 5`, `1:2`, `1 of 3`, and `3 and 4` as far as they are two.

use super::{pattern::BETWEEN, read::Found, token::Token};

/// What joins the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    Across,
    Range,
    Part,
    Also,
}

/// The pairs that the draft says one way and the sources only another: the other way round, or with one of the two in
/// place of its fellow. Two that are only listed may come in any order, but are not one number twice.
pub(super) fn exchanged(said: &[Found], known: &[Vec<Found>]) -> Vec<String> {
    let known: Vec<_> = known.iter().flat_map(|ground| pairs(ground)).collect();
    pairs(said)
        .into_iter()
        .filter(|(first, second, joint)| {
            let of_joint = || known.iter().filter(|(.., other)| other == joint);
            let stands =
                |a: &Token, b: &Token| of_joint().any(|(x, y, _)| a.is_same(&x.token) && b.is_same(&y.token));
            let (a, b) = (&first.token, &second.token);
            let otherwise = match joint {
                Joint::Also => a == b,
                _ => {
                    stands(b, a)
                        || (a == b && of_joint().any(|(x, y, _)| a.is_same(&x.token) || a.is_same(&y.token)))
                }
            };
            otherwise && !stands(a, b)
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
            let joints = [
                ("across", Joint::Across),
                ("range", Joint::Range),
                ("part", Joint::Part),
                ("also", Joint::Also),
            ];
            let joint = joints.into_iter().find(|(name, _)| captures.name(name).is_some())?.1;
            Some((first, second, joint))
        })
        .collect()
}
