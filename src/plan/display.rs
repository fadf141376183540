//! How a plan prints: its cost, then the tree of its loads with their strategies.
//!
//! It decides nothing.

use std::fmt;

use super::{Edge, Level, Plan};
use crate::expr::{Distinct, Source};
use crate::query::Strategy;
use crate::schema::Reach;

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (statements, trips) = (self.statements(), self.round_trips());
        writeln!(
            f,
            "{}: {statements} {} in {trips} {} ({} on a fresh connection)",
            self.root.path,
            if statements == 1 { "statement" } else { "statements" },
            if trips == 1 { "round trip" } else { "round trips" },
            self.cold_round_trips(),
        )?;
        f.write_str(self.root.table.name)?;
        self.root.details(f)?;
        self.root.draw(f, "")
    }
}

impl Level {
    fn details(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.rows.source {
            Source::Table => {}
            Source::Raw { .. } => f.write_str(", from SQL of the program")?,
            Source::Set(..) => f.write_str(", of two queries")?,
        }
        if !self.rows.filters.is_empty() {
            f.write_str(", filtered")?;
        }
        if self.rows.groups.is_some() {
            f.write_str(", grouped")?;
        }
        if self.rows.distinct != Distinct::No {
            f.write_str(", distinct")?;
        }
        if !self.rows.order.is_empty() {
            f.write_str(", ordered")?;
        }
        if self.page.is_some() {
            f.write_str(", a page")?;
        } else if self.rows.limit.is_some() {
            f.write_str(", limited")?;
        }
        if self.rows.offset.is_some() {
            f.write_str(", from an offset")?;
        }
        if self.rows.lock.is_some() {
            f.write_str(", locked")?;
        }
        writeln!(f)
    }

    fn draw(&self, f: &mut fmt::Formatter<'_>, indent: &str) -> fmt::Result {
        for (at, edge) in self.edges.iter().enumerate() {
            let last = at + 1 == self.edges.len();
            write!(f, "{indent}{}{}: ", if last { "└─ " } else { "├─ " }, edge.relation.name)?;
            edge.describe(f)?;
            edge.level.details(f)?;
            edge.level.draw(f, &format!("{indent}{}", if last { "   " } else { "│  " }))?;
        }
        Ok(())
    }
}

impl Edge {
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reach = match self.relation.reach {
            Reach::One => "one of",
            Reach::MaybeOne => "maybe one of",
            Reach::Many => "many of",
        };
        write!(f, "{reach} {}", self.level.table.name)?;
        if let Some(association) = self.relation.association() {
            write!(f, " through {}", association.table)?;
        }
        let strategy = match self.strategy {
            Strategy::Joined => "joined",
            Strategy::SelectIn => "select-in",
        };
        write!(f, ", {strategy} by ")?;
        let columns = self.relation.key_columns().zip(self.relation.source_columns());
        for (at, (child, parent)) in columns.enumerate() {
            let (child, parent) = (child.name, parent.name);
            let and = if at == 0 { "" } else { " and " };
            if self.one_key || self.strategy == Strategy::Joined {
                write!(f, "{and}{child} = {parent}")?;
            } else {
                write!(f, "{and}{child} = ANY({parent})")?;
            }
        }
        if self.level.is_limited() {
            f.write_str(if self.window { ", counted off by a window" } else { ", for each parent" })?;
        }
        Ok(())
    }
}
