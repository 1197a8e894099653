//! Any bytes as the body of a webhook.

#![no_main]

#[path = "../check.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    check::nothing_is_lost(body);
});
