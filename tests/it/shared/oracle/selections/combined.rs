//! Selections combined: the rows of two or three of any entities as one, sorted by position and counted off.

use std::rc::Rc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use relata::expr::{PerGroup, PerRow};
use relata::{Combined, Select};
use serde_json::Value as Json;
use tokio::runtime::Builder;

use super::super::case::{Data, fill, world};
use super::super::property;
use super::ask::{self, Ask, Distinct, Expr, Item, OfGroup, Shape, Total};
use super::by::Fold;
use super::catalog::{Asked, Read};
use super::held::Drawn;
use super::meaning::Meaning;
use super::naive::{Naive, Sorted, compare};
use super::query::{Selecting, line, maker};
use super::run::combined;
use super::sight::Sight;
use super::source::{SetOf, set_of};
use super::tables::Tables;
use super::values::{Cell, Pick, Ty, Val, pick};
use super::verify;

/// Selections as one. What the first one selects is said, and the others select what fits.
#[derive(Debug, Clone)]
pub struct Several {
    start: Pick,
    columns: Vec<Pick>,
    first: Ask,
    second: (SetOf, Ask),
    more: Vec<(Pick, SetOf, Ask)>,
    /// What it is sorted by, and in which direction, where it is sorted.
    order: Option<(Pick, u8)>,
    limit: Option<Pick>,
    offset: Option<Pick>,
}

fn several() -> impl Strategy<Value = Several> {
    let side = || ask::ask().prop_map(|ask| Ask { ordered: true, ..ask });
    let more = prop_oneof![2 => vec((pick(), set_of(), side()), 0..1), 1 => vec((pick(), set_of(), side()), 1..2)];
    let counted = (option::weighted(0.3, pick()), option::weighted(0.2, pick()));
    (pick(), vec(pick(), 1..4), side(), (set_of(), side()), more, option::weighted(0.7, (pick(), any::<u8>())), counted)
        .prop_map(|(start, columns, first, second, more, order, (limit, offset))| Several {
            start,
            columns,
            first,
            second,
            more,
            order,
            limit,
            offset,
        })
}

/// What stands in one place of all selections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Value(Ty),
    /// An entity of this table.
    Entity(&'static str),
}

/// The choice of an item that is such, from where a search begins.
fn chosen<E: Asked>(sight: &Sight<E>, column: Column, from: Pick) -> Option<Item> {
    let all = (0..240_u8).map(|more| Pick(from.0.wrapping_add(more) % 240));
    match column {
        Column::Value(ty) => {
            let mut all = all.map(Expr::Term);
            all.find(|expr| sight.expr(expr).typed.ty() == ty).map(Item::Expr)
        }
        Column::Entity(table) => {
            let entities = &sight.catalog.entities;
            let mut all = all.filter(|_| !entities.is_empty());
            all.find(|pick| pick.from(entities).table == Some(table)).map(Item::Entity)
        }
    }
}

/// What the first selection selects, of which the others select as well what they can.
fn columns<E: Asked>(ask: &Ask, picks: &[Pick]) -> Vec<Column> {
    let sight = Sight::<E>::new(line::<E>(ask), false);
    let column = |pick: &Pick| match pick.of(5) {
        0 => Column::Entity(pick.from(&sight.catalog.entities).table.unwrap()),
        _ => Column::Value(sight.expr(&Expr::Term(*pick)).typed.ty()),
    };
    picks.iter().map(column).collect()
}

fn fits<E: Asked>(ask: &Ask, column: &Column) -> bool {
    chosen(&Sight::<E>::new(line::<E>(ask), false), *column, Pick(0)).is_some()
}

/// The shape of a query that selects these.
fn shape<E: Asked>(sight: &Sight<E>, ask: &Ask, columns: &[Column]) -> Shape {
    let items: Vec<Item> = columns
        .iter()
        .zip(0_u8..)
        .map(|(column, at)| chosen(sight, *column, Pick(ask.root.0.wrapping_add(at * 37))).unwrap())
        .collect();
    let values: Option<Vec<Expr>> =
        items.iter().map(|item| if let Item::Expr(expr) = item { Some(expr.clone()) } else { None }).collect();
    match (&ask.shape, values) {
        (Shape::Groups { having, order, .. }, Some(by)) => {
            let counts = |column: &Column| *column == Column::Value(Ty::Big) && ask.root.of(3) > 0;
            let item = |(column, at): (&Column, u8)| match counts(column) {
                true => OfGroup::Total(Total { of: Fold::Rows, value: Pick(0), filter: None }),
                false => OfGroup::Common(Pick(at)),
            };
            let items = columns.iter().zip(0..).map(item).collect();
            let (having, order) = (having.clone(), order.clone());
            Shape::Groups { whole: None, by, items, having, order, windows: Vec::new() }
        }
        (Shape::Items { distinct, order, .. }, _) => {
            Shape::Items { items, distinct: distinct.clone(), order: order.clone() }
        }
        (Shape::Entities { order, .. } | Shape::Tuple { order, .. }, _) => {
            Shape::Items { items, distinct: Distinct::No, order: order.clone() }
        }
        _ => Shape::Items { items, distinct: Distinct::All, order: Vec::new() },
    }
}

