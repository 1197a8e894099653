# What a newcomer types. `make demo` needs the Rust toolchain (and a C compiler) alone.
.PHONY: demo check test fmt
demo:
	cargo run --locked -p plumbline -- demo
fmt:
	cargo fmt --all
check:
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo test --locked --workspace
test: check
