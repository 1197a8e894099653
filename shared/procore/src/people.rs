//! People, and who we are ourselves.

use serde::Deserialize;

use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::UserId;
use crate::wire;

/// A person or a service account, as records name them.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct User {
    /// Who; 0 in a list where the vendor named somebody without a readable id.
    pub id: UserId,
    /// Display name.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
    /// E-mail address, where given.
    #[serde(default, deserialize_with = "wire::text")]
    pub login: Option<String>,
}

/// Names and addresses do not belong in a log.
impl std::fmt::Debug for User {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("User").field(&self.id).finish()
    }
}

impl Procore {
    /// The service account itself: its id marks our own events.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn me(&self) -> Result<User, Error> {
        // Procore docs: with client credentials this needs the company header, which `send` always adds.
        self.send(Call::get("/rest/v1.0/me")).await?.json()
    }
}
