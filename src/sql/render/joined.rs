//! The levels that are joined to a statement's own: their columns, their order, and the join itself.

use sea_query::{Condition, Expr as Sql, ExprTrait, SelectStatement, Value as SqlValue};

use super::chosen::{Chosen, Confine};
use super::rows::sort;
use super::scope::Scope;
use super::{Render, alias, column_of};
use crate::expr::Step;
use crate::plan::{Edge, Level};
use crate::schema::Link;

impl Render {
    /// Joins what the level has joined to it, each before what is below it.
    pub(super) fn joined(&mut self, select: &mut SelectStatement, scope: &mut Scope, level: &Level, at: usize) {
        for edge in level.edges.iter().filter(|edge| edge.is_joined()) {
            let alias = self.join(select, scope, edge, at);
            self.joined(select, scope, &edge.level, alias);
        }
    }

    fn join(&mut self, select: &mut SelectStatement, scope: &mut Scope, edge: &Edge, at: usize) -> usize {
        let level = &edge.level;
        let direct = matches!(edge.relation.link, Link::Direct(_));
        if direct && level.rows.filters.is_empty() && !level.is_limited() {
            // A path narrows what it shares: a second row would go unseen.
            let step = if edge.relation.is_unique() { Self::step } else { Self::own_step };
            let alias = step(self, Step::plain(edge.relation), at, scope);
            let root = std::mem::replace(&mut scope.root, alias);
            self.read(select, level, scope);
            for term in &level.rows.order {
                let by = self.expr(&term.by, scope);
                sort(select, by, term);
            }
            scope.root = root;
            return alias;
        }
        let lateral = level.is_limited() && !edge.window;
        let sources: Vec<Sql> = edge.relation.source_columns().map(|column| column_of(at, column.name)).collect();
        let (chosen, number, on);
        if lateral {
            chosen = self.choose(level, Some(edge), Confine::To(sources), None);
            number = self.next_alias(Some(level.table));
            on = Condition::all().add(Sql::Constant(SqlValue::Bool(Some(true))));
        } else {
            chosen = self.choose(level, Some(edge), Confine::Nothing, None);
            number = self.next_alias(Some(level.table));
            on = self.on_chosen(edge, &chosen, sources, number);
        }
        self.read_chosen(select, level, number);
        self.sort_chosen(select, level, &chosen, number);
        scope.join_rows(number, chosen.rows, lateral, on);
        number
    }

    fn on_chosen(&mut self, edge: &Edge, chosen: &Chosen, sources: Vec<Sql>, number: usize) -> Condition {
        let mut on = Condition::all();
        if chosen.keys.is_empty() {
            for (column, source) in edge.relation.key_columns().zip(sources) {
                on = on.add(column_of(number, column.name).eq(source));
            }
        } else {
            for (key, source) in chosen.keys.iter().zip(sources) {
                on = on.add(Sql::col((alias("t", number), key.clone())).eq(source));
            }
        }
        if edge.window { on.add(self.counted_off(&edge.level, chosen, number)) } else { on }
    }
}
