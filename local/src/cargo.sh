#!/bin/sh
# Stands before cargo for `cargo lambda watch`, which starts every instance of a function with `cargo run`. Even with
# nothing to build that costs half a second of a processor, and it waits for every other cargo on the machine. Here an
# instance whose binary is newer than its sources starts at once, and another is built as all of them were built.
#
# ASSENT_CARGO is cargo itself, ASSENT_BINARIES where the functions' binaries are, ASSENT_BUILD how they are built.

name=
previous=
for argument in "$@"; do
    if [ "$previous" = --bin ]; then name=$argument; fi
    previous=$argument
done
if [ "$1" != run ] || [ -z "$name" ]; then exec "$ASSENT_CARGO" "$@"; fi

# True where every source that cargo noted for the binary is there and older than it.
fresh() {
    sources=$(sed 's/^[^:]*: *//' "$binary.d" 2>/dev/null) && [ -n "$sources" ] || return 1
    # Unquoted: a list of paths. One with a space in it is not found, and cargo then decides.
    newer=$(find $sources ../Cargo.toml ../Cargo.lock Cargo.toml -newer "$binary" 2>&1) && [ -z "$newer" ]
}

binary=$ASSENT_BINARIES/$name
if [ ! -x "$binary" ] || ! fresh; then
    "$ASSENT_CARGO" $ASSENT_BUILD --bin "$name" || exit
    # It may have had nothing to do, as after a change to Cargo.toml that concerns no function.
    touch "$binary"
fi
exec "$binary"
