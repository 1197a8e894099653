//! Where the events of the project become mail: three in ten are sent twice, one in ten is our own doing, one in twenty
//! is broken, and some are none of our business.

use std::collections::VecDeque;

use sandbox::Dice;

use crate::{
    mail::{Kind, Mail, Pen, Piece, Told},
    project::Project,
    world::FarSide,
};

/// A repetition is one of the latest so many events.
const LATEST: usize = 60;
/// Events of one array at most.
const ARRAY: u64 = 6;

/// Sends what happens in the project.
pub(crate) struct Office {
    pub(crate) project: Project,
    dice: Dice,
    pen: Pen,
    latest: VecDeque<Piece>,
}

impl Office {
    pub(crate) fn new(far: &FarSide, dice: Dice) -> Self {
        let project = Project::new(far.sandbox.clone());
        Self { project, dice, pen: Pen::new(), latest: VecDeque::new() }
    }

    /// The next request, of `most` events at most.
    pub(crate) fn next(&mut self, most: usize) -> Mail {
        let length = if self.dice.one_in(4) { 2 + self.dice.below(ARRAY - 1) } else { 1 };
        let length = usize::try_from(length).unwrap().min(most);
        let first = self.piece();
        if length < 2 || stands_alone(&first) {
            return Mail::single(first);
        }
        let mut pieces = vec![first];
        while pieces.len() < length {
            let piece = self.piece();
            // A body that cannot be read is not a part of one that can.
            if stands_alone(&piece) {
                continue;
            }
            pieces.push(piece);
        }
        Mail::array(pieces)
    }

    fn piece(&mut self) -> Piece {
        let kinds = [
            (15, Kind::SameId),
            (15, Kind::NewId),
            (10, Kind::Own),
            (5, Kind::Malformed),
            (2, Kind::UnknownResource),
            (2, Kind::OtherProject),
            (1, Kind::NoProject),
            (50, Kind::Change),
        ];
        let mut kind = self.dice.weighed(&kinds).unwrap();
        if kind == Kind::Malformed && self.dice.one_in(20) {
            kind = Kind::TooLarge;
        }
        let earlier = usize::try_from(self.dice.below(LATEST as u64)).unwrap();
        let earlier = self.latest.get(earlier).or(self.latest.back()).cloned();
        match (kind, earlier) {
            (Kind::SameId, Some(earlier)) => Piece { kind, ..earlier },
            (Kind::Change, _) | (_, None) => {
                let told = self.project.something_happens(&mut self.dice);
                let piece = self.pen.write(Kind::Change, told, &mut self.dice);
                self.latest.push_back(piece.clone());
                if self.latest.len() > LATEST {
                    self.latest.pop_front();
                }
                piece
            }
            (Kind::UnknownResource, Some(earlier)) => {
                let told = Told { resource: "Punch Items".to_owned(), ..earlier.told };
                self.pen.write(kind, told, &mut self.dice)
            }
            (_, Some(earlier)) => self.pen.write(kind, earlier.told, &mut self.dice),
        }
    }
}

/// True for what is a whole body or none.
fn stands_alone(piece: &Piece) -> bool {
    let is_json = serde_json::from_slice::<serde_json::Value>(&piece.text).is_ok();
    piece.kind == Kind::TooLarge || !is_json || piece.text.len() > 100_000
}
