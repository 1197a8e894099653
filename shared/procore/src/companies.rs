//! The company: where its people see it.

use serde::Deserialize;
use url::Url;

use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::wire;

/// Where a company's pages are. Procore docs: the API has one host for all regions, which it tells apart by the
/// company header; pages have a host for each region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyBase {
    /// The region, in the vendor's words.
    pub zone: Option<String>,
    /// Base of links for people; absent unless it is an address of Procore's, since links are clicked.
    pub web: Option<Url>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "wire::text")]
    zone: Option<String>,
    #[serde(default, deserialize_with = "wire::maybe")]
    web_base_url: Option<String>,
}

impl Procore {
    /// Where the company's pages are, for links. No token ever goes there.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn company_base(&self) -> Result<CompanyBase, Error> {
        let wire: Wire = self.send(Call::get("/rest/v1.0/company_base_url")).await?.one()?;
        let web = wire.web_base_url.and_then(|text| Url::parse(&text).ok());
        Ok(CompanyBase { zone: wire.zone, web: web.filter(|url| self.hosts().is_procore(url)) })
    }
}