/// One of the selections.
enum Side<E> {
    Rows(Select<E, Drawn<E, PerRow>>),
    Groups(Select<E, Drawn<E, PerGroup>>),
}

/// A selection, how its columns are read and how many they are, and what it means.
fn side<E: Asked>(ask: &Ask, columns: &[Column], twin: bool) -> (Side<E>, Vec<(usize, Read)>, Naive) {
    let sight = Sight::<E>::new(line::<E>(ask), twin);
    let shape = shape(&sight, ask, columns);
    let maker = maker(sight, &Ask { shape: shape.clone(), ..ask.clone() });
    let (side, chosen, naive) = match &shape {
        Shape::Groups { whole, by, items, having, order, windows } => {
            let Selecting { select, chosen, naive } = maker.groups(*whole, by, (items, windows), having, order);
            (Side::Groups(select), chosen, naive)
        }
        Shape::Items { items, distinct, order } => {
            let Selecting { select, chosen, naive } = maker.items(items, distinct, order);
            (Side::Rows(select), chosen, naive)
        }
        _ => unreachable!("a side is a selection"),
    };
    let reads = chosen.iter().zip(columns).map(|(item, column)| (item.width, item.read_as(column.ty()))).collect();
    (side, reads, naive)
}

impl Column {
    fn ty(self) -> Option<Ty> {
        if let Column::Value(ty) = self { Some(ty) } else { None }
    }
}

/// What several selections are together.
pub struct Together {
    query: Combined<Vec<Cell>>,
    reads: Vec<(usize, Read)>,
    naives: Vec<(SetOf, Naive)>,
}

macro_rules! operate {
    ($of:expr, $one:expr, $other:expr) => {
        match $of {
            SetOf::Union => $one.union($other),
            SetOf::UnionAll => $one.union_all($other),
            SetOf::Intersect => $one.intersect($other),
            SetOf::Except => $one.except($other),
        }
    };
}

fn begin<E: Asked, F: Asked>(several: &Several, columns: &[Column], twin: bool) -> Together {
    let (one, reads, first) = side::<E>(&several.first, columns, twin);
    let (of, second) = &several.second;
    let (other, _, second) = side::<F>(second, columns, twin);
    let query = match (one, other) {
        (Side::Rows(one), Side::Rows(other)) => operate!(of, one, other),
        (Side::Rows(one), Side::Groups(other)) => operate!(of, one, other),
        (Side::Groups(one), Side::Rows(other)) => operate!(of, one, other),
        (Side::Groups(one), Side::Groups(other)) => operate!(of, one, other),
    };
    Together { query, reads, naives: vec![(SetOf::UnionAll, first), (*of, second)] }
}

fn add<E: Asked>(mut all: Together, of: SetOf, ask: &Ask, columns: &[Column], twin: bool) -> Together {
    let (one, _, naive) = side::<E>(ask, columns, twin);
    all.query = match one {
        Side::Rows(one) => operate!(of, all.query, one),
        Side::Groups(one) => operate!(of, all.query, one),
    };
    all.naives.push((of, naive));
    all
}

/// The entities of the first two selections.
pub struct Start {
    columns: fn(&Ask, &[Pick]) -> Vec<Column>,
    fits: fn(&Ask, &Column) -> bool,
    begin: fn(&Several, &[Column], bool) -> Together,
}

/// The entity of another selection.
pub struct More {
    fits: fn(&Ask, &Column) -> bool,
    add: fn(Together, SetOf, &Ask, &[Column], bool) -> Together,
}

pub const fn start<E: Asked, F: Asked>() -> Start {
    Start { columns: columns::<E>, fits: fits::<F>, begin: begin::<E, F> }
}

pub const fn more<E: Asked>() -> More {
    More { fits: fits::<E>, add: add::<E> }
}

/// Runs the property, and panics with its smallest counterexample. Each data set meets one to four queries.
pub fn run(share: u32, tables: &str, data: BoxedStrategy<Data>, (starts, others): (&'static [Start], &'static [More])) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(world(tables));
    let client = runtime.block_on(world.client());
    property(share, &(vec(several(), 1..=4), data), |(all, data)| {
        runtime.block_on(async {
            fill(&client, &data).await;
            let tables = Tables::fetch(&client, &data).await;
            for several in &all {
                one(&world, &tables, several, (starts, others)).await?;
            }
            Ok(())
        })
    });
}

