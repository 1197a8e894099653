//! Troubles of one machine, as triggers in its database: whoever writes there is refused.

use std::path::Path;

use rusqlite::Connection;

use crate::side::Trouble;

/// A second connection to the database.
pub(crate) struct Triggers(Connection);

impl Triggers {
    pub(crate) fn of(file: &Path) -> Self {
        let connection = Connection::open(file).unwrap();
        connection.busy_timeout(crate::world::PATIENCE).unwrap();
        Self(connection)
    }

    pub(crate) fn set(&self, trouble: Trouble) {
        match trouble {
            Trouble::ClaimsRefused { after } => {
                self.refuse("INSERT ON claims", &format!("NEW.version > {after}"));
                self.refuse("INSERT ON counters", "NEW.name LIKE 'tries/%'");
            }
            Trouble::OnlyClaimsRefused { after } => {
                self.refuse("INSERT ON claims", &format!("NEW.version > {after}"));
            }
            // Whoever writes the claim next finds another version than it left.
            Trouble::ClaimOvertaken { after } => {
                for event in ["INSERT", "UPDATE"] {
                    let overtake = "UPDATE claims SET version = version + 1 WHERE key = NEW.key";
                    self.make(&format!("AFTER {event} ON claims WHEN NEW.version = {after}"), overtake);
                }
            }
            Trouble::SecondSendRefused => {
                self.refuse("INSERT ON messages", "EXISTS (SELECT 1 FROM messages)");
            }
            Trouble::BuryingRefused => self.refuse("INSERT ON dead_letters", "true"),
            Trouble::NothingTold => {
                self.refuse("DELETE ON messages", "true");
                self.refuse("UPDATE ON messages", "NEW.holder IS NULL AND OLD.holder IS NOT NULL");
            }
        }
    }

    fn refuse(&self, what: &str, when: &str) {
        self.make(&format!("BEFORE {what} WHEN {when}"), "SELECT RAISE(ABORT, 'as a test ordered')");
    }

    fn make(&self, event: &str, action: &str) {
        let number = self.names().len();
        let trigger = format!("CREATE TRIGGER trouble_{number} {event} BEGIN {action}; END");
        self.0.execute_batch(&trigger).unwrap();
    }

    /// Removes them all.
    pub(crate) fn clear(&self) {
        for name in self.names() {
            self.0.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        }
    }

    fn names(&self) -> Vec<String> {
        let mut names = self.0.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
        names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }
}
