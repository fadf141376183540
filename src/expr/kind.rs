//! Whether an expression has a value for each row or for each group of them, as types.

/// What an expression has a value for: [`PerRow`], [`PerGroup`], [`Mixed`] or [`Constant`].
pub trait Kind: Send + Sync + 'static {
    /// What this beside another is.
    type And<K: Kind>: Kind;
    #[doc(hidden)]
    type AndRow: Kind;
    #[doc(hidden)]
    type AndGroup: Kind;
}

/// A value for each row: a column.
#[derive(Debug, Clone, Copy)]
pub struct PerRow(());

/// A value for each group of rows: an aggregate.
#[derive(Debug, Clone, Copy)]
pub struct PerGroup(());

/// Both in one expression: what a group has in common beside an aggregate of it.
#[derive(Debug, Clone, Copy)]
pub struct Mixed(());

/// The same value for all rows.
#[derive(Debug, Clone, Copy)]
pub struct Constant(());

impl Kind for PerRow {
    type And<K: Kind> = K::AndRow;
    type AndRow = PerRow;
    type AndGroup = Mixed;
}

impl Kind for PerGroup {
    type And<K: Kind> = K::AndGroup;
    type AndRow = Mixed;
    type AndGroup = PerGroup;
}

impl Kind for Mixed {
    type And<K: Kind> = Mixed;
    type AndRow = Mixed;
    type AndGroup = Mixed;
}

impl Kind for Constant {
    type And<K: Kind> = K;
    type AndRow = PerRow;
    type AndGroup = PerGroup;
}

/// A selection without `group_by`: of rows, or of aggregates of all of them.
#[diagnostic::on_unimplemented(
    message = "an aggregate stands beside a column of single rows",
    label = "aggregates and columns in one selection",
    note = "say what the rows of a group have in common: `.group_by(…)` before `.select(…)`; or aggregate the rows of a \
            relation for each row: `User.posts.count()`"
)]
pub trait Plain {}

#[diagnostic::do_not_recommend]
impl Plain for PerRow {}
#[diagnostic::do_not_recommend]
impl Plain for PerGroup {}
#[diagnostic::do_not_recommend]
impl Plain for Constant {}

/// A value for each row, where rows are filtered, grouped and ordered.
#[diagnostic::on_unimplemented(
    message = "here single rows are meant, and this is no value of a single row",
    label = "an aggregate of rows, or the same for all of them",
    note = "groups are kept by `.having(…)`, after `.group_by(…)`: `.having(count().gt(5))`",
    note = "an aggregate for each row is of the rows of a relation: `User.posts.count()`"
)]
pub trait OfRows {}

#[diagnostic::do_not_recommend]
impl OfRows for PerRow {}

/// What can stand beside an expression of kind `K` in a comparison or a calculation.
#[diagnostic::on_unimplemented(
    message = "an aggregate cannot be compared with a column of single rows here",
    label = "a value for each group",
    note = "conditions on aggregates are for `having`, and begin with the aggregate: `count().gt(5)`"
)]
pub trait Within<K> {}

#[diagnostic::do_not_recommend]
impl<K: Kind> Within<K> for Constant {}
#[diagnostic::do_not_recommend]
impl Within<PerRow> for PerRow {}
#[diagnostic::do_not_recommend]
impl<K: Kind> Within<K> for PerGroup where K: Grouped {}
#[diagnostic::do_not_recommend]
impl Within<PerGroup> for PerRow {}
#[diagnostic::do_not_recommend]
impl Within<Mixed> for PerRow {}
#[diagnostic::do_not_recommend]
impl<K: Grouped> Within<K> for Mixed {}

/// Kinds that only a grouped query has.
#[doc(hidden)]
pub trait Grouped {}

impl Grouped for PerGroup {}
impl Grouped for Mixed {}
