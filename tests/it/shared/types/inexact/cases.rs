//! The types whose equal values can differ in their bytes, each with keys that show it.

/// A type, how values of it are spelled, and what makes it.
pub struct Case {
    pub sql: &'static str,
    pub before: &'static str,
    /// Keys of which no two are equal.
    pub unique: &'static [&'static str],
    /// The same keys in other spellings.
    pub pieces: &'static [&'static str],
    /// Keys of which some are equal.
    pub twins: &'static [&'static str],
    /// The type's name in the client's refusal; none if it is not the type that says that equal values differ.
    pub refused: Option<&'static str>,
}

const NONE: Case = Case { sql: "", before: "", unique: &[], pieces: &[], twins: &[], refused: None };

pub const CASELESS: &str =
    "CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)";

pub const CASES: &[Case] = &[
    Case {
        sql: "numeric",
        unique: &["1.0", "2", "NaN"],
        pieces: &["1", "1.000", "2.0", "NaN", "3"],
        twins: &["1", "1.00", "2.000"],
        refused: Some("numeric"),
        ..NONE
    },
    Case {
        sql: "float4",
        unique: &["0", "NaN", "1.5"],
        pieces: &["-0", "0", "NaN", "1.5", "2"],
        twins: &["0", "-0", "1.5"],
        refused: Some("float4"),
        ..NONE
    },
    Case {
        sql: "float8",
        unique: &["-0", "NaN", "Infinity"],
        pieces: &["-0", "0", "NaN", "Infinity", "2"],
        twins: &["0", "-0", "NaN"],
        refused: Some("float8"),
        ..NONE
    },
    Case {
        sql: "citext",
        before: "CREATE EXTENSION citext",
        unique: &["Abc", "b"],
        pieces: &["abc", "ABC", "B", "x"],
        twins: &["abc", "aBc", "B"],
        refused: Some("citext"),
    },
    Case {
        sql: "interval",
        unique: &["1 day", "1 mon"],
        pieces: &["24:00", "1 day", "30 days", "2 mons"],
        twins: &["24:00", "1 day", "720:00"],
        refused: Some("interval"),
        ..NONE
    },
    Case {
        sql: "timetz",
        unique: &["12:00+00", "12:00+01"],
        pieces: &["12:00+00", "12:00+01", "13:00+01"],
        twins: &["12:00+00", "12:00+00:00"],
        refused: Some("timetz"),
        ..NONE
    },
    Case {
        sql: "jsonb",
        unique: &["1.0", r#"{"a": [1.0], "b": 2}"#, "null"],
        pieces: &["1", "1.00", r#"{"b": 2.0, "a": [1]}"#, "null", "[]"],
        twins: &["1", "1.00"],
        refused: Some("jsonb"),
        ..NONE
    },
    // Geometric values are equal if their areas are, or their numbers of points.
    Case {
        sql: "box",
        unique: &["(0,0),(1,1)", "(0,0),(2,2)"],
        pieces: &["(6,6),(5,5)", "(0,0),(4,1)", "(0,0),(3,3)"],
        twins: &["(6,6),(5,5)", "(1,1),(2,2)"],
        refused: Some("box"),
        ..NONE
    },
    Case {
        sql: "circle",
        unique: &["<(0,0),1>", "<(0,0),2>"],
        pieces: &["<(5,5),1>", "<(0,0),2>", "<(0,0),3>"],
        twins: &["<(7,7),2>", "<(8,8),2>"],
        refused: Some("circle"),
        ..NONE
    },
    Case {
        sql: "path",
        unique: &["[(0,0),(1,1)]", "[(0,0),(1,1),(2,2)]"],
        pieces: &["[(5,5),(6,6)]", "((0,0),(1,0),(0,1))", "[(0,0)]"],
        twins: &["[(5,5),(6,6)]", "[(7,7),(8,8)]"],
        refused: Some("path"),
        ..NONE
    },
    Case {
        sql: "lseg",
        unique: &["[(0,0),(1,1)]", "[(0,0),(2,2)]"],
        pieces: &["[(0,0),(1,1.00000001)]", "[(0,0),(2,2)]", "[(0,0),(3,3)]"],
        twins: &["[(0,0),(1,1)]", "[(0,0),(1,1.00000001)]"],
        refused: Some("lseg"),
        ..NONE
    },
    Case {
        sql: "line",
        unique: &["{1,-1,0}", "{1,0,0}"],
        pieces: &["{2,-2,0}", "{3,0,0}", "{0,1,0}"],
        twins: &["{2,-2,0}", "{-1,1,0}"],
        refused: Some("line"),
        ..NONE
    },
    Case {
        sql: "numrange",
        unique: &["[1.0,2)", "empty"],
        pieces: &["[1,2.0)", "empty", "[1,2]"],
        twins: &["[1,2)", "[1.00,2.00)"],
        refused: Some("numrange"),
        ..NONE
    },
    // A range has the collation that its type says.
    Case {
        sql: "caseless_range",
        before: "CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE TYPE caseless_range AS RANGE (subtype = text, collation = caseless)",
        unique: &["[Abc,abd)", "[x,y)"],
        pieces: &["[Abc,abd)", "[abc,ABD)", "[x,Y)", "[a,b)"],
        twins: &["[abc,abd)", "[ABC,abd)", "[X,y)"],
        ..NONE
    },
    // The server sends a domain as what it is a domain of.
    Case {
        sql: "price",
        before: "CREATE DOMAIN price AS numeric CHECK (value >= 0)",
        unique: &["1.0", "2"],
        pieces: &["1", "1.000", "2.0", "3"],
        twins: &["1", "1.00"],
        refused: Some("numeric"),
    },
    Case {
        sql: "nick",
        before: "CREATE EXTENSION citext; CREATE DOMAIN nick AS citext CHECK (value <> '')",
        unique: &["Abc", "b"],
        pieces: &["abc", "ABC", "B", "x"],
        twins: &["abc", "aBc", "B"],
        refused: Some("citext"),
    },
    // What the catalog refuses, not the type: `isolated::keys` has the sentence.
    Case {
        sql: "text COLLATE caseless",
        before: CASELESS,
        unique: &["Abc", "b"],
        pieces: &["abc", "ABC", "B", "x"],
        twins: &["abc", "aBc", "B"],
        ..NONE
    },
    Case {
        sql: "caseless_text",
        before: "CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE DOMAIN caseless_text AS text COLLATE caseless",
        unique: &["Abc", "b"],
        pieces: &["abc", "ABC", "B", "x"],
        twins: &["abc", "aBc", "B"],
        ..NONE
    },
    Case {
        sql: "bpchar(4) COLLATE caseless",
        before: CASELESS,
        unique: &["Abc", "b"],
        pieces: &["abc ", "ABC", "B", "x"],
        twins: &["abc", "aBc", "B"],
        ..NONE
    },
];
