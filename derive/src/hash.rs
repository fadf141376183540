//! The number under which an entity's relation is found by its name.
//!
//! The derive and `loaded!` have to agree on it, and nothing else reads it.

/// FNV-1a, 64 bits.
pub(crate) fn name(name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

#[cfg(test)]
mod tests {
    #[test]
    fn is_fnv_1a() {
        assert_eq!(super::name(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(super::name("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(super::name("foobar"), 0x8594_4171_f739_67e8);
    }
}
