//! Errors in the attributes of fields.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "users", rename_all = "UPPERCASE")]
struct User {
    #[key(generate)]
    id: i32,
    #[key]
    optional: Option<i32>,
    #[key]
    #[column(skip)]
    skipped: i32,
    #[key]
    #[column(embed)]
    embedded: Address,
    #[key]
    #[key]
    twice: i32,
    #[column(skip, embed)]
    both: Address,
    #[column(skip, name = "x")]
    skipped_name: i32,
    #[column(embed, sql_type = "x")]
    embedded_type: Address,
    #[column(embed)]
    embedded_option: Option<Address>,
    #[column(nam = "x")]
    misspelt: i32,
    #[column]
    nothing: i32,
    #[column(name)]
    no_value: i32,
    #[column(skip = true)]
    flag: i32,
    double: Option<Option<i32>>,
    #[column(name = "ID")]
    same: i32,
    #[entity(table = "x")]
    struct_attribute: i32,
    #[belongs_to(other: User, by = id)]
    relation: i32,
}

#[derive(Embed, Clone)]
#[embed(table = "addresses")]
#[belongs_to(user: User, by = city)]
struct Address {
    #[key]
    city: String,
    #[column(embed)]
    inner: Inner,
    #[column(name = "city")]
    other: String,
}

#[derive(Embed, Clone)]
struct Inner(i32);

fn main() {
    let _ = User::query().filter(User.misspelt.eq(1));
}
