//! Addresses of queues: one for everything, or one for each family of workflows.

use agent::{Envelope, Family};

use crate::Error;

/// Name of the lane of what is no envelope: webhook bodies that could not be read. Only dead letters have it.
const DOOR: &str = "door";

/// Which lanes a variable has to name, if it names any.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Work.
    Work,
    /// Dead letters.
    Dead,
}

/// The addresses that a variable holds: a URL, or `rfi=URL,submittal=URL,daily_log=URL` (dead letters also `door=URL`).
/// Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lanes {
    /// The first, or the only one.
    first: Lane,
    others: Vec<Lane>,
}

/// One queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lane {
    /// The family's name, `door`, or `all`.
    pub(crate) name: &'static str,
    pub(crate) url: String,
}

impl Lanes {
    /// One queue for everything.
    pub(crate) fn one(url: &str) -> Self {
        Self { first: Lane { name: "all", url: url.to_owned() }, others: Vec::new() }
    }

    /// Reads what `variable` holds.
    pub(crate) fn parse(variable: &'static str, text: &str, kind: Kind) -> Result<Self, Error> {
        // The address of a queue holds no such sign.
        if !text.contains('=') {
            return Ok(Self::one(text));
        }
        let wanted = Family::ALL.map(Family::name).into_iter().chain((kind == Kind::Dead).then_some(DOOR));
        let wanted: Vec<&'static str> = wanted.collect();
        let mut lanes = Vec::new();
        for part in text.split(',') {
            let (name, url) = part.split_once('=').unwrap_or((part, ""));
            let (name, url) = (name.trim(), url.trim());
            let known = wanted.iter().find(|known| **known == name);
            match known {
                Some(known) if !url.is_empty() && lanes.iter().all(|lane: &Lane| lane.name != name) => {
                    lanes.push(Lane { name: known, url: url.to_owned() });
                }
                _ => return Err(Error::Lanes { variable, at: name.to_owned(), wanted: wanted.join(", ") }),
            }
        }
        let missing = wanted.iter().find(|name| lanes.iter().all(|lane| lane.name != **name));
        match missing {
            Some(name) => Err(Error::Lanes { variable, at: (*name).to_owned(), wanted: wanted.join(", ") }),
            None => {
                let first = lanes.remove(0);
                Ok(Self { first, others: lanes })
            }
        }
    }

    /// Where an envelope belongs.
    pub(crate) fn of(&self, envelope: &Envelope) -> &Lane {
        self.named(Family::of(&envelope.event.resource).map(Family::name))
    }

    /// Where a message belongs: by its envelope, and at the door if it is none.
    pub(crate) fn of_body(&self, body: &str) -> &Lane {
        Envelope::from_body(body).map_or_else(|_| self.named(Some(DOOR)), |envelope| self.of(&envelope))
    }

    /// All of them, each with its place, by which [`Lanes::at`] finds it.
    pub(crate) fn all(&self) -> impl Iterator<Item = (usize, &Lane)> {
        std::iter::once(&self.first).chain(&self.others).enumerate()
    }

    /// The one at a place.
    pub(crate) fn at(&self, place: usize) -> &Lane {
        self.all().find(|(at, _)| *at == place).map_or(&self.first, |(_, lane)| lane)
    }

    fn named(&self, name: Option<&str>) -> &Lane {
        self.others.iter().find(|lane| Some(lane.name) == name).unwrap_or(&self.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: &str = "rfi=https://q/1, submittal=https://q/2 ,daily_log=https://q/3";

    fn urls(lanes: &Lanes) -> Vec<(&str, &str)> {
        lanes.all().map(|(_, lane)| (lane.name, lane.url.as_str())).collect()
    }

    #[test]
    fn one_url_is_for_all() {
        let lanes = Lanes::parse("V", "https://q/1", Kind::Dead).unwrap();
        assert_eq!(urls(&lanes), [("all", "https://q/1")]);
        assert_eq!(lanes.of_body("no envelope").url, "https://q/1");
    }

    #[test]
    fn each_family_has_its_own_and_what_is_no_envelope_stays_at_the_door() {
        let lanes = Lanes::parse("V", THREE, Kind::Work).unwrap();
        assert_eq!(
            urls(&lanes),
            [("rfi", "https://q/1"), ("submittal", "https://q/2"), ("daily_log", "https://q/3")]
        );
        assert_eq!(lanes.at(2).name, "daily_log");
        let dead = Lanes::parse("V", &format!("door=https://q/0,{THREE}"), Kind::Dead).unwrap();
        assert_eq!(dead.of_body("no envelope").url, "https://q/0");
        assert_eq!(dead.named(Some("submittal")).url, "https://q/2");
        assert_eq!(dead.named(Some("rfi")).url, "https://q/1");
    }

    #[test]
    fn a_lane_that_is_missing_unknown_twice_or_empty_is_named() {
        for (text, at, kind) in [
            ("rfi=https://q/1,submittal=https://q/2", "daily_log", Kind::Work),
            (THREE, "door", Kind::Dead),
            ("rfis=https://q/1", "rfis", Kind::Work),
            ("rfi=https://q/1,rfi=https://q/2", "rfi", Kind::Work),
            ("rfi=", "rfi", Kind::Work),
            ("rfi=https://q/1,https://q/2", "https://q/2", Kind::Work),
        ] {
            let error = Lanes::parse("PLUMBLINE_QUEUE_URL", text, kind).unwrap_err().to_string();
            assert!(
                error.starts_with("PLUMBLINE_QUEUE_URL: ") && error.contains(&format!("`{at}`")),
                "{error}"
            );
        }
    }
}
