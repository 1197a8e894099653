#!/bin/sh
# Builds the Lambda binaries so that two checkouts give the same bytes: no path of this machine enters them.
# ARCH is x86_64 or arm64. Prints the directory of the binaries.
set -eu
cd "$(dirname "$0")/../.."

case ${ARCH:-x86_64} in
x86_64) target=x86_64-unknown-linux-gnu compiler=${CC:-cc} ;;
arm64) target=aarch64-unknown-linux-gnu compiler=${CC_aarch64_unknown_linux_gnu:-aarch64-linux-gnu-gcc} ;;
*)
    echo "ARCH is x86_64 or arm64, not $ARCH" >&2
    exit 1
    ;;
esac
if command -v rustup >/dev/null && ! rustup target list --installed | grep -qx "$target"; then
    echo "the Rust target $target is not installed: rustup target add $target" >&2
    exit 1
fi

built=${CARGO_TARGET_DIR:-$(pwd -P)/target}
mkdir -p "$built/$target"
"$compiler" -O2 -c infra/package/hypot.c -o "$built/$target/hypot.o"

source=$(pwd -P)
registry=$(cd "${CARGO_HOME:-$HOME/.cargo}" && pwd -P)
# Rust names its files in messages of panics, C in those of errors.
export RUSTFLAGS="--remap-path-prefix=$source=/plumbline --remap-path-prefix=$registry=/cargo"
RUSTFLAGS="$RUSTFLAGS -C link-arg=-Wl,--wrap=hypot -C link-arg=$built/$target/hypot.o"
export CFLAGS="${CFLAGS:-} -ffile-prefix-map=$source=/plumbline -ffile-prefix-map=$registry=/cargo"
# What is built decides, not when.
export SOURCE_DATE_EPOCH=315532800

# The whole workspace decides which features are on, so that these are the programs that the tests ran.
cargo build --release --locked --workspace --target "$target" --bin ingest --bin router --bin sweep >&2
echo "$built/$target/release"
