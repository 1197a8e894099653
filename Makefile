# What a newcomer types. `make demo` needs the Rust toolchain and a C compiler alone. `make test` puts the tools it needs
# below target/, pinned; beyond those it needs python3 with venv, Node 20 and Chromium (.ci/run installs them on Debian).

.NOTPARALLEL:
.PHONY: demo fmt lint check tests contract test docs dependencies emulator build once browser bench soak fuzz

CARGO_DENY := target/tools/cargo-deny-0.20.2
BUILT := $(or $(CARGO_TARGET_DIR),target)/debug/plumbline
FUZZ := $(abspath $(or $(CARGO_TARGET_DIR),target))/fuzz
FUZZ_SECONDS := 240
NODE_MODULES := tests/browser/node_modules/.package-lock.json
# Procore's OpenAPI description, which is not ours to put into this repository. Where it is, tests are held against it.
PROCORE_CONTRACT := $(abspath $(wildcard ../shared/procore-contract/contract.json))
CONTRACT_REPORT := $(abspath $(or $(CARGO_TARGET_DIR),target)/contract-report.jsonl)

# The whole product on this machine, against a stand-in for Procore.
demo:
	cargo run --locked -p plumbline -- demo

fmt:
	cargo fmt --all

lint:
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

# The minute-long part of `test`, for before every commit: without the tests that kill processes, wait for writes of
# unknown end, or run the hostile corpus.
check: lint
	cargo test --locked --workspace --lib --bins --test it -- --skip ambiguous --skip killed

# All tests. The two variables make the stand-in note what departs from the contract.
tests: export PLUMBLINE_CONTRACT := $(PROCORE_CONTRACT)
tests: export PLUMBLINE_CONTRACT_REPORT := $(if $(PROCORE_CONTRACT),$(CONTRACT_REPORT))
tests:
	rm -f $(CONTRACT_REPORT)
	cargo test --locked --workspace

# Judges what `tests` noted: any departure fails, and so does a run in which nothing was held against the contract.
contract: export PLUMBLINE_CONTRACT := $(PROCORE_CONTRACT)
contract: export PLUMBLINE_CONTRACT_REPORT := $(CONTRACT_REPORT)
contract: tests build
ifdef PROCORE_CONTRACT
	$(dir $(BUILT))contract-report
else
	@echo "contract: ../shared/procore-contract/contract.json is not here: nothing was held against it"
endif

# Everything. The tests of the Lambdas, which are left out elsewhere where there is no emulator, must run here.
test: export PLUMBLINE_EMULATOR := required
test: emulator lint tests contract docs dependencies once browser

docs:
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --workspace

# Licences, banned crates, sources: deny.toml.
dependencies: $(CARGO_DENY)/bin/cargo-deny
	$< --locked --log-level error check licenses bans sources

$(CARGO_DENY)/bin/cargo-deny:
	cargo install --locked --version 0.20.2 --root $(CARGO_DENY) cargo-deny

emulator:
	tests/stack/tools.sh

# The binaries, as the tests have them: without the features that only tests ask for, half of what they stand on would be
# built a second time.
build:
	cargo test --locked --workspace --no-run

# A key in the environment would send the demo to a real model.
once: build
	env -u OPENAI_API_KEY $(BUILT) demo --once

# CHROMIUM names another Chromium than /usr/bin/chromium. Pictures of the pages end up in target/browser.
browser: build $(NODE_MODULES)
	cd tests/browser && npm test

$(NODE_MODULES): tests/browser/package-lock.json
	cd tests/browser && npm ci
	touch $@

# Prints; asserts nothing. The release build takes minutes.
bench:
	cargo bench --locked -p it -p plumbline --bench '*'

# Ten thousand events through a service that is killed every few seconds, with a fault on one call in ten. `tests` runs a
# small one. Takes minutes; what is needed to repeat it is printed first.
soak: export SOAK_EVENTS := $(or $(SOAK_EVENTS),10000)
soak:
	cargo test --locked --workspace --test soak -- --nocapture

# Any bytes as the body of a webhook, for some minutes. New inputs stay below target; what breaks the parser is written
# to shared/procore/fuzz/artifacts. `test` replays the corpus without either tool.
fuzz:
	@rustup toolchain list | grep -q '^nightly' || \
		{ echo "fuzz needs a nightly toolchain: rustup toolchain install nightly"; exit 1; }
	@command -v cargo-fuzz > /dev/null || \
		{ echo "fuzz needs cargo-fuzz: cargo install --locked --version 0.13.1 cargo-fuzz"; exit 1; }
	mkdir -p $(FUZZ)/found
	cd shared/procore && cargo +nightly fuzz run --target-dir $(FUZZ) payload $(FUZZ)/found fuzz/corpus/payload -- \
		-max_total_time=$(FUZZ_SECONDS)