async fn one(
    world: &crate::support::World,
    tables: &Tables,
    several: &Several,
    (starts, others): (&[Start], &[More]),
) -> Result<(), TestCaseError> {
    let start = several.start.from(starts);
    let mut columns = (start.columns)(&several.first, &several.columns);
    columns.retain(|column| {
        let fits = |(at, _, ask): &(Pick, SetOf, Ask)| (at.from(others).fits)(ask, column);
        (start.fits)(&several.second.1, column) && several.more.iter().all(fits)
    });
    if columns.is_empty() {
        return Ok(());
    }
    let make = |twin: bool| {
        let all = (start.begin)(several, &columns, twin);
        several.more.iter().fold(all, |all, (at, of, ask)| (at.from(others).add)(all, *of, ask, &columns, twin))
    };
    let all = make(false);
    let values = columns.iter().all(|column| column.ty().is_some());
    let rows = |twin: bool| {
        let counted = |pick: Option<Pick>, all: [u64; 3]| {
            pick.filter(|_| values).map(|pick| *(if twin { pick.other() } else { pick }).from(&all))
        };
        [counted(several.limit, [1, 3, 0]), counted(several.offset, [1, 0, 2])]
    };
    let naives: Vec<String> = all.naives.iter().map(|(of, naive)| format!("{of:?} {}", naive.told())).collect();
    let told = format!("{}\nby {:?} {:?}", naives.join("\n"), several.order, rows(false));
    let order = order(several, &columns, &all.reads);
    let total = values && order.len() == columns.len();
    let expected = expected(tables, &all.naives, &order, if total { rows(false) } else { [None; 2] });
    let query = |all: Together, twin: bool| {
        let sorted = order.iter().fold(all.query, |query, (position, _, descending)| match descending {
            true => query.order_by_position_desc(*position),
            false => query.order_by_position(*position),
        });
        let [limit, offset] = if total { rows(twin) } else { [None; 2] };
        let limited = limit.into_iter().fold(sorted, Combined::limit);
        combined(offset.into_iter().fold(limited, Combined::offset), all.reads)
    };
    verify(world, &*query(all, false), &expected, total, &told, &query(make(true), true).to_sql()).await
}

/// The positions that it is sorted by, with the place of the item and the direction.
fn order(several: &Several, columns: &[Column], reads: &[(usize, Read)]) -> Vec<(usize, usize, bool)> {
    let Some((first, descending)) = several.order else { return Vec::new() };
    let position = |at: usize| 1 + reads[..at].iter().map(|(width, _)| width).sum::<usize>();
    let all = (0..columns.len()).map(|at| (at + first.of(columns.len())) % columns.len());
    let values = all.filter(|at| columns[*at].ty().is_some());
    values.map(|at| (position(at), at, descending & (1 << at) != 0)).collect()
}

fn expected(
    tables: &Tables,
    naives: &[(SetOf, Naive)],
    order: &[(usize, usize, bool)],
    [limit, offset]: [Option<u64>; 2],
) -> Vec<Json> {
    let same = |one: &Vec<Val>, other: &Vec<Val>| one.iter().zip(other).all(|(one, other)| one.same(other));
    let mut rows: Vec<Vec<Val>> = naives.iter().fold(Vec::new(), |rows, (of, naive)| {
        of.of(rows, naive.given(tables, &[]).into_iter().map(|row| row.items).collect(), same)
    });
    let by = |descending: bool| Sorted { by: Meaning::constant(Val::Null), descending, nulls_first: descending };
    let sorts: Vec<Sorted> = order.iter().map(|(.., descending)| by(*descending)).collect();
    let place = |row: &[Val]| order.iter().map(|(_, at, _)| row[*at].clone()).collect::<Vec<Val>>();
    rows.sort_by(|one, other| compare(&sorts, &place(one), &place(other)));
    let rows = rows.into_iter().skip(offset.unwrap_or(0) as usize).take(limit.unwrap_or(u64::MAX) as usize);
    rows.map(|row| row.iter().map(Val::json).collect()).collect()
}

/// Reads a value of this type, or NULL: another selection than the first may have it.
pub fn read_null(ty: Ty) -> Read {
    macro_rules! read {
        ($($ty:ident $t:ty),*) => {
            match ty { $(Ty::$ty => Rc::new(|cells: &[Cell]| Ok(cells[0].read::<$t>(true)?.json()))),* }
        };
    }
    read!(Bool bool, Small i16, Int i32, Big i64, Float f64, Text String)
}
