//! Composite keys, references to other columns, an entity that refers to itself.
use relata::Query;
use relata::prelude::*;

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "accounts")]
#[has_many(entries: Vec<Entry>, by = (bank, account))]
#[has_many(letters: Vec<Letter>, by = address, references = email)]
#[belongs_to(parent: Option<Account>, by = (bank, parent_number))]
#[has_many(children: Vec<Account>, by = (bank, parent_number))]
struct Account {
    #[key]
    bank: i32,
    #[key]
    number: i64,
    email: String,
    parent_number: Option<i64>,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "entries")]
#[belongs_to(owner: Account, by = (bank, account))]
struct Entry {
    #[key]
    id: i32,
    bank: i16,
    account: i64,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "letters")]
#[belongs_to(account: Option<Account>, by = address, references = email)]
struct Letter {
    #[key]
    id: i32,
    address: Option<String>,
}

fn main() {
    let query: Query<loaded!(Account { children { parent { entries } }, letters { account } })> = Account::query()
        .with(Account.letters.with(Letter.account))
        .with(Account.children.with(Account.parent.with(Account.entries)));
    let _ = (query, Account::find((1, 2_i64)), Entry::query().with(Entry.owner));
    let pairs = |def: &relata::schema::RelationDef| -> Vec<_> {
        def.source_columns().zip(def.key_columns()).map(|(one, other)| format!("{} {}", one.name, other.name)).collect()
    };
    assert_eq!(pairs(<Account_parent as relata::entity::Relation>::DEF), ["bank bank", "parent_number number"]);
    assert_eq!(pairs(<Account_children as relata::entity::Relation>::DEF), ["bank bank", "number parent_number"]);
    assert_eq!(pairs(<Letter_account as relata::entity::Relation>::DEF), ["address email"]);
    assert_eq!(<Account_parent as relata::entity::Relation>::DEF.index, 2);
}
