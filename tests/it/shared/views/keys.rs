//! Keys that a view leaves out are read where its loads need them, and given to nobody.

use relata::prelude::*;
use serde::Serialize;

use super::same;
use crate::support::World;
use crate::support::blog::{self, Comment, Post, User};
use crate::support::stock::{self, Item, Order};

/// Views without any key, their loads by these strategies.
macro_rules! keyless {
    ($($module:ident $strategy:ident)*) => {
        $(mod $module {
            use super::*;

            #[derive(View, Debug, Serialize)]
            #[view(User)]
            pub struct Name {
                pub name: String,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Comment)]
            pub struct Remark {
                pub body: String,
                #[view($strategy)]
                pub author: Option<Name>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(User)]
            pub struct Writer {
                pub name: String,
                #[view($strategy, order_by = id)]
                pub posts: Vec<Title>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Post)]
            pub struct Title {
                pub title: String,
                #[view($strategy)]
                pub author: Name,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Order)]
            pub struct Basket {
                pub description: Option<String>,
                #[view($strategy)]
                pub items: Vec<Ware>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Item)]
            pub struct Ware {
                pub description: String,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Owner)]
            pub struct Data {
                pub data: String,
                #[view($strategy, order_by = id.desc())]
                pub things: Vec<ThingData>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Thing)]
            pub struct ThingData {
                pub data: String,
                #[view($strategy)]
                pub owner: Option<OwnerData>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Owner)]
            pub struct OwnerData {
                pub data: String,
            }
        })*
    };
}

keyless!(selected select_in joined joined);

/// A relation over a unique column that is not the key, and whose values the database compares.
#[derive(Entity, Clone)]
#[entity(table = "owners")]
#[has_many(things: Vec<Thing>, by = (owner_kind, owner_arb), references = (kind, arb))]
pub struct Owner {
    #[key]
    id: i32,
    kind: i16,
    #[column(compare = database)]
    arb: f64,
    data: String,
}

#[derive(Entity, Clone)]
#[entity(table = "things")]
#[belongs_to(owner: Option<Owner>, by = (owner_kind, owner_arb), references = (kind, arb))]
pub struct Thing {
    #[key]
    id: i32,
    owner_kind: Option<i16>,
    #[column(compare = database)]
    owner_arb: Option<f64>,
    data: String,
}

const OWNERS: &str = "
CREATE TABLE owners (id int PRIMARY KEY, kind int2 NOT NULL, arb float8 NOT NULL, data text NOT NULL, UNIQUE (kind, arb));
CREATE TABLE things (id int PRIMARY KEY, owner_kind int2, owner_arb float8, data text NOT NULL);
INSERT INTO owners VALUES (1, 1, 0, 'o1'), (2, 1, 1, 'o2'), (3, 2, 0, 'o3'), (4, 2, 1, 'o4');
INSERT INTO things VALUES (1, 1, '-0', 't1'), (2, 2, 1, 't2'), (3, 1, 0, 't3'), (4, NULL, 0, 't4'), (5, 2, 1, 't5'),
    (6, 1, 7, 't6');";

#[tokio::test]
async fn g2_p6_a_to_one_view_without_the_foreign_key_in_its_parent() {
    let world = blog::world().await;
    let sql = "SELECT jsonb_build_object('body', body, 'author',
            CASE WHEN u.id IS NULL THEN NULL ELSE jsonb_build_object('name', name) END)
        FROM comments c LEFT JOIN users u ON u.id = c.user_id ORDER BY c.id";
    same(&world, &selected::Remark::query().order_by(Comment.id.asc()), sql, 2).await;
    same(&world, &joined::Remark::query().order_by(Comment.id.asc()), sql, 1).await;
    // With a condition of the parent, of what it leaves out, and a limit.
    let some = sql.replace("ORDER", "WHERE c.user_id = 2 OR u.name IS NULL ORDER") + " LIMIT 2";
    let kept = Comment.user_id.eq(2) | Comment.author.name.is_null();
    same(&world, &selected::Remark::query().filter(kept.clone()).order_by(Comment.id.asc()).limit(2), &some, 2).await;
    same(&world, &joined::Remark::query().filter(kept).order_by(Comment.id.asc()).limit(2), &some, 1).await;
}

#[tokio::test]
async fn p7_collections_of_views_without_a_key_on_either_side() {
    let world = blog::world().await;
    let posts =
        "(SELECT coalesce(jsonb_agg(jsonb_build_object('title', title, 'author', jsonb_build_object('name', name))
        ORDER BY id), '[]') FROM posts WHERE user_id = u.id)";
    let sql = format!("SELECT jsonb_build_object('name', name, 'posts', {posts}) FROM users u ORDER BY id");
    same(&world, &selected::Writer::query().order_by(User.id.asc()), &sql, 3).await;
    same(&world, &joined::Writer::query().order_by(User.id.asc()), &sql, 1).await;
    let sql = sql.replace("ORDER BY id\"", "") + " LIMIT 2 OFFSET 1";
    same(&world, &selected::Writer::query().order_by(User.id.asc()).limit(2).offset(1), &sql, 3).await;
    same(&world, &joined::Writer::query().order_by(User.id.asc()).limit(2).offset(1), &sql, 1).await;
}

#[tokio::test]
async fn p7_many_to_many_views_without_a_key_on_either_side() {
    let world = stock::world().await;
    let sql = "SELECT jsonb_build_object('description', o.description, 'items',
            (SELECT coalesce(jsonb_agg(jsonb_build_object('description', i.description) ORDER BY i.id), '[]')
            FROM order_items JOIN items i ON i.id = item_id WHERE order_id = o.id)) FROM orders o ORDER BY o.id";
    same(&world, &selected::Basket::query().order_by(Order.id.asc()), sql, 2).await;
    same(&world, &joined::Basket::query().order_by(Order.id.asc()), sql, 1).await;
}

#[tokio::test]
async fn a12_views_over_columns_that_are_no_key_under_a_limit() {
    let world = World::new(OWNERS).await;
    let things =
        "(SELECT coalesce(jsonb_agg(jsonb_build_object('data', t.data, 'owner', jsonb_build_object('data', o.data))
        ORDER BY t.id DESC), '[]') FROM things t WHERE (owner_kind, owner_arb) = (o.kind, o.arb))";
    let sql =
        format!("SELECT jsonb_build_object('data', data, 'things', {things}) FROM owners o ORDER BY data DESC, id");
    for limit in [3, 9] {
        let sql = format!("{sql} LIMIT {limit}");
        same(&world, &selected::Data::query().order_by(Owner.data.desc()).limit(limit), &sql, 3).await;
        same(&world, &joined::Data::query().order_by(Owner.data.desc()).limit(limit), &sql, 1).await;
    }
}
