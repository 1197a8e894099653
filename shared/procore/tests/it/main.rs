//! The crate through its public face: webhook bodies in, requests out, against a server on loopback.

#[cfg(test)]
mod client;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod daily_logs;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod files;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod hostile_files;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod pace;
#[cfg(test)]
mod pace_blocks;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod quiet;
#[cfg(test)]
mod records;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod stand_in;
#[cfg(test)]
mod token;
#[cfg(test)]
mod token_lives;
#[cfg(test)]
mod webhook;
