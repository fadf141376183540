//! What compiles, and what the compiler says where it does not.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test -p relata-ui`, then read the difference.

#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    cases.compile_fail("fail/*.rs");
}
