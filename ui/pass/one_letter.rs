//! Entities, fields and relations whose names are those of parameters and locals in generated code.
#![allow(non_camel_case_types, non_upper_case_globals)]
use relata::Query;
use relata::prelude::*;

macro_rules! pair_of_entities {
    ($one:ident, $many:ident) => {
        #[derive(Entity, Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[entity(table = "ones")]
        #[has_many(v: Vec<$many>, by = key)]
        #[has_many(state: Vec<$many>, by = key)]
        #[has_one(out: $many, by = key)]
        #[has_one(a: Option<$many>, by = key)]
        pub struct $one {
            #[key]
            pub row: i32,
            pub key: i32,
            pub self_: i32,
            pub query: i32,
            #[allow(non_snake_case)]
            pub V: i32,
            #[allow(non_snake_case)]
            pub P: i32,
            pub entity: i32,
            pub entities: i32,
            pub parents: i32,
            pub all: i32,
        }

        #[derive(Entity, Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[entity(table = "manies")]
        #[belongs_to(one: $one, by = key)]
        pub struct $many {
            #[key]
            pub id: i32,
            pub key: i32,
        }

        fn _queries() -> Query<loaded!($one { a { one }, v { one { out } } })> {
            $one::query().with($one.v.with($many.one.with($one.out))).with($one.a.with($many.one))
        }
    };
}

mod v {
    use super::*;
    pair_of_entities!(V, P);
}
mod r {
    use super::*;
    pair_of_entities!(R, T);
}
mod a {
    use super::*;
    pair_of_entities!(A, S);
}
mod e {
    use super::*;
    pair_of_entities!(E, D);
}
mod slots {
    use super::*;
    pair_of_entities!(VSlot, ASlot);
}
mod lower {
    use super::*;
    pair_of_entities!(entity, row);
}
mod words {
    use super::*;
    pair_of_entities!(Value, Key);
}
mod traits {
    use super::*;
    pair_of_entities!(Shape, Slot);
}
mod prelude {
    use super::*;
    pair_of_entities!(Default, Ok);
}

fn main() {}
