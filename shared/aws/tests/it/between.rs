//! The ledger of a world whose requests may be lost or refused on their way.

use std::ops::Deref;

use aws::DynamoLedger;

use crate::{World, samples::clock};

pub(crate) struct Between {
    way: stack::Between,
    table: String,
}

impl Between {
    /// Before a world's emulator.
    pub(crate) async fn start(world: &World) -> Self {
        Self { way: stack::Between::start(world.emulator).await, table: world.name.clone() }
    }

    /// A ledger whose requests come through here.
    pub(crate) async fn ledger(&self) -> DynamoLedger {
        DynamoLedger::new(&self.way.sdk().await, &self.table, clock)
    }

    /// The next request is refused by DynamoDB with a code.
    pub(crate) fn refuse(&self, code: &str) {
        self.way.order(|_| true, 0, Some(1), stack::refused(code));
    }

    /// The next transaction is cancelled for these reasons.
    pub(crate) fn cancel(&self, codes: &[&str]) {
        self.way.order(|_| true, 0, Some(1), stack::cancelled(codes));
    }
}

impl Deref for Between {
    type Target = stack::Between;

    fn deref(&self) -> &stack::Between {
        &self.way
    }
}
