//! The first step: a new value, accepted beside the old one.

use secrecy::{ExposeSecret, SecretString};
use ulid::Ulid;

use crate::{
    hooks::desk::{Desk, Keys},
    terminal::{Out, line},
};

/// How much of a value may be shown when a hook is read back, at most: two values have to differ there.
const SHOWN: usize = 4;

/// Makes a new value and puts it first, or says where to put it.
pub(super) async fn prepare(desk: &Desk, print: bool, out: Out<'_>) -> anyhow::Result<bool> {
    let live = desk.keys.live().await?;
    if live.values.len() > 1 {
        line!(
            out,
            "Our door accepts {} values already: a rotation is under way. Go on with `plumbline hooks rotate finish`.",
            live.values.len()
        );
        return Ok(false);
    }
    let new = fresh(&live.values);
    match (&desk.keys, live.held) {
        (Keys::SecretsManager(secret), Some(held)) if !print => {
            let values: Vec<SecretString> = [new].into_iter().chain(live.values).collect();
            secret.replace(held, &values).await?;
            line!(
                out,
                "A new value is the first of webhook_authorization in the secret {}; the old one is still accepted, and \
                 still sent.\nThe functions read it by themselves. In a minute: `plumbline hooks rotate finish`.",
                secret.secret_id()
            );
        }
        (keys, _) => {
            let place = match keys {
                Keys::Environment(_) => {
                    "as the first line of WEBHOOK_AUTHORIZATION, of the service and of this shell, and start the service anew"
                }
                Keys::SecretsManager(_) => "as the first element of webhook_authorization in the secret",
            };
            line!(
                out,
                "{}\n\nThis is a new value, shown once and kept nowhere. Put it {place}; leave the old one behind it.\n\
                 Then: `plumbline hooks rotate finish`.",
                new.expose_secret()
            );
        }
    }
    Ok(true)
}

/// A value of 240 random bits whose end is none of the others': by its end a hook is told to send it.
fn fresh(others: &[SecretString]) -> SecretString {
    loop {
        // A ULID is 10 signs of time and 16 of chance.
        let chance: String =
            (0..3).flat_map(|_| Ulid::generate().to_string().chars().skip(10).collect::<Vec<_>>()).collect();
        let end: String = chance.chars().skip(chance.chars().count().saturating_sub(SHOWN)).collect();
        if !others.iter().any(|other| other.expose_secret().ends_with(&end)) {
            return SecretString::from(format!("Bearer {chance}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_fresh_value_is_like_no_other() {
        let mut met: Vec<SecretString> = Vec::new();
        for _ in 0..100 {
            let value = fresh(&met);
            let text = value.expose_secret();
            assert!(text.starts_with("Bearer ") && text.len() == 7 + 48, "{}", text.len());
            assert!(text.bytes().all(|byte| byte == b' ' || byte.is_ascii_alphanumeric()));
            met.push(value);
        }
        let ends: BTreeSet<String> =
            met.iter().map(|value| value.expose_secret().chars().skip(7 + 44).collect()).collect();
        assert_eq!(ends.len(), 100);
    }
}
