//! A finding, and the report of all of them.
//!
//! Data, and how it prints; what is a finding is not decided here.

use std::fmt;

/// What entities and database differ in.
///
/// The order is that of a [`Report`]: the fixes of one kind may need those of the kinds above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum FindingKind {
    /// A table is not there, or what has its name cannot be read as one. Nothing else is said of it.
    MissingTable,
    /// A column is not there. Nothing else is said of it.
    MissingColumn,
    /// The role that asked may not read a table, or columns of it.
    NotReadable,
    /// The field's Rust type cannot read the column's SQL type.
    TypeDiffers,
    /// A column can be NULL, and its field is not an `Option`.
    Nullable,
    /// Nothing keeps the entity's key unique.
    KeyNotUnique,
    /// The database has no operator that compares the columns which a relation equates.
    NotComparable,
    /// The database may hold keys of a relation equal that the client holds different.
    KeyEqualityDiffers,
    /// A relation leads to one row at most, and nothing keeps that row from being several.
    SeveralRows,
    /// No foreign key keeps a row there which a relation leads to.
    MissingForeignKey,
    /// The columns that a relation equates have types that no operator of an index compares.
    UnlikeKeys,
    /// A relation's load searches a table by columns that no index begins with.
    MissingIndex,
    /// An index finds a relation's rows, and none gives them in the relation's order.
    MissingOrderIndex,
}

impl FindingKind {
    /// How bad it is.
    pub fn severity(self) -> Severity {
        match self {
            Self::MissingTable
            | Self::MissingColumn
            | Self::NotReadable
            | Self::TypeDiffers
            | Self::Nullable
            | Self::KeyNotUnique
            | Self::NotComparable
            | Self::KeyEqualityDiffers
            | Self::SeveralRows => Severity::Error,
            Self::MissingForeignKey | Self::UnlikeKeys | Self::MissingIndex | Self::MissingOrderIndex => {
                Severity::Warning
            }
        }
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Severity {
    /// The entities say what the database does not: a load fails or gives the wrong rows, now or as soon as a row
    /// makes use of the difference.
    Error,
    /// The rows are right, and nothing guards them, or finding them is slow.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// One difference between the entities and the database.
///
/// [`Display`](fmt::Display) is its paragraph of the report: what and where in one line, and the SQL that mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    pub(super) kind: FindingKind,
    pub(super) entity: &'static str,
    pub(super) table: String,
    pub(super) columns: Vec<String>,
    pub(super) relations: Vec<String>,
    pub(super) message: String,
    pub(super) fix: Option<String>,
}

impl Finding {
    /// What it is.
    pub fn kind(&self) -> FindingKind {
        self.kind
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// The entity that is mapped to the table; for an association table that no entity is mapped to, the one that the
    /// relation starts from.
    pub fn entity(&self) -> &'static str {
        self.entity
    }

    /// The table, as the entity names it: `posts`, or `blog.posts` where the entity has a schema.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The columns of the table that it is about; for a missing index those to be indexed, in their order. Empty where
    /// it is about the whole table.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The relations that it is about: `User.posts`. Empty where it is about the entity alone.
    pub fn relations(&self) -> &[String] {
        &self.relations
    }

    /// What differs, in one line without the relations.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The SQL that mends it, without a semicolon at its end. `None` where the program has to change, or where SQL
    /// that fits every row cannot be told.
    ///
    /// It adds what is missing, and changes or removes nothing that is there. It may fail where rows contradict it.
    pub fn fix(&self) -> Option<&str> {
        self.fix.as_deref()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.severity())?;
        if !self.relations.is_empty() {
            write!(f, "{}: ", self.relations.join(", "))?;
        }
        f.write_str(&self.message)?;
        match &self.fix {
            Some(fix) => write!(f, "\n    {fix};"),
            None => Ok(()),
        }
    }
}

/// What a check found, errors first.
///
/// [`Display`](fmt::Display) has a paragraph for each finding and ends with a line that counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[must_use = "what was found is in the report"]
pub struct Report {
    entities: Vec<&'static str>,
    findings: Vec<Finding>,
}

impl Report {
    /// Orders the findings and says what is found twice once, for all relations that it concerns.
    pub(super) fn new(entities: Vec<&'static str>, found: Vec<Finding>) -> Self {
        let mut findings: Vec<Finding> = Vec::with_capacity(found.len());
        for finding in found {
            let same = |known: &&mut Finding| {
                (known.kind, &known.table, &known.columns, &known.message, &known.fix)
                    == (finding.kind, &finding.table, &finding.columns, &finding.message, &finding.fix)
            };
            match findings.iter_mut().find(same) {
                Some(known) => {
                    for relation in finding.relations {
                        if !known.relations.contains(&relation) {
                            known.relations.push(relation);
                        }
                    }
                }
                None => findings.push(finding),
            }
        }
        findings.sort_by_key(|finding| finding.kind);
        Report { entities, findings }
    }

    /// The findings, in the order in which their fixes can be executed.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Those that are errors.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity() == Severity::Error)
    }

    /// Those that are warnings.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity() == Severity::Warning)
    }

    /// Whether there is no finding.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The entities that were checked: those given, and those that they lead to.
    pub fn entities(&self) -> &[&'static str] {
        &self.entities
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            write!(f, "{finding}\n\n")?;
        }
        let counted =
            |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
        let entities = counted(self.entities.len(), "entity", "entities");
        let (errors, warnings) = (self.errors().count(), self.warnings().count());
        match (errors, warnings) {
            (0, 0) => write!(f, "{entities}: nothing found"),
            (_, 0) => write!(f, "{entities}: {}", counted(errors, "error", "errors")),
            (0, _) => write!(f, "{entities}: {}", counted(warnings, "warning", "warnings")),
            _ => {
                let (errors, warnings) = (counted(errors, "error", "errors"), counted(warnings, "warning", "warnings"));
                write!(f, "{entities}: {errors}, {warnings}")
            }
        }
    }
}
