# What a newcomer types. `make demo` needs the Rust toolchain and a C compiler alone. `make test` puts the tools it needs
# below target/, pinned; beyond those it needs python3 with venv, Node 20 and Chromium (.ci/run installs them on Debian).

.NOTPARALLEL:
.PHONY: demo fmt lint check tests contract test docs dependencies emulator build once browser bench soak fuzz \
	infra package deploy stack

CARGO_DENY := target/tools/cargo-deny-0.20.2
BUILT := $(or $(CARGO_TARGET_DIR),target)/debug/plumbline
FUZZ := $(abspath $(or $(CARGO_TARGET_DIR),target))/fuzz
FUZZ_SECONDS := 240
NODE_MODULES := tests/browser/node_modules/.package-lock.json
INFRA_MODULES := infra/node_modules/.package-lock.json
TEMPLATE := target/infra/cdk.out/Plumbline.template.json
SCANNERS := $(or $(PLUMBLINE_TOOLS),target/tools)/infra/bin
PACKAGE := target/package
STACK := $(abspath target/stack)
# Of the functions: x86_64 or arm64.
export ARCH ?= x86_64
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
	cargo test --locked --workspace --lib --bins --test it -- --skip ambiguous --skip kill::

# All tests, more at a time than there are cores: much of what they do is waiting. The two variables make the stand-in note
# what departs from the contract.
tests: export PLUMBLINE_CONTRACT := $(PROCORE_CONTRACT)
tests: export PLUMBLINE_CONTRACT_REPORT := $(if $(PROCORE_CONTRACT),$(CONTRACT_REPORT))
tests: export RUST_TEST_THREADS ?= 4
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
test: emulator lint tests contract docs dependencies once browser infra stack

docs:
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --workspace

# Licences, banned crates, sources: deny.toml.
dependencies: $(CARGO_DENY)/bin/cargo-deny
	$< --locked --log-level error check licenses bans sources

$(CARGO_DENY)/bin/cargo-deny:
	cargo install --debug --locked --version 0.20.2 --root $(CARGO_DENY) cargo-deny

emulator:
	tests/tools.sh emulators

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

# The stack's template: synthesized from packages without code, then cdk-nag, our own tests and three scanners. Nothing is
# asked of AWS. Terraform's own formatter is asked where it is installed.
infra: $(INFRA_MODULES)
	tests/tools.sh scanners
	cd infra && npm test --silent
	$(SCANNERS)/cfn-lint --config-file infra/cfnlint.yaml --template $(TEMPLATE)
	$(SCANNERS)/checkov --config-file infra/checkov.yaml --framework cloudformation --file $(TEMPLATE)
	$(SCANNERS)/checkov --config-file infra/checkov.yaml --framework terraform --directory infra/terraform
	@if command -v terraform > /dev/null; then terraform fmt -check -diff infra/terraform; \
		else echo "infra: no terraform here: the module's formatting was not checked"; fi

$(INFRA_MODULES): infra/package-lock.json
	cd infra && npm ci
	touch $@

# The template on the emulator, synthesized anew with the binaries that the tests have: webhooks through the HTTP API to
# drafts in the sandbox. No address of AWS but loopback is taken.
stack: export PLUMBLINE_EMULATOR := required
stack: emulator build $(INFRA_MODULES)
	mkdir -p $(STACK)/bin
	for name in ingest router sweep; do strip -o $(STACK)/bin/$$name $(dir $(BUILT))$$name; done
	python3 infra/package/zips.py $(STACK)/bin $(STACK)/package $(ARCH) --debug
	cd infra && PLUMBLINE_PACKAGE=$(STACK)/package CDK_OUTDIR=$(STACK)/cdk.out npx tsx bin/plumbline.ts
	PLUMBLINE_PACKAGE=$(STACK)/package PLUMBLINE_TEMPLATE=$(STACK)/cdk.out/Plumbline.template.json \
		cargo test --locked --workspace --test deployed -- --nocapture

# What is deployed, in target/package, made to be the same bytes for the same sources. The release build takes minutes.
package: $(INFRA_MODULES)
	binaries=$$(infra/package/build.sh) && python3 infra/package/zips.py "$$binaries" $(PACKAGE) $(ARCH)
	python3 infra/package/inventory.py $(PACKAGE) $(ARCH)
	cd infra && PLUMBLINE_PACKAGE=../$(PACKAGE) npx cdk synth --quiet --output ../$(PACKAGE)/cdk.out
	cp $(PACKAGE)/cdk.out/Plumbline.template.json $(PACKAGE)/plumbline.template.json

# With the company's credentials (AWS_PROFILE, AWS_REGION) and what DEPLOY adds, such as '--parameters AlarmEmail=...'.
deploy: package
	cd infra && npx cdk deploy --app ../$(PACKAGE)/cdk.out $(DEPLOY)

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
