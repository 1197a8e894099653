//! The clock of this machine against Procore's, as its answers tell it.

use jiff::SignedDuration;
use procore::Procore;

use super::{
    finding::{Area, Finding, Who},
    subject::Subject,
};

/// Half of the usual quiet window: a clock that is further off makes records seem settled that are not.
const MOST_OFF: SignedDuration = SignedDuration::from_secs(30);

/// Judges what the answers so far told. For the end of all calls.
pub(super) fn examine(subject: &Subject, procore: &Procore) -> Finding {
    let Some(ahead) = procore.clock_ahead() else {
        return Finding::not_tried(Area::Clock, "no answer of Procore's to compare with");
    };
    if ahead.abs() <= MOST_OFF {
        return Finding::well(Area::Clock, "it agrees with Procore's");
    }
    let which = if ahead.is_positive() { "behind" } else { "ahead of" };
    let minutes = ahead.abs().as_secs().saturating_add(30) / 60;
    let far = if minutes == 0 { "half a minute".to_owned() } else { format!("{minutes} min") };
    let how = if subject.in_aws {
        "this is the clock of the machine this command runs on: let it be kept by NTP; the functions have AWS's"
    } else {
        "let NTP keep the clock of this machine (timedatectl set-ntp true): whether a record is still being typed is \
         told by it"
    };
    let what = format!("the clock of this machine is {far} {which} Procore's");
    Finding::broken(Area::Clock, what, Who::PlatformEngineer, how)
}
